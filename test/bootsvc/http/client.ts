// An HTTP client that sends paths and headers just as they are given, over one connection that it keeps.
import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The client's port: the same for answers that came over one connection. */
  readonly clientPort: number | undefined;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
    const sent = request({ host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const clientPort = response.socket.localPort;
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const { statusCode: status = 0, headers: answered } = response;
    return { status, headers: answered, body: bytes, text: bytes.toString(), clientPort };
  }

  async json(path: string): Promise<unknown> {
    return JSON.parse((await this.ask(path)).text);
  }

  close(): void {
    this.#agent.destroy();
  }
}
