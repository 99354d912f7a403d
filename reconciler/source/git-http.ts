// HTTP as Git speaks it, on undici: through proxies, to servers with certificates of one's own, within time limits, and
// with credentials that go to one server only.
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent, ProxyAgent, request } from 'undici';
import { RepositoryError } from './repository-error.ts';

export type GitCredentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

export interface GitHttpOptions {
  readonly signal: AbortSignal;
  /** Sent to where the first request goes, and to no other host, port or scheme. */
  readonly credentials?: GitCredentials;
  /** An http or https URL, with a user and password if need be. Else the environment says (HTTPS_PROXY, NO_PROXY …). */
  readonly proxy?: string;
  /** Certificates to trust beside those that Node.js trusts: PEM, one or more. */
  readonly ca?: Uint8Array;
  readonly connectTimeoutMs: number;
  /** How long the server may be silent. */
  readonly idleTimeoutMs: number;
}

export interface GitHttp {
  /** Redirects are followed. */
  get(url: string): Promise<GitAnswer>;
  /** Redirects are not followed, as in Git: the answer to the first request has settled where to go. */
  post(url: string, contentType: string, body: Uint8Array): Promise<GitAnswer>;
}

export interface GitAnswer {
  /** What has answered, after all redirects. */
  readonly url: string;
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

const maxRedirects = 5;

/** Do some work with an HTTP client of its own; its connections are gone when the work is done. */
export async function withGitHttp<T>(options: GitHttpOptions, work: (http: GitHttp) => Promise<T>): Promise<T> {
  const agent = agentFor(options);
  const client = new Client(options, agent);
  try {
    return await work(client);
  } finally {
    await agent.destroy();
  }
}

class Client implements GitHttp {
  /** Where the credentials go. */
  #home: string | null = null;

  constructor(
    private readonly options: GitHttpOptions,
    private readonly agent: Dispatcher,
  ) {}

  async get(url: string): Promise<GitAnswer> {
    let at = url;
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const answer = await this.exchange(at, { method: 'GET' });
      const location = redirectOf(answer);
      if (location === null) return accepted(at, answer);
      await answer.body.dump();
      at = redirected(at, location);
    }
    throw new RepositoryError('server-error', `${hostOf(url)} redirects more than ${maxRedirects} times`);
  }

  async post(url: string, contentType: string, body: Uint8Array): Promise<GitAnswer> {
    return accepted(url, await this.exchange(url, { method: 'POST', body, headers: { 'content-type': contentType } }));
  }

  private async exchange(url: string, query: Query): Promise<Dispatcher.ResponseData> {
    const { origin } = new URL(url);
    this.#home ??= origin;
    const credentials = origin === this.#home ? authorization(this.options.credentials) : {};
    // GitHub and others give a page for people to those who are not git.
    const headers = { 'user-agent': 'git/berth', ...query.headers, ...credentials };
    try {
      return await request(url, { ...query, headers, dispatcher: this.agent, signal: this.options.signal });
    } catch (error) {
      throw unreachable(url, error);
    }
  }
}

interface Query {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** @throws {RepositoryError} `bad-url` */
function agentFor(options: GitHttpOptions): Dispatcher {
  const { connectTimeoutMs, idleTimeoutMs, ca, proxy } = options;
  const tls = { timeout: connectTimeoutMs, ...(ca ? { ca: [...rootCertificates, ...certificates(ca)] } : {}) };
  const timeouts = { headersTimeout: idleTimeoutMs, bodyTimeout: idleTimeoutMs };
  const agentOptions = { ...timeouts, connect: tls, requestTls: tls, proxyTls: tls };
  if (proxy !== undefined) return new ProxyAgent({ ...agentOptions, uri: proxy });
  try {
    return new EnvHttpProxyAgent({ ...agentOptions, noProxy: unproxied() });
  } catch (error) {
    throw new RepositoryError('bad-url', 'the proxy that the environment names is no http or https URL', {
      cause: error,
    });
  }
}

/** Hosts to which no proxy of the environment leads: those that NO_PROXY names, and this machine, as in most programs. */
function unproxied(): string {
  const named = process.env.no_proxy ?? process.env.NO_PROXY ?? '';
  return named === '*' ? named : `${named},localhost,127.0.0.1,[::1]`;
}

/**
 * The certificates of a PEM file.
 * @throws {RepositoryError} `bad-url` when there is none, or one that cannot be read
 */
export function certificates(pem: Uint8Array): string[] {
  const found = Buffer.from(pem)
    .toString('latin1')
    .match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (!found) throw new RepositoryError('bad-url', 'the file of certificates holds none in PEM form');
  try {
    for (const certificate of found) new X509Certificate(certificate);
  } catch (error) {
    throw new RepositoryError('bad-url', 'the file of certificates holds one that cannot be read', { cause: error });
  }
  return found;
}

function authorization(credentials: GitCredentials | undefined): Record<string, string> {
  switch (credentials?.kind) {
    case undefined:
      return {};
    case 'bearer':
      return { authorization: `Bearer ${credentials.token}` };
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`);
      return { authorization: `Basic ${pair.toString('base64')}` };
    }
  }
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData): string | null {
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
  return isRedirect && typeof headers.location === 'string' ? headers.location : null;
}

function redirected(from: string, location: string): string {
  const to = URL.canParse(location, from) ? new URL(location, from) : null;
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:') {
    throw new RepositoryError('server-error', `${hostOf(from)} redirects to what is no http or https URL`);
  }
  if (to.protocol === 'http:' && from.startsWith('https:')) {
    throw new RepositoryError('server-error', `${hostOf(from)} redirects from https to http, which is not followed`);
  }
  return to.href;
}

/** @throws {RepositoryError} unless the server says that all is well */
function accepted(url: string, { statusCode: status, headers, body }: Dispatcher.ResponseData): GitAnswer {
  if (status === 200) return { url, contentType: String(headers['content-type'] ?? ''), body: read(body, url) };
  body.on('error', () => undefined).destroy();
  const host = hostOf(url);
  if (status === 401 || status === 403) {
    throw new RepositoryError('access-denied', `${host} refuses access (HTTP ${status})`);
  }
  if (status === 404) throw new RepositoryError('no-repository', `${host} knows no such repository (HTTP 404)`);
  throw new RepositoryError('server-error', `${host} answers with HTTP ${status}`);
}

async function* read(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unreachable(url, error);
  }
}

function unreachable(url: string, error: unknown): RepositoryError {
  const reason = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
  return new RepositoryError('unreachable', `${hostOf(url)} gives no answer: ${reason}`, { cause: error });
}

function hostOf(url: string): string {
  return new URL(url).host;
}
