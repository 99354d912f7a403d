// Clients that download one file again and again, each over a connection of its own.
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { request } from 'undici';
import { serveCalls, usage } from '../calls.ts';

export interface HttpLoad {
  readonly port: number;
  readonly path: string;
  readonly clients: number;
  /** Downloads begin for so long, and those begun are finished. */
  readonly seconds: number;
}

export interface HttpRun {
  readonly bytes: number;
  readonly seconds: number;
  readonly clientCpuSeconds: number;
}

/** SHA-256 of what is at a path. */
async function digest({ port, path }: Pick<HttpLoad, 'port' | 'path'>): Promise<string> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`);
  if (statusCode !== 200) throw new Error(`${path}: HTTP ${statusCode}`);
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function run(load: HttpLoad): Promise<HttpRun> {
  const beganMs = performance.now();
  const cpuBefore = usage().cpuSeconds;
  const endMs = beganMs + load.seconds * 1000;
  const bytes = await Promise.all(Array.from({ length: load.clients }, () => new Downloads(load, endMs).done()));
  return {
    bytes: bytes.reduce((sum, each) => sum + each, 0),
    seconds: (performance.now() - beganMs) / 1000,
    clientCpuSeconds: usage().cpuSeconds - cpuBefore,
  };
}

/**
 * One client. It reads into one and the same buffer and looks at nothing but the headers, so that the server is what
 * is measured.
 */
class Downloads {
  readonly #load: HttpLoad;
  readonly #endMs: number;
  #head = '';
  #left = 0;
  #bytes = 0;

  constructor(load: HttpLoad, endMs: number) {
    this.#load = load;
    this.#endMs = endMs;
  }

  /** Bytes of all bodies. @throws {Error} when an answer is not 200 with a length, or is cut off */
  done(): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        port: this.#load.port,
        host: '127.0.0.1',
        onread: {
          buffer: Buffer.alloc(1 << 20),
          callback: (length, buffer) => {
            try {
              if (this.#take(Buffer.from(buffer.buffer, buffer.byteOffset, length))) this.#again(socket);
            } catch (error) {
              socket.destroy(error as Error);
            }
            return true;
          },
        },
      });
      socket.on('connect', () => this.#ask(socket));
      socket.on('error', reject);
      socket.on('close', () => {
        if (this.#left === 0 && this.#head === '') resolve(this.#bytes);
        else reject(new Error('the connection was closed in the middle of an answer'));
      });
    });
  }

  #ask(socket: Socket): void {
    socket.write(`GET ${this.#load.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  }

  #again(socket: Socket): void {
    if (performance.now() < this.#endMs) this.#ask(socket);
    else socket.destroy();
  }

  /** Whether an answer is complete with these bytes. */
  #take(bytes: Buffer): boolean {
    let body = bytes.length;
    if (this.#left === 0) {
      this.#head += bytes.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n') + 4;
      if (end < 4) return false;
      body = this.#head.length - end;
      this.#left = lengthOf(this.#head.slice(0, end));
      this.#head = '';
    }
    this.#left -= body;
    this.#bytes += body;
    return this.#left === 0;
  }
}

function lengthOf(head: string): number {
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) throw new Error(`no file came: ${head.slice(0, 200)}`);
  return Number(length);
}

const methods = { digest, run };
export type HttpLoadProgram = typeof methods;

serveCalls(methods);
