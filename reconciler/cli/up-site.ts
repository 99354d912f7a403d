// The running parts of `berth up`: started in order, listened to, ended in the opposite order.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { request } from 'undici';
import { connectEtcd, type EtcdKv } from '../../schema/state/etcd.ts';
import { pinnedAssets, writeStandInAssets } from '../../vdc/assets.ts';
import { serveAssets } from '../../vdc/demo/asset-host.ts';
import { startEtcd } from '../../vdc/demo/etcd.ts';
import { Program } from '../../vdc/demo/program.ts';
import type { DemoSiteRepo } from '../../vdc/demo/site-repo.ts';
import { serveGit } from '../../vdc/git-host.ts';
import { type CompiledSite, compileSite } from '../source/accept.ts';
import { readFolder } from '../source/folder.ts';
import type { Introduction } from '../source/trust/authenticate.ts';
import { CliError } from './cli-error.ts';
import { type LogLine, Narrator } from './up-narrate.ts';
import type { Teller } from './up-tell.ts';

export interface DemoSiteOptions {
  readonly work: string;
  /** The launcher of berth, which starts the daemons. */
  readonly program: string;
  readonly teller: Teller;
  readonly signal: AbortSignal;
}

export interface StartOptions {
  readonly repo: DemoSiteRepo;
  readonly introduction: Introduction;
  /** An etcd to use instead of one of our own. */
  readonly etcd?: string | undefined;
}

const readyMs = 20_000;
const stepMs = 90_000;
const server = 'boot-0';

export class DemoSite {
  readonly #options: DemoSiteOptions;
  readonly #narrator: Narrator;
  /** What to call to end each part, in the order in which they were started. */
  readonly #endings: (() => Promise<void>)[] = [];
  readonly #waiting = new Set<(line: LogLine) => void>();
  #stopping = false;
  #onFailure: (reason: unknown) => void = () => {};
  #started: { readonly repo: DemoSiteRepo; readonly kv: EtcdKv; readonly compiled: CompiledSite } | null = null;
  siteId = '';
  etcdEndpoint = '';
  bootUrl = '';
  agentUrl = '';

  constructor(options: DemoSiteOptions) {
    this.#options = options;
    this.#narrator = new Narrator(options.teller);
  }

  get kv(): EtcdKv {
    return this.#running().kv;
  }

  /** Start everything. Each part is up when the next one begins. */
  async start({ repo, introduction, etcd }: StartOptions): Promise<void> {
    const { work, teller, signal } = this.#options;
    mkdirSync(path.join(work, 'logs'));
    const compiled = await this.#compile(repo);
    this.siteId = compiled.blueprint.site.site;

    signal.throwIfAborted();
    const gitHost = await serveGit({ root: path.join(work, 'git'), host: '127.0.0.1', port: 0 });
    this.#atEnd(() => gitHost.close());
    teller.say('git', `site repo at ${gitHost.url}/site.git (git http-backend)`);

    const assets = await writeStandInAssets(
      path.join(work, 'assets'),
      pinnedAssets(compiled.site.releases.value),
      signal,
    );
    const mirror = await serveAssets(assets);
    this.#atEnd(() => mirror.close());
    teller.say('mirror', `${assets.size} stand-in files at ${mirror.url}/<sha256>`);

    this.etcdEndpoint = etcd ?? (await this.#startEtcd());
    signal.throwIfAborted();
    const kv = connectEtcd({ endpoints: this.etcdEndpoint.split(','), site: this.siteId });
    this.#atEnd(async () => kv.close());
    this.#started = { repo, kv, compiled };
    teller.say('etcd', `etcd at ${this.etcdEndpoint}`);
    await this.#refuseForeignState(kv);

    const common = ['--site', this.siteId, '--etcd', this.etcdEndpoint];
    const boot = await this.#daemon('boot', [
      ...['boot', '--name', server, ...common, '--data', path.join(work, 'boot'), '--mirror', mirror.url],
      ...['--dhcp', '127.0.0.1:0', '--dhcp-reply', 'source'],
      ...['--http', '127.0.0.1:0', '--url', 'http://127.0.0.1:{port}'],
    ]);
    const dhcp = endpoint(boot.dhcp);
    this.bootUrl = `http://${endpoint(boot.http)}`;
    teller.say('boot', `berth boot: DHCP at ${dhcp}, HTTP at ${this.bootUrl}`);

    const standIns = await this.#daemon('stand-ins', ['stand-ins', repo.folder, '--dhcp', dhcp]);
    teller.say('stand-ins', `${standIns.machines} machines, powered off, their BMCs at ${standIns.bmcUrl}`);

