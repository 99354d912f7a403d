// The site repo's history on this server: pulled from the first of its sources that has it, kept in a folder, checked on
// every read, and made anew from the sources when it is damaged.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Clone } from './clone.ts';
import type { Oid } from './commit.ts';
import { certificates } from './git-http.ts';
import { ObjectCache } from './object-cache.ts';
import { GitObjectError, type GitObjects, parseTree, type TreeEntry } from './objects.ts';
import { IncompletePack } from './pack/indexer.ts';
import { BundleFile } from './pull/bundle-file.ts';
import { CloneRefs } from './pull/clone-refs.ts';
import { bundlePath, checkProxy, type PullLimits, pullLimits, type RemoteOptions } from './pull/pull-options.ts';
import type { Pulled, PullTarget, Remote } from './pull/remote.ts';
import { Server } from './pull/server.ts';
import type { SourceReport } from './pull/source-report.ts';
import { Sources } from './pull/sources.ts';
import { isDiskFull, RepositoryError } from './repository-error.ts';
import { bytesOf, type ObjectType, type StoredObject } from './stored-object.ts';
import { type ApprovalSource, type ApprovalTag, approvalRef } from './trust/approvals.ts';

export interface RepositoryOptions extends RemoteOptions, Partial<PullLimits> {
  /** Where the clone is kept; made when it is not there. One process uses it at a time. */
  readonly folder: string;
  readonly branch: string;
  /** Where else the site repo is, in the order in which they are asked when the first source fails or lags. */
  readonly mirrors?: readonly RemoteOptions[];
  /** With more packs than this they are put into one; 50 by default. */
  readonly maxPacks?: number;
  /** How much of what was read stays in memory; 64 MiB by default. */
  readonly cacheBytes?: number;
  /**
   * How often all sources are asked, though the first has all that was accepted: it could be made to withhold what is
   * new. Ten minutes by default.
   */
  readonly compareSeconds?: number;
}

/** In its folder a clone is called `clone-<n>`, or `clone-<n>.part` until it is whole. The highest number counts. */
const clonePattern = /^clone-(\d+)$/;

export class Repository implements GitObjects, ApprovalSource {
  private damaged = false;
  private pending: Promise<unknown> = Promise.resolve();
  private readonly cache: ObjectCache;
  private readonly pullSources: Sources;

  private constructor(
    private readonly options: RepositoryOptions,
    remotes: readonly Remote[],
    private number: number,
    private target: PullTarget | null,
  ) {
    this.cache = new ObjectCache(options.cacheBytes ?? 64 << 20);
    this.pullSources = new Sources(remotes, options.compareSeconds ?? 600, this);
  }

  /**
   * Open what an earlier process left in the folder, or begin with nothing. Nothing is fetched yet.
   * @throws {RepositoryError} `bad-url`
   */
  static async open(options: RepositoryOptions): Promise<Repository> {
    const limits: PullLimits = { ...pullLimits, ...given(options) };
    const all = [options, ...(options.mirrors ?? [])];
    const remotes = all.map((remote) => openRemote(remote, options.branch, limits));
    await mkdir(options.folder, { recursive: true });
    const names = await readdir(options.folder);
    const number = Math.max(0, ...names.map((name) => Number(clonePattern.exec(name)?.[1] ?? 0)));
    const target = number > 0 ? await openTarget(join(options.folder, `clone-${number}`)) : null;
    return new Repository(options, remotes, number, target);
  }

  /** What each source has answered last, in their order. */
  get sources(): readonly SourceReport[] {
    return this.pullSources.reports;
  }

  /** How many approvals are here. When it changes, what was refused for want of them may be judged anew. */
  get approvalCount(): number {
    return this.target?.refs.approvalCount ?? 0;
  }

  /**
   * Bring in what is new on the branch, from the first source that has all that was accepted. A clone that is damaged is
   * replaced by a fresh one. Do not read during a fetch: what was read before may be gone from the folder.
   * @param keep what the branch is known to have contained, the last accepted commits: a source that lacks one of them
   *   counts only when no other answers
   * @returns the head of the branch. The sources may say anything here: it is nothing but a candidate.
   * @throws {RepositoryError} when no source answers; or the signal's reason
   */
  fetch(signal: AbortSignal, keep: readonly Oid[] = []): Promise<Oid> {
    const fetched = this.pending.then(() => this.fetchNow(signal, keep));
    this.pending = fetched.catch(() => undefined);
    return fetched;
  }

  async has(oid: Oid): Promise<boolean> {
    if (this.cache.get(oid)?.type === 'commit') return true;
    return (await this.target?.clone.holds(oid, 'commit')) ?? false;
  }

  commit(oid: Oid): Promise<Uint8Array> {
    return this.object(oid, 'commit');
  }

  async tree(oid: Oid): Promise<TreeEntry[]> {
    return parseTree(await this.object(oid, 'tree'));
  }

  blob(oid: Oid): Promise<Uint8Array> {
    return this.object(oid, 'blob');
  }

