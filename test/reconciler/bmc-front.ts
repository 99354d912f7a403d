// What stands between agents and the BMCs of the stand-ins: it sees every request, and can hold or lose any.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';

export interface BmcRequest {
  readonly method: string;
  /** Of the machine that hangs on it. */
  readonly serial: string;
  readonly path: string;
  /** Of a reset: how; else null. */
  readonly reset: string | null;
}

/** Lose the request, and nothing happens; lose the answer, and only the caller does not know. */
export type BmcFate = 'pass' | 'lose-request' | 'lose-answer';

export class BmcFront {
  /** Resets that reached their machine, as `ForceRestart FQ7K2D3`. */
  readonly resets: string[] = [];
  /** Asked of every request; it is held until the answer. */
  intercept: (request: BmcRequest) => BmcFate | Promise<BmcFate> = () => 'pass';
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy());
  });

  private constructor(
    private readonly template: string,
    private readonly serials: ReadonlyMap<string, string>,
  ) {}

  /** @param template URL of the real BMCs, with `{address}` @param serials by the address of their BMC */
  static async start(template: string, serials: ReadonlyMap<string, string>): Promise<BmcFront> {
    const front = new BmcFront(template, serials);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/{address}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = asked;
    const chunks: Buffer[] = [];
    for await (const chunk of asked as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const [, address = '', path = ''] = /^\/([^/]*)(.*)$/.exec(url) ?? [];
    const serial = this.serials.get(address) ?? '';
    const reset = method === 'POST' ? String((JSON.parse(body) as { ResetType?: unknown }).ResetType) : null;
    const fate = await this.intercept({ method, serial, path, reset });
    if (fate === 'lose-request') return void response.destroy();
    if (reset !== null) this.resets.push(`${reset} ${serial}`);
    const real = await request(this.template.replace('{address}', address) + path, {
      method: method as 'GET' | 'POST',
      headers: { 'content-type': 'application/json' },
      body: body === '' ? null : body,
    });
    const answer = await real.body.text();
    if (fate === 'lose-answer') return void response.destroy();
    response.writeHead(real.statusCode, { 'content-type': 'application/json' }).end(answer);
  }
}
