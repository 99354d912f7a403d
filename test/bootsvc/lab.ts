// A boot service in this process, on loopback, and the place that it gets its files from.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { type BootService, type BootServiceOptions, startBootService } from '../../bootsvc/boot-service.ts';
import type { Kv } from '../../schema/state/kv.ts';
import { eventually } from '../eventually.ts';

/** One line of a log. */
export type LogLine = { readonly level: number; readonly msg: string } & { readonly [member: string]: unknown };

/** pino's numbers. */
export const logLevel = { info: 30, warn: 40, error: 50 } as const;

/** Serves files by digest, `<url>/<sha256>`, and counts who asked for what; each answer can be spoilt. */
export class Origin {
  /** Digests in the order in which they were asked for. */
  readonly asked: string[] = [];
  /** Instead of the file of that digest. */
  readonly spoilt = new Map<string, RequestListener>();
  readonly #server = createServer((request, response) => {
    const digest = (request.url ?? '').slice(1);
    this.asked.push(digest);
    const spoilt = this.spoilt.get(digest);
    if (spoilt) return spoilt(request, response);
    const file = this.files.get(digest);
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': file.length }).end(file);
  });

  private constructor(private readonly files: ReadonlyMap<string, Buffer>) {}

  static async start(files: ReadonlyMap<string, Buffer>): Promise<Origin> {
    const origin = new Origin(files);
    origin.#server.listen(0, '127.0.0.1');
    await once(origin.#server, 'listening');
    return origin;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A second time nothing happens. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** A temporary folder and how to remove it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'berth-boot-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export type ServeOptions = { readonly kv: Kv; readonly folder: string } & Partial<BootServiceOptions>;

/** A boot service that runs until it is stopped. */
export class ServedSite {
  private constructor(
    private readonly service: BootService,
    private readonly stopping: AbortController,
    /** All that it has logged. */
    readonly log: readonly LogLine[],
  ) {}

  static async start(options: ServeOptions): Promise<ServedSite> {
    const lines: LogLine[] = [];
    const stopping = new AbortController();
    const service = await startBootService({
      name: 'boot-0',
      version: '0.0.0-test',
      dhcp: { address: '127.0.0.1', port: 0, replyTo: 'source' },
      http: { address: '127.0.0.1', port: 0 },
      baseUrl: 'http://127.0.0.1:{port}',
      mirrors: [],
      log: pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line) as LogLine) }),
      signal: stopping.signal,
      ...options,
    });
    return new ServedSite(service, stopping, lines);
  }

  get url(): string {
    return `http://127.0.0.1:${this.service.http.port}`;
  }

  get httpPort(): number {
    return this.service.http.port;
  }

  get dhcp(): BootService['dhcp'] {
    return this.service.dhcp;
  }

  /** What it says at /status. */
  async status(): Promise<Record<string, unknown>> {
    return (await (await fetch(`${this.url}/status`)).json()) as Record<string, unknown>;
  }

  /** Wait until it serves a generation. */
  async serves(generation: number): Promise<void> {
    await eventually(`generation ${generation} is served`, async () => (await this.status()).generation === generation);
  }

  /** Wait for a line of the log. */
  async logged(matches: (line: LogLine) => boolean): Promise<LogLine> {
    await eventually('there is such a line in the log', () => this.log.some(matches));
    const line = this.log.find(matches);
    if (!line) throw new Error('the log has lost a line');
    return line;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.service.closed;
  }
}