  /** All tags that approve a commit, those included that the sources have deleted since they were fetched. */
  async approvalsOf(commit: Oid): Promise<readonly ApprovalTag[]> {
    const kept = this.target?.refs.approvalsOf(commit) ?? [];
    const tags = kept.map(async ({ tag, name }) => ({
      ref: approvalRef(commit, name),
      bytes: await this.object(tag, 'tag'),
    }));
    return Promise.all(tags);
  }

  /** Close the files of the clone. */
  close(): void {
    this.target?.clone.close();
  }

  private async object(oid: Oid, type: ObjectType): Promise<Uint8Array> {
    let object: StoredObject | undefined = this.cache.get(oid);
    if (!object) {
      if (!this.target) throw new GitObjectError('missing-object', oid, `object ${oid}: nothing was fetched yet`);
      try {
        object = await this.target.clone.read(oid);
      } catch (error) {
        // A fresh clone would hold the same colliding object.
        if (!(error instanceof GitObjectError && error.code === 'sha1-collision')) this.damaged = true;
        throw error;
      }
      this.cache.set(oid, object);
    }
    return bytesOf(object, oid, type);
  }

  private async fetchNow(signal: AbortSignal, keep: readonly Oid[]): Promise<Oid> {
    signal.throwIfAborted();
    await this.sweep();
    await this.tidy();
    return this.pullSources.pull((remote, patienceMs) => this.pull(remote, keep, signal, patienceMs), keep, signal);
  }

  /** Pull into the clone that is there, or else into a fresh one, which takes its place when it is whole. */
  private async pull(remote: Remote, keep: readonly Oid[], signal: AbortSignal, patienceMs?: number): Promise<Pulled> {
    const old = this.target;
    let incomplete: IncompletePack | null = null;
    if (old && !this.damaged) {
      try {
        return await remote.pull(old, signal, patienceMs);
      } catch (error) {
        // Either the source keeps something back, or the clone lacks what it seems to have.
        if (!(error instanceof IncompletePack)) throw error;
        incomplete = error;
      }
    }
    const number = this.number + 1;
    const path = join(this.options.folder, `clone-${number}`);
    const fresh = new Clone(`${path}.part`);
    await rm(fresh.folder, { recursive: true, force: true });
    try {
      await fresh.create();
      const refs = await CloneRefs.open(fresh.folder);
      const pulled = await remote.pull({ clone: fresh, refs }, signal, patienceMs);
      if (old) await checkKept(keep, old.clone, fresh, remote.location);
      await rename(fresh.folder, path);
      old?.clone.close();
      this.number = number;
      this.target = await openTarget(path);
      this.damaged = false;
      return pulled;
    } catch (error) {
      throw error instanceof IncompletePack && incomplete ? incomplete : error;
    } finally {
      fresh.close();
      await rm(fresh.folder, { recursive: true, force: true });
    }
  }

  /** Put many packs into one; find out whether they can be read at all. */
  private async tidy(): Promise<void> {
    if (!this.target || this.damaged) return;
    const { clone } = this.target;
    try {
      if (clone.packCount > (this.options.maxPacks ?? 50)) await clone.mergePacks();
    } catch (error) {
      // Many packs are slow, and no more than that.
      if (!isDiskFull(error)) this.damaged = true;
    }
  }

  /** Remove clones that were replaced or never became whole. */
  private async sweep(): Promise<void> {
    for (const name of await readdir(this.options.folder)) {
      if (!/^clone-\d+(\.part)?$/.test(name) || name === `clone-${this.number}`) continue;
      await rm(join(this.options.folder, name), { recursive: true, force: true });
    }
  }
}

/** @throws {RepositoryError} when a fresh clone lacks an accepted commit that the old one, damaged as it may be, has */
async function checkKept(keep: readonly Oid[], old: Clone, fresh: Clone, location: string): Promise<void> {
  for (const oid of keep) {
    if (!(await old.holds(oid, 'commit')) || (await fresh.holds(oid, 'commit'))) continue;
    throw new RepositoryError('corrupt', `${location} lacks commit ${oid}, so that the clone here cannot be made anew`);
  }
}

/** @throws {RepositoryError} `bad-url` */
function openRemote(options: RemoteOptions, branch: string, limits: PullLimits): Remote {
  if (options.proxy !== undefined) checkProxy(options.proxy);
  if (options.ca !== undefined) certificates(options.ca);
  const file = bundlePath(options.url);
  return file === null ? new Server(options, branch, limits) : new BundleFile(file, branch, limits);
}

async function openTarget(folder: string): Promise<PullTarget> {
  return { clone: new Clone(folder, { detectsCollisions: true }), refs: await CloneRefs.open(folder) };
}

/** The limits among the options. */
function given(options: RepositoryOptions): Partial<PullLimits> {
  const names = new Set(Object.keys(pullLimits));
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => names.has(name) && value !== undefined));
}
