// Requests to one BMC for one operation: within its deadline, with its login, and nowhere else.
import { type Dispatcher, request } from 'undici';
import { PowerError, type PowerTarget } from './power.ts';

const defaultBaseUrl = 'https://{address}';
const defaultDeadlineMs = 10_000;
/** A system resource is some ten kilobytes. */
const maxAnswerBytes = 2 ** 20;

export interface RedfishOptions {
  /** Base URL of a BMC with `{address}` in the place of its address; `https://{address}` unless given. */
  readonly baseUrl?: string;
  /** For HTTP basic authentication; none unless given. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** For one operation with all its requests; 10 s unless given. */
  readonly deadlineMs?: number;
  /** How to connect; undici's global one unless given. */
  readonly dispatcher?: Dispatcher;
}

export interface RedfishConnection {
  /** Link of the service root; all others are found from there. */
  readonly root: string;
  /** @param link as the BMC gives it in @odata.id */
  get(link: string): Promise<unknown>;
  post(link: string, body: unknown): Promise<void>;
}

/** The deadline begins to run now. Both methods reject with {@link PowerError}, or the caller's reason to abort. */
export function redfishConnection(
  target: PowerTarget,
  options: RedfishOptions,
  signal: AbortSignal | undefined,
): RedfishConnection {
  const base = new URL((options.baseUrl ?? defaultBaseUrl).replace('{address}', target.bmc.address));
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const deadline = AbortSignal.timeout(deadlineMs);
  const stop = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  const headers: Record<string, string> = { accept: 'application/json', 'odata-version': '4.0' };
  if (options.credentials !== undefined) headers.authorization = basicAuthorization(options.credentials);

  async function exchange(method: 'GET' | 'POST', link: string, body?: unknown): Promise<string> {
    const url = resolve(link);
    try {
      const answer = await request(url, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: stop,
        ...(options.dispatcher === undefined ? {} : { dispatcher: options.dispatcher }),
      });
      const text = await readText(answer.body, target);
      if (answer.statusCode >= 200 && answer.statusCode < 300) return text;
      throw refusal(answer.statusCode, text, `${method} ${url.pathname}`);
    } catch (error) {
      if (error instanceof PowerError) throw error;
      signal?.throwIfAborted();
      const reason = deadline.aborted ? `no answer within ${deadlineMs} ms` : describe(error);
      throw new PowerError('POWER_UNREACHABLE', target, `${method} ${url.pathname}: ${reason}`);
    }
  }

  /** Links are followed only where the login may be shown. */
  function resolve(link: string): URL {
    const url = URL.canParse(link, base.href) ? new URL(link, base) : null;
    if (url?.origin !== base.origin) throw new PowerError('POWER_BAD_ANSWER', target, `it links to ${link}`);
    return url;
  }

  function refusal(status: number, text: string, what: string): PowerError {
    const code = status === 401 || status === 403 ? 'POWER_UNAUTHORIZED' : 'POWER_REFUSED';
    return new PowerError(code, target, `${what}: ${status} ${explanation(text)}`.trimEnd());
  }

  return {
    root: `${base.pathname.replace(/\/$/, '')}/redfish/v1/`,
    get: async (link) => {
      const text = await exchange('GET', link);
      try {
        return JSON.parse(text);
      } catch {
        throw new PowerError('POWER_BAD_ANSWER', target, `GET ${link} is answered by something that is no JSON`);
      }
    },
    post: async (link, body) => {
      await exchange('POST', link, body);
    },
  };
}

async function readText(body: Dispatcher.ResponseData['body'], target: PowerTarget): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxAnswerBytes) {
      throw new PowerError('POWER_BAD_ANSWER', target, `an answer has more than ${maxAnswerBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What the BMC says of an error, in its own words (DSP0266, error responses); nothing when it says it in another way. */
function explanation(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return '';
  }
  const error = member(body, 'error');
  const extended = member(error, '@Message.ExtendedInfo');
  const messages = (Array.isArray(extended) ? extended : [error]).map(
    (info) => member(info, 'Message') ?? member(info, 'message'),
  );
  return messages
    .filter((message) => typeof message === 'string')
    .join(' ')
    .slice(0, 500);
}

/** A member of a JSON object; undefined when there is none, or no object. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function basicAuthorization(credentials: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64')}`;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  return `${code}${error.message}`;
}
