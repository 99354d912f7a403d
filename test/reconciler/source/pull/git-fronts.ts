// What stands between a site repo and its Git host in the tests: servers that pass on, count, change, redirect or demand
// passwords, with and without TLS, and an HTTP proxy.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  /** Of the answer's body. */
  answerBytes: number;
}

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Of the authority that vouches for it, PEM. */
  readonly ca: Buffer;
}

/** An authority of our own, and a certificate of its for 127.0.0.1 and git.test. */
export function makeCertificate(folder: string): Certificate {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA');
  openssl('req', ...ec.slice(0, -2), '-keyout', 'host.key', '-out', 'host.csr', '-subj', '/CN=127.0.0.1');
  execFileSync('sh', ['-c', 'echo subjectAltName=IP:127.0.0.1,DNS:git.test > host.ext'], { cwd: folder });
  const from = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'host.ext', '-days', '2'];
  openssl('x509', '-req', '-in', 'host.csr', ...from, '-out', 'host.pem');
  const [key, cert, ca] = ['host.key', 'host.pem', 'ca.pem'].map((name) => readFileSync(join(folder, name)));
  if (!key || !cert || !ca) throw new Error('openssl made no certificate');
  return { key, cert, ca };
}

/** Servers of a test file; whoever makes them closes them. */
export class GitFronts {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();

  async serve(listener: RequestListener, certificate?: Certificate): Promise<string> {
    const server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
    const port = await this.listen(server);
    return `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
  }

  /** Pass everything on to another host; what was asked is written down. */
  async pass(
    to: string,
    options: { change?: (answer: Buffer, request: IncomingMessage) => Buffer; certificate?: Certificate } = {},
  ): Promise<{ readonly url: string; readonly seen: Seen[] }> {
    const seen: Seen[] = [];
    const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { method = '', url = '', headers } = request;
      const entry: Seen = { method, url, authorization: headers.authorization, answerBytes: 0 };
      seen.push(entry);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const query = { method, body: Buffer.concat(chunks), headers: { 'content-type': headers['content-type'] ?? '' } };
      const upstream = await fetch(to + url, method === 'POST' ? query : {});
      const answer = Buffer.from(await upstream.arrayBuffer());
      const changed = options.change ? options.change(answer, request) : answer;
      entry.answerBytes = changed.length;
      response.writeHead(upstream.status, { 'content-type': upstream.headers.get('content-type') ?? '' }).end(changed);
    };
    const url = await this.serve((request, response) => {
      listener(request, response).catch(() => response.destroy());
    }, options.certificate);
    return { url, seen };
  }

  /**
   * A proxy that makes tunnels (RFC 9110 §9.3.6).
   * @param options password: who does not give it is turned away; to: where all tunnels end, whatever is asked for
   */
  async proxy(
    options: { password?: string; to?: string } = {},
  ): Promise<{ readonly url: string; readonly tunnels: string[] }> {
    const tunnels: string[] = [];
    const server = createServer((_, response) => response.writeHead(405).end());
    const { password, to } = options;
    const expected = password === undefined ? undefined : `Basic ${Buffer.from(password).toString('base64')}`;
    server.on('connect', (request: IncomingMessage, client: Socket) => {
      if (expected !== undefined && request.headers['proxy-authorization'] !== expected) {
        client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      tunnels.push(request.url ?? '');
      const [host = '', port = ''] = (to === undefined ? (request.url ?? '') : new URL(to).host).split(':');
      const upstream = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
    });
    const port = await this.listen(server);
    return { url: `http://127.0.0.1:${port}`, tunnels };
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  private async listen(server: Server): Promise<number> {
    this.servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
}
