// Real etcd for tests: processes of their own on free ports of loopback, which can be hung, killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../vdc/free-ports.ts';
import { eventually } from './eventually.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** A cluster of one. The first election and leases are quick: a lease may be as short as one second. */
export async function startEtcd(): Promise<EtcdMember> {
  const [member] = await startEtcdCluster(1);
  if (member === undefined) throw new Error('no etcd was started');
  return member;
}

export async function startEtcdCluster(size: number): Promise<readonly EtcdMember[]> {
  const ports = await freePorts(size * 2);
  const places = Array.from({ length: size }, (_, number) => ({
    name: `m${number}`,
    clientPort: ports[2 * number] ?? 0,
    peerPort: ports[2 * number + 1] ?? 0,
  }));
  const cluster = places.map(({ name, peerPort }) => `${name}=http://127.0.0.1:${peerPort}`).join(',');
  const members = places.map((place) => new EtcdMember(place.name, place.clientPort, place.peerPort, cluster));
  await Promise.all(members.map((member) => member.start()));
  return members;
}

export class EtcdMember {
  readonly port: number;
  readonly #arguments: readonly string[];
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'berth-etcd-'));
  readonly #atExit = () => this.#remove();
  readonly #proxies: TcpProxy[] = [];
  #process: ChildProcess | null = null;
  #log = '';

  constructor(name: string, clientPort: number, peerPort: number, cluster: string) {
    this.port = clientPort;
    this.#arguments = [
      ...['--name', name, '--data-dir', this.#folder, '--unsafe-no-fsync'],
      ...['--listen-client-urls', this.url, '--advertise-client-urls', this.url],
      ...['--listen-peer-urls', `http://127.0.0.1:${peerPort}`],
      ...['--initial-advertise-peer-urls', `http://127.0.0.1:${peerPort}`, '--initial-cluster', cluster],
      ...['--heartbeat-interval', '20', '--election-timeout', '200', '--logger', 'zap', '--log-level', 'error'],
    ];
    process.on('exit', this.#atExit);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Start the process, anew after {@link kill}; resolves when it serves. */
  async start(): Promise<void> {
    const child = spawn('etcd', this.#arguments, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    child.stderr.on('data', (text) => {
      this.#log += text;
    });
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`etcd ended with code ${code}: ${this.#log}`);
    });
    await Promise.race([failed, eventually('etcd serves', () => this.#isHealthy(), 20_000)]);
  }

  /** Stop the process in its tracks: its connections stay open and it answers nothing. */
  hang(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    const exited = once(child, 'exit');
    if (child.kill('SIGKILL')) await exited; // Else it has ended already, or never began.
  }

  /** Lose all data and start from nothing. */
  async wipe(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
    await this.start();
  }

  /** End the process and its proxies, and remove its data. */
  async stop(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
    await this.kill();
    this.#remove();
    process.off('exit', this.#atExit);
  }

  /** A proxy in front of the client port. It ends with the member. */
  async proxy(): Promise<TcpProxy> {
    const proxy = await TcpProxy.start(this.port);
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Version of a key, which counts its writes, asked for without any code of ours; 0 when it does not exist. */
  async versionOf(key: string): Promise<number> {
    const { kvs = [] } = (await this.#ask('kv/range', { key: base64(key) })) as { kvs?: { version: string }[] };
    return Number(kvs[0]?.version ?? 0);
  }

  /** Forget the history up to now. */
  async compact(): Promise<void> {
    const { header } = (await this.#ask('kv/range', { key: base64('none') })) as { header: { revision: string } };
    await this.#ask('kv/compaction', { revision: header.revision });
  }

  async #ask(what: string, question: object): Promise<unknown> {
    const reply = await fetch(`${this.url}/v3/${what}`, { method: 'POST', body: JSON.stringify(question) });
    if (!reply.ok) throw new Error(`etcd answers ${reply.status}: ${await reply.text()}`);
    return reply.json();
  }

  async #isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(1000) })).ok;
    } catch {
      return false;
    }
  }

  #remove(): void {
    this.#process?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