    const introduced = `${introduction.commit}:${introduction.keyFingerprint}`;
    const agent = await this.#daemon('agent', [
      ...['agent', '--name', server, ...common, '--data', path.join(work, 'agent')],
      ...['--repo', `${gitHost.url}/site.git`, '--introduction', introduced, '--poll', '5'],
      ...['--bmc-url', String(standIns.bmcUrl), '--http', '127.0.0.1:0'],
    ]);
    this.agentUrl = `http://${endpoint(agent.http)}`;
    teller.say('agent', `berth agent: at ${this.agentUrl}, trusts from ${introduction.commit.slice(0, 12)} on`);
  }

  /** Wait for the work, or fail with the first part that ends too early. */
  async orFailure<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {});
    const { signal } = this.#options;
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    aborted.catch(() => {});
    // Parts that start while the work goes on fail it too.
    const failed = new Promise<never>((_, reject) => {
      this.#onFailure = reject;
    });
    failed.catch(() => {});
    return Promise.race([work, aborted, failed]);
  }

  /** Tell the agent to pull, as a webhook of the Git host would. */
  async pullNow(): Promise<void> {
    const { body } = await request(`${this.agentUrl}/pull`, { method: 'POST' });
    await body.dump();
  }

  /** Wait until every machine runs what the commit, which is the newest in the working copy, says. */
  async converged(commit: string): Promise<CompiledSite> {
    await this.#event('converged', (line) => line.commit === commit);
    const { repo, kv } = this.#running();
    const compiled = await this.#compile(repo);
    this.#started = { repo, kv, compiled };
    return compiled;
  }

  /** Wait until the commit is refused for its signature. */
  async refused(commit: string): Promise<void> {
    const { code } = await this.#event('refused', (line) => line.commit === commit && 'code' in line);
    if (code !== 'untrusted-key') throw new CliError(`the commit was refused, but for ${code} and not for its key`);
  }

  /** The site as the last commit that was accepted has it. */
  get compiled(): CompiledSite {
    return this.#running().compiled;
  }

  /** End everything that was started, the last part first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const failures: unknown[] = [];
    for (let end = this.#endings.pop(); end; end = this.#endings.pop())
      await end().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  /** What is started while all the rest is being ended ends at once. */
  #atEnd(end: () => Promise<void>): void {
    if (this.#stopping) end().catch(() => {});
    else this.#endings.push(end);
  }

  #running(): { readonly repo: DemoSiteRepo; readonly kv: EtcdKv; readonly compiled: CompiledSite } {
    if (!this.#started) throw new Error('the site has not been started');
    return this.#started;
  }

  async #compile(repo: DemoSiteRepo): Promise<CompiledSite> {
    const { compiled, diagnostics } = compileSite(await readFolder(repo.folder));
    if (!compiled) throw new CliError(`the example site does not compile: ${diagnostics[0]?.message}`);
    return compiled;
  }

  async #startEtcd(): Promise<string> {
    const { work, signal } = this.#options;
    signal.throwIfAborted();
    const { program, endpoint } = await startEtcd(path.join(work, 'etcd'), path.join(work, 'logs', 'etcd.log'), signal);
    this.#watchOver(program);
    return endpoint;
  }

  /** An etcd that was given may hold a real site, which is none of the demo's business. */
  async #refuseForeignState(kv: EtcdKv): Promise<void> {
    const { entries } = await kv.list('');
    if (entries.length === 0) return;
    throw new CliError(`the etcd at ${this.etcdEndpoint} holds a site ${this.siteId} already; give an etcd without it`);
  }

  /** Start one of berth's own daemons. @returns its ready line */
  async #daemon(name: string, args: readonly string[]): Promise<LogLine> {
    const { work, program, signal } = this.#options;
    signal.throwIfAborted();
    const ready = this.#event('ready', (line) => line.name === `berth-${name}`, readyMs);
    const child = new Program({
      name: `berth ${name}`,
      command: [process.execPath, program, ...args],
      logFile: path.join(work, 'logs', `${name}.log`),
      onLine: (line) => this.#heard(line),
    });
    this.#watchOver(child);
    return Promise.race([ready, child.failure()]);
  }

  #watchOver(program: Program): void {
    this.#atEnd(() => program.stop());
    program.failure().catch((error) => this.#onFailure(error));
  }

  #heard(text: string): void {
    let line: LogLine;
    try {
      line = JSON.parse(text) as LogLine;
    } catch {
      return;
    }
    if (typeof line.event !== 'string' || this.#stopping) return;
    this.#narrator.tell(line);
    for (const listener of [...this.#waiting]) listener(line);
  }

  /** The next line of any daemon's log that matches. */
  #event(event: string, matches: (line: LogLine) => boolean, timeoutMs = stepMs): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(listener);
        reject(new CliError(`within ${timeoutMs / 1000} s there was no event ${event}`));
      }, timeoutMs);
      const listener = (line: LogLine): void => {
        if (line.event !== event || !matches(line)) return;
        clearTimeout(timer);
        this.#waiting.delete(listener);
        resolve(line);
      };
      this.#waiting.add(listener);
      this.#atEnd(async () => clearTimeout(timer));
    });
  }
}

function endpoint(value: unknown): string {
  const { address, port } = value as { address: string; port: number };
  return `${address}:${port}`;
}
