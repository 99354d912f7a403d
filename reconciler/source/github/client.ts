// GitHub's REST API: an Octokit that waits where GitHub asks it to, gives up in time, and finds its way through a proxy.
//
// Loading this file takes long (Octokit and undici come with it): whoever may need it imports it when it does.
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import Bottleneck from 'bottleneck';
import { EnvHttpProxyAgent, type RequestInit, fetch as undiciFetch } from 'undici';
import packageFile from '../../../package.json' with { type: 'json' };
import { Bell } from '../../../schema/bell.ts';
import type { GitHub } from './api.ts';
import { troubleOf } from './trouble.ts';

export interface GitHubOptions {
  /** `https://api.github.com`; on an Enterprise Server `https://<host>/api/v3`. Actions has it in GITHUB_API_URL. */
  readonly apiUrl: string;
  readonly token: string;
  /**
   * How long all of it may take, in seconds from now. Until then rate limits are waited for and errors tried again;
   * then whatever is under way is aborted. Null for who comes back by itself: nothing is waited for or tried again.
   */
  readonly deadlineSeconds: number | null;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of each wait. */
  readonly onWait?: (why: string) => void;
  /** Ends all requests and waits. */
  readonly signal?: AbortSignal;
  /** What a second of waiting lasts; tests make it short. */
  readonly secondMs?: number;
}

const apiVersion = '2022-11-28';
const connectTimeoutMs = 10_000;
/** How long GitHub may be silent. */
const idleTimeoutMs = 30_000;
const maxRetries = 3;
const maxRateLimitWaits = 5;
/** GitHub asks writers to leave a second between two requests, and more between those that notify people. */
const writePaceSeconds = 1;
const notificationPaceSeconds = 3;

const PatientOctokit = Octokit.plugin(retry, throttling);

/** Nothing is asked of GitHub yet. @throws when the URL of the proxy is none */
export function connectGitHub(options: GitHubOptions): GitHub {
  const { apiUrl, token, deadlineSeconds, environment, onWait = () => {}, secondMs = 1000 } = options;
  const startedMs = performance.now();
  const dispatcher = new EnvHttpProxyAgent({ ...proxies(environment), ...timeouts });
  const { signal, end } = lifetime(options, secondMs);
  const retries = deadlineSeconds === null ? 0 : maxRetries;

  const waitsForLimit = (what: string) => (seconds: number, _request: unknown, _octokit: unknown, waited: number) => {
    if (deadlineSeconds === null || waited >= maxRateLimitWaits) return false;
    if ((performance.now() - startedMs) / secondMs + seconds > deadlineSeconds) return false;
    onWait(`GitHub's ${what} is reached: going on in ${seconds} s`);
    return true;
  };
  const octokit = new PatientOctokit({
    auth: token,
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent: `berth/${packageFile.version}`,
    log: silent,
    request: { fetch: (url: string, init: RequestInit) => undiciFetch(url, { ...init, dispatcher, signal }) },
    // 429 is a rate limit, and asking again at once makes it last longer: that is the throttling plugin's.
    retry: { retries, retryAfterBaseValue: secondMs, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
    throttle: {
      retryAfterBaseValue: secondMs,
      onRateLimit: waitsForLimit('rate limit'),
      onSecondaryRateLimit: waitsForLimit('secondary rate limit'),
      // The plugin's own are shared by all clients of the process.
      write: pace(writePaceSeconds * secondMs),
      notifications: pace(notificationPaceSeconds * secondMs),
    },
  });
  octokit.hook.before('request', (request) => {
    request.headers['x-github-api-version'] = apiVersion;
  });
  // The outermost hook: the plugins' waits know no signal.
  octokit.hook.wrap('request', (request, parameters) => orAborted(signal, async () => request(parameters)));

  return {
    api: octokit.rest,
    paginate: octokit.paginate,
    persist: async (work) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await work();
        } catch (error) {
          const { kind, message } = troubleOf(error, Date.now());
          if (kind !== 'unavailable' || attempt > retries) throw error;
          onWait(`GitHub is unavailable: trying again in ${attempt ** 2} s (${message})`);
          await new Bell().wait(signal, attempt ** 2 * secondMs);
        }
      }
    },
    close: async () => {
      end();
      await dispatcher.destroy();
    },
  };
}

/** A group of one, which is all that the plugin asks for: Bottleneck's own groups keep a timer for good. */
function pace(minTime: number): Bottleneck.Group {
  const limiter = new Bottleneck({ maxConcurrent: 1, minTime });
  return { key: () => limiter } as unknown as Bottleneck.Group;
}

/** A signal that aborts at the deadline, with the caller's, or when `end` is called. */
function lifetime(
  options: GitHubOptions,
  secondMs: number,
): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  // Aborted without a reason, so that it shows as an AbortError, which the plugins leave alone.
  const abort = (): void => controller.abort();
  const { deadlineSeconds, signal } = options;
  const timer = deadlineSeconds === null ? undefined : setTimeout(abort, deadlineSeconds * secondMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const end = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    abort();
  };
  return { signal: controller.signal, end };
}

const timeouts = {
  connect: { timeout: connectTimeoutMs },
  headersTimeout: idleTimeoutMs,
  bodyTimeout: idleTimeoutMs,
} as const;

/** Empty where there is none: undici would look in the process's own environment. */
function proxies(environment: GitHubOptions['environment']): Record<'httpProxy' | 'httpsProxy' | 'noProxy', string> {
  const named = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  return { httpProxy: named('HTTP_PROXY'), httpsProxy: named('HTTPS_PROXY'), noProxy: named('NO_PROXY') };
}

async function orAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw aborted();
  let onAbort = (): void => {};
  const end = new Promise<never>((_, reject) => {
    onAbort = () => reject(aborted());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work(), end]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function aborted(): DOMException {
  return new DOMException('aborted', 'AbortError');
}

const nothing = (): void => {};
/** Octokit would print what its callers handle. */
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
