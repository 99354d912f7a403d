// HTTP as firmware, iPXE and Ignition speak it: one connection that is kept, no redirects, no surprises.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { BootFailure } from './boot-failure.ts';

/** Texts are small; an endless one is cut off. */
const maxTextBytes = 16 * 2 ** 20;

/** `/assets/<sha256>/<name>`: the digest in the path is what the bytes have to have. */
const assetPath = /^\/assets\/([0-9a-f]{64})\/[^/]+$/;

export interface BootHttpOptions {
  /** Headers of every request, in order, after Host. */
  readonly headers: Readonly<Record<string, string>>;
  /** A server that is silent for this long is given up. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

export interface AssetHead {
  readonly sizeBytes: number;
  readonly contentType: string | null;
}

/** Make a connection for some work, and close it whatever comes of that. */
export async function withBootHttp<T>(options: BootHttpOptions, use: (http: BootHttp) => Promise<T>): Promise<T> {
  const http = new BootHttp(options);
  try {
    return await use(http);
  } finally {
    http.close();
  }
}

/** One client's connection. Every method throws {@link BootFailure}, or the signal's reason when it aborts. */
export class BootHttp {
  readonly #options: BootHttpOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #connection: Socket | null = null;

  constructor(options: BootHttpOptions) {
    this.#options = options;
  }

  /** Ask for size and type of a file, as UEFI does before it loads one (UEFI 2.10 §24.7). */
  async head(url: string): Promise<AssetHead> {
    const response = await this.#exchange('HEAD', url);
    response.resume();
    await this.#ended(response, url);
    return { sizeBytes: contentLength(response, url), contentType: response.headers['content-type'] ?? null };
  }

  /**
   * Load a pinned file and check it against the digest in its URL.
   * @param expected what HEAD had promised, when there was one: the GET has to come over the same connection
   * @returns its size in bytes
   */
  async getAsset(url: string, expected?: AssetHead): Promise<number> {
    const digest = assetPath.exec(parseHttpUrl(url).pathname)?.[1];
    if (digest === undefined) throw new BootFailure('URL_UNSUPPORTED', `${url} is not /assets/<sha256>/<name>`);
    const connectionBefore = this.#connection;
    const response = await this.#exchange('GET', url);
    const sizeBytes = contentLength(response, url);
    if (expected !== undefined && sizeBytes !== expected.sizeBytes) {
      throw new BootFailure('HTTP_UNSUPPORTED', `${url}: ${expected.sizeBytes} bytes by HEAD, ${sizeBytes} by GET`);
    }
    if (expected !== undefined && this.#connection !== connectionBefore) {
      // EDK2 does not go on when a server closes after each answer.
      throw new BootFailure('HTTP_UNSUPPORTED', `${url}: the connection was closed between HEAD and GET`);
    }
    const hash = createHash('sha256');
    response.on('data', (chunk: Buffer) => hash.update(chunk));
    await this.#ended(response, url);
    const found = hash.digest('hex');
    if (found !== digest) throw new BootFailure('DIGEST_MISMATCH', `${url}: its bytes have the digest ${found}`);
    return sizeBytes;
  }

  /** Load a text in UTF-8. */
  async getText(url: string): Promise<string> {
    const response = await this.#exchange('GET', url);
    return this.#text(response, url);
  }

  /** Post JSON; any answer but 2xx is a failure. */
  async postJson(url: string, value: unknown): Promise<void> {
    const response = await this.#exchange('POST', url, JSON.stringify(value));
    await this.#text(response, url);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #exchange(method: string, url: string, body?: string): Promise<IncomingMessage> {
    const { headers, idleMs, signal } = this.#options;
    const target = parseHttpUrl(url);
    const sent = request(target, {
      method,
      agent: this.#agent,
      signal,
      headers: { Host: target.host, ...headers, ...(body === undefined ? {} : bodyHeaders(body)) },
    });
    // HTTP/1.1 keeps connections by default, and firmware does not send this header.
    sent.removeHeader('Connection');
    sent.setTimeout(idleMs, () => sent.destroy(new Error(`silent for ${idleMs} ms`)));
    // Once there is a response, it reports what goes wrong; the request then says it a second time.
    sent.on('error', () => {});
    sent.end(body);
    const [response]: IncomingMessage[] = await this.#attempt(once(sent, 'response'), url);
    if (response === undefined) throw new TypeError('a response event came without a response');
    this.#connection = response.socket;
    const status = response.statusCode ?? 0;
    const accepted = body === undefined ? status === 200 : status >= 200 && status < 300;
    if (!accepted) {
      const code = status >= 300 && status < 400 ? 'HTTP_REDIRECT' : 'HTTP_STATUS';
      const explanation = (await this.#text(response, url)).slice(0, 200);
      throw new BootFailure(code, `${method} ${url}: ${status} ${explanation}`.trimEnd(), status);
    }
    return response;
  }

  async #text(response: IncomingMessage, url: string): Promise<string> {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    response.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxTextBytes) response.destroy(new Error(`more than ${maxTextBytes} bytes`));
      else chunks.push(chunk);
    });
    await this.#ended(response, url);
    return Buffer.concat(chunks).toString('utf8');
  }

  async #ended(response: IncomingMessage, url: string): Promise<void> {
    await this.#attempt(finished(response), url);
  }

  /** Turn what the network does into a failure of this boot, but a power-off into just that. */
  async #attempt<T>(work: Promise<T>, url: string): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      throw new BootFailure('HTTP_UNREACHABLE', `${url}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function bodyHeaders(body: string): Record<string, string> {
  return { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) };
}

function parseHttpUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== 'http:') throw new BootFailure('URL_UNSUPPORTED', `${url} is no http URL`);
  return parsed;
}

/** Firmware makes room for a file before it loads it, so the length has to be known, and no coding in the way. */
function contentLength(response: IncomingMessage, url: string): number {
  const { 'content-length': length, 'transfer-encoding': transfer, 'content-encoding': content } = response.headers;
  if (transfer !== undefined || content !== undefined) {
    throw new BootFailure('HTTP_UNSUPPORTED', `${url}: the answer is encoded (${transfer ?? content})`);
  }
  if (length === undefined) throw new BootFailure('HTTP_UNSUPPORTED', `${url}: Content-Length is missing`);
  return Number(length);
}
