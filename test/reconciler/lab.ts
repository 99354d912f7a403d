// A whole small site on loopback: etcd, a Git host, a boot service and stand-in machines, all of them real, and agents
// as processes of their own. Only the agents are under test, and whatever befalls them comes from outside.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brokenLink, readHistory } from '../../reconciler/execute/history.ts';
import type { CompiledSite } from '../../reconciler/source/accept.ts';
import { readFolder } from '../../reconciler/source/folder.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { connectEtcd, type EtcdKv } from '../../schema/state/etcd.ts';
import { folders, keys } from '../../schema/state/keys.ts';
import type { Entry, WatchBatch } from '../../schema/state/kv.ts';
import { type RecordKind, readRecord, records } from '../../schema/state/records.ts';
import type { HistoryEntry } from '../../schema/types/history-entry.ts';
import type { ObservedAgent } from '../../schema/types/observed-agent.ts';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import type { Operation } from '../../schema/types/operation.ts';
import type { Target } from '../../schema/types/target.ts';
import { type GitHost, serveGit } from '../../vdc/git-host.ts';
import { type StandIns, startStandIns } from '../../vdc/standins.ts';
import { Berth, buildBerth } from '../berth.ts';
import { Origin, ServedSite, temporaryFolder } from '../bootsvc/lab.ts';
import { type EtcdMember, startEtcd } from '../etcd.ts';
import { eventually } from '../eventually.ts';
import { GitFixture, type TestKey, type TestRepository } from '../git.ts';
import { compiled, smallSite, smallSiteAssets } from '../small-site.ts';
import { BmcFront } from './bmc-front.ts';

const site = 'tokyo0';
const leaseSeconds = 2;
/** A machine of the small site is up in a fraction of a second, but others may work on the same two cores. */
const convergenceMs = 40_000;

export interface AgentOptions {
  /** Folder of what it remembers by itself; one for each name unless given. */
  readonly data?: string;
  /** Its way to etcd; the straight one unless given. */
  readonly etcd?: string;
  /** Its way to the site repo. */
  readonly repo?: string;
  /** Where it is told that trust begins; null for nothing. The first commit unless given. */
  readonly introduction?: string | null;
  /** More options of the command. */
  readonly more?: readonly string[];
}

interface Parts {
  readonly etcd: EtcdMember;
  readonly kv: EtcdKv;
  readonly served: ServedSite;
  readonly standIns: StandIns;
  readonly bmc: BmcFront;
  readonly git: GitFixture;
  readonly gitHost: GitHost;
  readonly introduction: string;
  readonly repository: TestRepository;
  readonly key: TestKey;
  readonly endings: readonly (() => unknown)[];
}

