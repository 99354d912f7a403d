// What can go wrong with GitHub, sorted by what is to be done about it.

/** Why GitHub did not do what it was asked. */
export type Trouble =
  /** The token may not do it (as on a fork's pull request), or may not see what it is about. */
  | { readonly kind: 'not-permitted'; readonly message: string }
  /** Too many requests: it may be asked again after a while. */
  | { readonly kind: 'rate-limited'; readonly message: string; readonly retryAfterSeconds: number }
  /** GitHub understood and declined: the same request will be declined again. */
  | { readonly kind: 'declined'; readonly message: string }
  /** No answer, or one that leaves open whether it was done. */
  | { readonly kind: 'unavailable'; readonly message: string }
  /** Our deadline passed, or we are stopping. */
  | { readonly kind: 'aborted'; readonly message: string };

/** The members that Octokit's RequestError has: its class is not loaded for the sake of an `instanceof`. */
interface RequestFailure {
  readonly status: number;
  readonly message: string;
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

/** GitHub asks for at least a minute where it does not say how long. */
const defaultRetrySeconds = 60;
/** Its limits are per hour; a clock that is wrong must not make us wait for longer. */
const maxRetrySeconds = 3600;

/** @param nowMs milliseconds since 1970, to which the end of a rate limit is relative */
export function troubleOf(error: unknown, nowMs: number): Trouble {
  if (error instanceof Error && error.name === 'AbortError') {
    return { kind: 'aborted', message: 'GitHub did not answer before the deadline' };
  }
  if (!isRequestFailure(error)) {
    // What a proxy answers in GitHub's place can have any shape, and break whatever reads it.
    return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
  }
  // An error without an answer has a status, too, but not GitHub's.
  const { status, response } = error;
  const message = response ? `${error.message} (${status})` : error.message;
  if (isRateLimit(error)) return { kind: 'rate-limited', message, retryAfterSeconds: retryAfterSeconds(error, nowMs) };
  if (status === 401 || status === 403 || status === 404) return { kind: 'not-permitted', message };
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'declined', message };
  return { kind: 'unavailable', message };
}

function isRequestFailure(error: unknown): error is RequestFailure {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

function isRateLimit({ status, message, response }: RequestFailure): boolean {
  if (status === 429) return true;
  return status === 403 && (response?.headers['x-ratelimit-remaining'] === '0' || /\brate limit\b/i.test(message));
}

function retryAfterSeconds({ response }: RequestFailure, nowMs: number): number {
  const after = Number(response?.headers['retry-after']);
  const reset = Number(response?.headers['x-ratelimit-reset']);
  const seconds = after > 0 ? after : reset > 0 ? Math.ceil(reset - nowMs / 1000) + 1 : defaultRetrySeconds;
  return Math.min(Math.max(1, seconds), maxRetrySeconds);
}
