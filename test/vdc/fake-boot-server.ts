// A boot server just good enough for one machine, whose every answer a test can spoil. It shares no code with vdc/.
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A packet as it came in. */
export interface SeenPacket {
  readonly bytes: Buffer;
  readonly options: ReadonlyMap<number, Buffer>;
  readonly isIpxe: boolean;
}

export interface DhcpAnswer {
  readonly flags: number;
  readonly yiaddr: readonly number[];
  readonly options: ReadonlyMap<number, Buffer>;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly rawHeaders: readonly string[];
  /** Port of the client: the same for requests on one connection. */
  readonly clientPort: number | undefined;
  readonly body: string;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const yiaddr = [10, 69, 0, 68] as const;
const serverId = Buffer.from([10, 69, 0, 3]);
export const bootDigest = 'b'.repeat(64);

export class FakeBootServer {
  readonly packets: SeenPacket[] = [];
  readonly requests: SeenRequest[] = [];
  /** By path; a test may put its own in. */
  readonly routes = new Map<string, Handler>();
  /** Spoil an answer, or drop it by null. */
  spoil: (answer: DhcpAnswer, seen: SeenPacket) => DhcpAnswer | null = (answer) => answer;
  readonly #udp = createSocket('udp4');
  readonly #http = createServer((request, response) => {
    void this.#serve(request, response);
  });
  bootProgram = '';
  kernel = '';
  initrd = '';

  static async start(): Promise<FakeBootServer> {
    const server = new FakeBootServer();
    server.#udp.on('message', (bytes, peer) => server.#answer(bytes, peer.port));
    server.#udp.bind(0, '127.0.0.1');
    server.#http.listen(0, '127.0.0.1');
    await Promise.all([once(server.#udp, 'listening'), once(server.#http, 'listening')]);
    server.bootProgram = server.addAsset('ipxe.efi', 'a boot program');
    server.kernel = server.addAsset('vmlinuz', 'a kernel');
    server.initrd = server.addAsset('initrd.img', 'an initrd');
    server.addText('/ignition/SN-1', JSON.stringify({ ignition: { version: '3.3.0' } }));
    server.addText('/nodes/SN-1/report', '{}');
    server.addText('/boot/SN-1', server.script());
    return server;
  }

  get dhcp(): { readonly address: string; readonly port: number } {
    return { address: '127.0.0.1', port: this.#udp.address().port };
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Bodies of the reports that came in. */
  get reports(): unknown[] {
    return this.requests.filter((seen) => seen.path.endsWith('/report')).map((seen) => JSON.parse(seen.body));
  }

  script(lines?: readonly string[]): string {
    const kernelArguments = [
      'initrd=initrd.img',
      'ignition.platform.id=metal',
      `ignition.config.url=${this.url}/ignition/SN-1`,
      `berth.server=${this.url}`,
      `berth.boot=${bootDigest}`,
      'berth.generation=7',
    ];
    const usual = [`kernel ${this.kernel} ${kernelArguments.join(' ')}`, `initrd ${this.initrd}`, 'boot'];
    return `#!ipxe\n${(lines ?? usual).join('\n')}\n`;
  }

  /** Serve a file by its digest; the digest of other content can be given. */
  addAsset(name: string, content: string, digestOf = content): string {
    const path = `/assets/${createHash('sha256').update(digestOf).digest('hex')}/${name}`;
    this.addText(path, content);
    return `${this.url}${path}`;
  }

  addText(path: string, content: string): void {
    this.routes.set(path, (request, response) => {
      response.writeHead(200, { 'Content-Length': Buffer.byteLength(content) });
      response.end(request.method === 'HEAD' ? undefined : content);
    });
  }

  async close(): Promise<void> {
    this.#udp.close();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const path = request.url ?? '';
    this.requests.push({
      method: request.method ?? '',
      path,
      rawHeaders: request.rawHeaders,
      clientPort: request.socket.remotePort,
      body: Buffer.concat(chunks).toString(),
    });
    const notFound: Handler = (_, missing) => missing.writeHead(404, { 'Content-Length': 0 }).end();
    (this.routes.get(path) ?? notFound)(request, response);
  }

  #answer(bytes: Buffer, port: number): void {
    const options = new Map<number, Buffer>();
    for (let offset = 240; bytes[offset] !== 255; ) {
      const length = bytes.readUInt8(offset + 1);
      options.set(bytes.readUInt8(offset), bytes.subarray(offset + 2, offset + 2 + length));
      offset += 2 + length;
    }
    const isIpxe = options.get(77)?.toString() === 'iPXE';
    const seen = { bytes, options, isIpxe };
    this.packets.push(seen);
    const bootUrl = isIpxe ? `${this.url}/boot/SN-1` : this.bootProgram;
    const answerOptions = new Map([
      [53, Buffer.from([options.get(53)?.[0] === 1 ? 2 : 5])],
      [54, serverId],
      [51, Buffer.from([0, 0, 14, 16])],
      [60, Buffer.from('HTTPClient')],
      [67, Buffer.from(bootUrl)],
      [82, options.get(82) ?? Buffer.alloc(0)],
    ]);
    const answer = this.spoil({ flags: bytes.readUInt16BE(10), yiaddr, options: answerOptions }, seen);
    if (answer !== null) this.#udp.send(encodeAnswer(answer, bytes), port, '127.0.0.1');
  }
}

/** The answer to a NAK's worth of trouble (RFC 2131 §4.3.2). */
export function nak(answer: DhcpAnswer): DhcpAnswer {
  const kept = [...answer.options].filter(([code]) => code === 54 || code === 82);
  return { flags: 0x8000, yiaddr: [0, 0, 0, 0], options: new Map([[53, Buffer.from([6])], ...kept]) };
}

export function withOption(answer: DhcpAnswer, code: number, data: Buffer | null): DhcpAnswer {
  const options = new Map(answer.options);
  if (data === null) options.delete(code);
  else options.set(code, data);
  return { ...answer, options };
}

function encodeAnswer(answer: DhcpAnswer, asked: Buffer): Buffer {
  const header = Buffer.alloc(240);
  asked.copy(header, 0, 0, 44);
  header.writeUInt8(2, 0);
  header.writeUInt8(0, 3);
  header.writeUInt16BE(answer.flags, 10);
  header.set(answer.yiaddr, 16);
  header.writeUInt32BE(0x63825363, 236);
  const options = [...answer.options].map(([code, data]) => Buffer.concat([Buffer.from([code, data.length]), data]));
  return Buffer.concat([header, ...options, Buffer.from([255])]);
}
