// A TCP proxy on loopback that stands between a client and a server and breaks what passes between them.
import { once } from 'node:events';
import net from 'node:net';

/**
 * - `pass`: all is well
 * - `refuse`: connections are cut and no new one is let in
 * - `freeze`: connections stay open, and nothing passes either way: a cable that was pulled
 * - `swallow`: requests arrive, replies are lost
 */
export type ProxyMode = 'pass' | 'refuse' | 'freeze' | 'swallow';

interface Pair {
  readonly client: net.Socket;
  readonly server: net.Socket;
}

export class TcpProxy {
  /** How many connections were not let in. */
  refusals = 0;
  /** How long each piece of a reply is kept back: a request has had its effect well before the client knows. */
  replyDelayMs = 0;
  readonly #listener: net.Server;
  readonly #pairs = new Set<Pair>();
  readonly #targetPort: number;
  #mode: ProxyMode = 'pass';
  #cuts: number[] = [];

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    proxy.#listener.listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#listener = net.createServer((client) => this.#join(client));
  }

  get url(): string {
    const address = this.#listener.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  set mode(mode: ProxyMode) {
    this.#mode = mode;
    if (mode === 'refuse') this.cut();
    for (const { client, server } of this.#pairs) {
      for (const socket of [client, server]) mode === 'freeze' ? socket.pause() : socket.resume();
    }
  }

  /** Drop all connections; new ones are let in. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Drop all connections each time when so many more bytes of replies have passed. */
  cutAfter(...replyBytes: readonly number[]): void {
    this.#cuts = [...replyBytes];
  }

  /** How many of the cuts that were asked for are still to come. */
  get cutsLeft(): number {
    return this.#cuts.length;
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #join(client: net.Socket): void {
    if (this.#mode === 'refuse') {
      this.refusals++;
      client.destroy();
      return;
    }
    const server = net.connect(this.#targetPort, '127.0.0.1');
    const pair = { client, server };
    this.#pairs.add(pair);
    client.on('data', (request) => server.write(request));
    server.on('data', (reply) => {
      if (this.#mode !== 'swallow') this.#hand(reply, client);
      this.#countReply(reply.length);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => {}); // A cut is reported here, and is what this proxy is for.
      socket.on('close', () => {
        other.destroy();
        this.#pairs.delete(pair);
      });
      if (this.#mode === 'freeze') socket.pause();
    }
  }

  #hand(reply: Buffer, client: net.Socket): void {
    if (this.replyDelayMs === 0) client.write(reply);
    else setTimeout(() => client.destroyed || client.write(reply), this.replyDelayMs);
  }

  #countReply(bytes: number): void {
    const [left] = this.#cuts;
    if (left === undefined) return;
    this.#cuts[0] = left - bytes;
    if (left > bytes) return;
    this.#cuts.shift();
    this.cut();
  }
}
