// The site repo's history on this server: fetched over HTTP, kept in a folder, checked on every read, and made anew
// from the remote when it is damaged or has grown slow.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Clone } from './clone.ts';
import type { Oid } from './commit.ts';
import { type GitCredentials, withGitHttp } from './git-http.ts';
import { ObjectCache } from './object-cache.ts';
import { GitObjectError, type GitObjects, parseTree, type TreeEntry } from './objects.ts';
import { RepositoryError } from './repository-error.ts';
import type { ObjectType, StoredObject } from './stored-object.ts';

export interface RepositoryOptions {
  /** Where the clone is kept; made when it is not there. One process uses it at a time. */
  readonly folder: string;
  /** http or https, without credentials. */
  readonly url: string;
  readonly branch: string;
  readonly credentials?: GitCredentials;
  /** How long the server may be silent before a fetch fails; two minutes by default. */
  readonly idleTimeoutMs?: number;
  /** How large a pack may be; 512 MiB by default. */
  readonly maxPackBytes?: number;
  /** With more packs than this a clone is made anew; 50 by default. */
  readonly maxPacks?: number;
  /** How much of what was read stays in memory; 64 MiB by default. */
  readonly cacheBytes?: number;
}

/** In its folder a clone is called `clone-<n>`, or `clone-<n>.part` until it is whole. The highest number counts. */
const clonePattern = /^clone-(\d+)$/;

export class Repository implements GitObjects {
  private damaged = false;
  private pending: Promise<unknown> = Promise.resolve();
  private readonly cache: ObjectCache;
  private readonly maxPacks: number;
  /** With how many packs the clone is to be replaced; more than `maxPacks` after that could not be done. */
  private packLimit: number;

  private constructor(
    private readonly options: RepositoryOptions,
    private number: number,
    private clone: Clone | null,
  ) {
    this.cache = new ObjectCache(options.cacheBytes ?? 64 << 20);
    this.maxPacks = options.maxPacks ?? 50;
    this.packLimit = this.maxPacks;
  }

  /**
   * Open what an earlier process left in the folder, or begin with nothing. Nothing is fetched yet.
   * @throws {RepositoryError} `bad-url`
   */
  static async open(options: RepositoryOptions): Promise<Repository> {
    checkUrl(options.url);
    await mkdir(options.folder, { recursive: true });
    const names = await readdir(options.folder);
    const number = Math.max(0, ...names.map((name) => Number(clonePattern.exec(name)?.[1] ?? 0)));
    const clone = number > 0 ? new Clone(join(options.folder, `clone-${number}`)) : null;
    return new Repository(options, number, clone);
  }

  /**
   * Bring in what is new on the branch. A clone that is damaged, or slow by its many packs, is replaced by a fresh one.
   * Do not read during a fetch: what was read before may be gone from the folder.
   * @param keep commits that must not be lost when a clone is replaced because it is slow, though the branch may have
   *   left them behind: the last accepted one
   * @returns the head of the branch. The server may say anything here: it is nothing but a candidate.
   * @throws {RepositoryError} or the signal's reason
   */
  fetch(signal: AbortSignal, keep: readonly Oid[] = []): Promise<Oid> {
    const fetched = this.pending.then(() => this.fetchNow(signal, keep));
    this.pending = fetched.catch(() => undefined);
    return fetched;
  }

  async has(oid: Oid): Promise<boolean> {
    if (this.cache.get(oid)?.type === 'commit') return true;
    return this.clone !== null && holds(this.clone, oid);
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

  private async object(oid: Oid, type: ObjectType): Promise<Uint8Array> {
    let object: StoredObject | undefined = this.cache.get(oid);
    if (!object) {
      if (!this.clone) throw new GitObjectError('missing-object', oid, `object ${oid}: nothing was fetched yet`);
      try {
        object = await this.clone.read(oid);
      } catch (error) {
        this.damaged = true;
        throw error;
      }
      this.cache.set(oid, object);
    }
    if (object.type === type) return object.bytes;
    throw new GitObjectError('missing-object', oid, `object ${oid} is a ${object.type}, where a ${type} is needed`);
  }

  private async fetchNow(signal: AbortSignal, keep: readonly Oid[]): Promise<Oid> {
    signal.throwIfAborted();
    await this.sweep();
    const { clone } = this;
    if (!clone || this.damaged) return this.replace(signal, []);
    try {
      if ((await clone.packCount()) <= this.packLimit) return await this.fetchInto(clone, signal);
      const kept: Oid[] = [];
      for (const oid of keep) if (await holds(clone, oid)) kept.push(oid);
      return await this.replace(signal, kept);
    } catch (error) {
      if (error instanceof RepositoryError && error.code === 'corrupt') return this.replace(signal, []);
      if (!(error instanceof KeptLost)) throw error;
      this.packLimit += this.maxPacks;
      return this.fetchInto(clone, signal);
    }
  }

  /** Clone afresh beside the old clone, which stays in place until the new one is whole. */
  private async replace(signal: AbortSignal, keep: readonly Oid[]): Promise<Oid> {
    const { folder, url } = this.options;
    const number = this.number + 1;
    const path = join(folder, `clone-${number}`);
    const fresh = new Clone(`${path}.part`);
    await rm(fresh.folder, { recursive: true, force: true });
    await fresh.create(url);
    const head = await this.fetchInto(fresh, signal);
    for (const oid of keep) if (!(await holds(fresh, oid))) throw new KeptLost(oid);
    await rename(fresh.folder, path);
    this.number = number;
    this.clone = new Clone(path);
    this.packLimit = this.maxPacks;
    this.damaged = false;
    return head;
  }

  private async fetchInto(clone: Clone, signal: AbortSignal): Promise<Oid> {
    const { url, branch, credentials, idleTimeoutMs = 120_000, maxPackBytes = 512 << 20 } = this.options;
    const limits = { signal, idleTimeoutMs, maxResponseBytes: maxPackBytes };
    const http = credentials === undefined ? limits : { ...limits, credentials };
    try {
      return await withGitHttp(http, (client) => clone.fetch(client, url, branch));
    } catch (error) {
      signal.throwIfAborted();
      throw error;
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

/** The remote no longer has a commit that a fresh clone must not lose: the slow clone stays. */
class KeptLost extends Error {
  readonly code = 'kept-lost';
}

async function holds(clone: Clone, oid: Oid): Promise<boolean> {
  try {
    return (await clone.read(oid)).type === 'commit';
  } catch (error) {
    if (error instanceof GitObjectError) return false;
    throw error;
  }
}

function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new RepositoryError('bad-url', 'a site repo is fetched from an http or https URL');
  }
  if (url.username !== '' || url.password !== '') {
    throw new RepositoryError('bad-url', 'credentials do not belong into a URL, where logs would show them');
  }
}