export class Lab {
  readonly etcd: EtcdMember;
  readonly kv: EtcdKv;
  readonly served: ServedSite;
  readonly standIns: StandIns;
  readonly bmc: BmcFront;
  readonly git: GitFixture;
  readonly repository: TestRepository;
  readonly key: TestKey;
  /** The first commit and its key, as agents are introduced to it. */
  readonly introduction: string;
  gitHost: GitHost;
  readonly #endings: readonly (() => unknown)[];
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'berth-lab-'));
  readonly #agents: Berth[] = [];

  private constructor(parts: Parts) {
    this.etcd = parts.etcd;
    this.kv = parts.kv;
    this.served = parts.served;
    this.standIns = parts.standIns;
    this.bmc = parts.bmc;
    this.git = parts.git;
    this.repository = parts.repository;
    this.key = parts.key;
    this.gitHost = parts.gitHost;
    this.introduction = parts.introduction;
    this.#endings = parts.endings;
  }

  /** Everything but the agents, and a first commit, signed. */
  static async start(): Promise<Lab> {
    await buildBerth();
    const files = await smallSite();
    const machines = [...compiled(files).blueprint.machines.values()];

    const git = new GitFixture();
    const key = git.key('ada');
    const repository = git.repository();
    writeFiles(repository, files);
    repository.trust({ key });
    const first = repository.commit('Declare the site', key);
    repository.push();
    const gitHost = await serveGit({ root: git.root, host: '127.0.0.1', port: 0 });

    const etcd = await startEtcd();
    const kv = connectEtcd({ endpoints: [etcd.url], site });
    const origin = await Origin.start(smallSiteAssets(compiled(files)));
    const { folder, remove } = temporaryFolder();
    const served = await ServedSite.start({ kv, folder, mirrors: [origin.url] });
    const standIns = await startStandIns({ machines, dhcpServer: served.dhcp, onEvent: () => {}, timeScale: 0.02 });
    const serials = new Map(machines.map(({ serial, bmc: { address } }) => [address, serial]));
    const bmc = await BmcFront.start(standIns.bmcUrl, serials);
    const endings = [
      () => bmc.stop(),
      () => standIns.close(),
      () => served.stop(),
      () => origin.stop(),
      () => kv.close(),
      () => etcd.stop(),
      remove,
      () => git.remove(),
    ];
    const introduction = `${first}:${key.fingerprint}`;
    return new Lab({ etcd, kv, served, standIns, bmc, git, gitHost, introduction, repository, key, endings });
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents) await agent.kill();
    await this.gitHost.close();
    for (const end of this.#endings) await end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Start `berth agent`; resolves when it is ready to work. @param name of the boot server that it runs on */
  async startAgent(name = 'boot-0', options: AgentOptions = {}): Promise<Berth> {
    const {
      data = this.dataOf(name),
      etcd = this.etcd.url,
      repo = `${this.gitHost.url}/site.git`,
      introduction = this.introduction,
      more = [],
    } = options;
    const agent = new Berth([
      'agent',
      ...['--name', name, '--site', site, '--etcd', etcd, '--data', data],
      // Nothing is pulled but when the test says so.
      ...['--repo', repo, '--poll', '600'],
      ...(introduction === null ? [] : ['--introduction', introduction]),
      ...['--lease', String(leaseSeconds), '--bmc-url', this.bmc.url, '--http', '127.0.0.1:0'],
      ...more,
    ]);
    this.#agents.push(agent);
    await agent.event('ready');
    return agent;
  }

  /** The folder of what an agent remembers by itself. */
  dataOf(name: string): string {
    return path.join(this.#folder, name);
  }

  /** Commit and push files; whatever the site repo has else stays. @param key null for none @returns the commit's id */
  commit(subject: string, files: SiteFiles, key: TestKey | null = this.key): string {
    writeFiles(this.repository, files);
    const commit = this.repository.commit(subject, key ?? undefined);
    this.repository.push();
    return commit;
  }

  /** Tell an agent to pull, as a webhook of the Git host would. */
  async pull(agent: Berth): Promise<void> {
    const { http } = await agent.event('ready');
    const { port } = http as { port: number };
    await fetch(`http://127.0.0.1:${port}/pull`, { method: 'POST' });
  }

  /** Run a command of `berth` to its end; what it printed. @throws {Error} when it fails */
  async command(...args: readonly string[]): Promise<string> {
    const command = new Berth(args);
    const { code } = await command.ended;
    const text = [...command.lines.map((line) => JSON.stringify(line)), ...command.otherLines].join('\n');
    if (code !== 0) throw new Error(`berth ${args.join(' ')} exits ${code}: ${text}`);
    return text;
  }

  /** What the newest commit in the working copy compiles to. */
  async expected(): Promise<CompiledSite> {
    return compiled(await readFolder(this.repository.work));
  }

  /**
   * Wait until every machine runs what the newest commit says, nothing is left to do, and the history says so.
   * @param generation that has to be in force then
   */
  async converges(generation: number): Promise<void> {
    const { blueprint } = await this.expected();
    const problem = async (): Promise<string | null> => {
      const target = await this.target();
      if (target?.generation !== generation) return `generation ${target?.generation ?? 0} is in force`;
      if (target.root !== blueprint.root) return `generation ${generation} has another root`;
      const machines = await this.machines();
      for (const { serial, bootDigest } of blueprint.machines.values()) {
        const machine = machines.get(serial);
        if (machine?.phase !== 'running') return `${serial} is ${machine?.phase ?? 'unseen'}`;
        if (machine.bootDigest !== bootDigest) return `${serial} runs ${machine.bootDigest}`;
      }
      const operations = await this.operations();
      if (operations.length > 0) return `${operations.map(({ serial }) => serial)} are being worked on`;
      const said = (await this.history()).some((one) => one.event === 'converged' && one.generation === generation);
      return said ? null : 'the history does not say so';
    };
    try {
      await eventually('', async () => (await problem()) === null, convergenceMs, 50);
    } catch {
      throw new Error(`not converged: ${await problem()}`);
    }
    const broken = brokenLink(await this.history());
    if (broken) throw new Error(`the history is broken at entry ${broken.sequence}`);
  }

  async target(): Promise<Target | null> {
    const entry = await this.kv.get(keys.target);
    return entry && readRecord(records.target, entry);
  }

  history(): Promise<readonly HistoryEntry[]> {
    return readHistory(this.kv);
  }

  operations(): Promise<readonly Operation[]> {
    return this.#list(folders.operations, records.operation);
  }

  agentsSeen(): Promise<readonly ObservedAgent[]> {
    return this.#list(folders.observedAgents, records.observedAgent);
  }

  /** What machines have reported, by serial. */
  async machines(): Promise<ReadonlyMap<string, ObservedMachine>> {
    const machines = await this.#list(folders.observedMachines, records.observedMachine);
    return new Map(machines.map((machine) => [machine.serial, machine]));
  }

  /** The boot that each machine is in. */
  async bootIds(): Promise<ReadonlyMap<string, string>> {
    return new Map([...(await this.machines()).values()].map(({ serial, bootId }) => [serial, bootId]));
  }

  /**
   * Do something at the very moment when a transaction in etcd is as described.
   * @returns when the watch is in place, what resolves once it was done
   */
  async atChange(
    matches: (puts: readonly Entry[], deletes: readonly string[]) => boolean,
    act: () => void,
  ): Promise<{ readonly done: Promise<void> }> {
    const over = new AbortController();
    const batches = this.kv.watch('', over.signal)[Symbol.asyncIterator]();
    await batches.next();
    const done = (async () => {
      for (let next = await batches.next(); !next.done; next = await batches.next()) {
        const batch: WatchBatch = next.value;
        if (batch.kind !== 'changes' || !matches(batch.puts, batch.deletes)) continue;
        act();
        over.abort();
        return;
      }
    })();
    return { done };
  }

  async #list<T>(folder: string, kind: RecordKind<T>): Promise<readonly T[]> {
    const { entries } = await this.kv.list(folder);
    return entries.map((entry) => readRecord(kind, entry));
  }
}

function writeFiles(repository: TestRepository, files: SiteFiles): void {
  for (const [name, { bytes, executable }] of files) {
    if (name.startsWith('trust/')) continue;
    repository.write(name, bytes);
    if (executable) chmodSync(path.join(repository.work, name), 0o755);
  }
}
