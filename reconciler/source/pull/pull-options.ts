// What a site repo is pulled from, and within which limits.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GitCredentials } from '../git-http.ts';
import { type PackLimits, packLimits } from '../pack/limits.ts';
import { RepositoryError } from '../repository-error.ts';
import type { ApprovalLimits } from './approval-tags.ts';
import type { RefLimits } from './upload-pack.ts';

export interface RemoteOptions {
  /** An http or https URL without credentials, or the path (or file: URL) of a bundle, `….bundle`. */
  readonly url: string;
  /** Sent to the host of this URL, and to nobody else. */
  readonly credentials?: GitCredentials;
  /** URL of an HTTP proxy; else the environment says: HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  readonly proxy?: string;
  /** Certificates to trust beside the usual ones, PEM. */
  readonly ca?: Uint8Array;
}

export interface PullLimits extends PackLimits, RefLimits, ApprovalLimits {
  readonly connectTimeoutMs: number;
  /** How long a server may be silent. */
  readonly idleTimeoutMs: number;
  /** How long it may take to pull from one source. */
  readonly totalTimeoutMs: number;
}

export const pullLimits: PullLimits = {
  ...packLimits,
  maxRefs: 5_000,
  maxRefsBytes: 16 << 20,
  maxApprovals: 20_000,
  maxApprovalsOfCommit: 100,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 120_000,
  totalTimeoutMs: 15 * 60_000,
};

/**
 * The path when a source is a bundle, null when it is a URL.
 * @throws {RepositoryError} `bad-url` when it is neither
 */
export function bundlePath(url: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && URL.canParse(url)) return bundleOfUrl(new URL(url));
  if (url.endsWith('.bundle') && !/^[^/]*:/.test(url)) return path.resolve(url);
  throw notAUrl();
}

function bundleOfUrl(url: URL): string | null {
  if (url.protocol === 'file:') return bundlePath(fileURLToPath(url));
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw notAUrl();
  }
  if (url.username !== '' || url.password !== '') {
    throw new RepositoryError('bad-url', 'credentials do not belong into a URL, where logs would show them');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new RepositoryError('bad-url', 'the URL of a repository has neither ? nor #');
  }
  return null;
}

/** @throws {RepositoryError} `bad-url` */
export function checkProxy(proxy: string): void {
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : null;
  if (protocol === 'http:' || protocol === 'https:') return;
  throw new RepositoryError('bad-url', 'a proxy is named by an http or https URL');
}

/**
 * The sources that an operator names in order. The token goes to those on the same scheme, host and port as the first
 * one that is a URL: another host's mirror has no business with it.
 */
export function remotesOf(
  urls: readonly string[],
  common: Pick<RemoteOptions, 'proxy' | 'ca' | 'credentials'>,
): RemoteOptions[] {
  const { credentials, ...others } = common;
  const origins = urls.map((url) => (bundlePath(url) === null ? new URL(url).origin : null));
  const home = origins.find((origin) => origin !== null);
  return urls.map((url, number) => {
    const isHome = credentials !== undefined && home !== undefined && origins[number] === home;
    return { url, ...others, ...(isHome ? { credentials } : {}) };
  });
}

function notAUrl(): RepositoryError {
  return new RepositoryError('bad-url', 'a site repo is fetched from an http or https URL, or from a file *.bundle');
}
