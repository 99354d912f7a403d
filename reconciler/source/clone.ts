// One bare clone in a folder, by isomorphic-git. It knows how to grow and to read; whether it is to be believed, kept
// or thrown away is for Repository to say.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import git, { type HttpClient } from 'isomorphic-git';
import type { Oid } from './commit.ts';
import { GitObjectError } from './objects.ts';
import { RepositoryError } from './repository-error.ts';
import { isObjectType, type StoredObject } from './stored-object.ts';

/** The head of the last fetch that arrived whole: what the server is told that we have. No decision rests on it. */
const fetchedRef = 'refs/berth/fetched';

export class Clone {
  /** isomorphic-git keeps indexes, packs and many objects in here, and drops none of them by itself. */
  private cache = {};

  constructor(readonly folder: string) {}

  async create(url: string): Promise<void> {
    await git.init({ fs, gitdir: this.folder, bare: true });
    await git.addRemote({ fs, gitdir: this.folder, remote: 'origin', url });
  }

  /**
   * Bring in all of a branch's history that is not here yet.
   * @returns the head of the branch, as the server has it
   * @throws {RepositoryError}
   */
  async fetch(http: HttpClient, url: string, branch: string): Promise<Oid> {
    this.cache = {};
    const head = await this.transfer(http, url, branch);
    try {
      const { type } = await this.read(head);
      if (type !== 'commit') throw new RepositoryError('corrupt', `the head of ${branch} is a ${type}, not a commit`);
      await git.writeRef({ fs, gitdir: this.folder, ref: fetchedRef, value: head, force: true });
    } catch (error) {
      throw asRepositoryError(error);
    }
    return head;
  }

  private async transfer(http: HttpClient, url: string, branch: string): Promise<Oid> {
    let fetchHead: string | null;
    try {
      const common = { fs, gitdir: this.folder, cache: this.cache, http, url, remote: 'origin' };
      const ref = { ref: fetchedRef, remoteRef: `refs/heads/${branch}`, singleBranch: true, tags: false };
      ({ fetchHead } = await git.fetch({ ...common, ...ref }));
    } catch (error) {
      throw codeOf(error) === 'NotFoundError' ? noBranch(branch) : asRepositoryError(error);
    }
    if (fetchHead === null) throw noBranch(branch);
    return fetchHead;
  }

  /**
   * Read an object whose content matches its name.
   * @throws {GitObjectError}
   */
  async read(oid: Oid): Promise<StoredObject> {
    let type: string;
    let bytes: Uint8Array;
    try {
      const read = await git.readObject({ fs, gitdir: this.folder, oid, format: 'content', cache: this.cache });
      if (typeof read.object === 'string' || !(read.object instanceof Uint8Array)) throw new Error('not in raw form');
      type = read.type;
      bytes = read.object;
    } catch (error) {
      if (codeOf(error) === 'NotFoundError')
        throw new GitObjectError('missing-object', oid, `object ${oid} is missing`);
      throw new GitObjectError('corrupt-object', oid, `object ${oid} cannot be read`, { cause: error });
    }
    const name = createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
    if (!isObjectType(type) || name !== oid) {
      throw new GitObjectError('corrupt-object', oid, `what is stored as object ${oid} is ${type} ${name}`);
    }
    return { type, bytes };
  }

  /** Each fetch that brings something adds a pack, and each pack slows all reads down. */
  async packCount(): Promise<number> {
    const names = await readdir(join(this.folder, 'objects/pack')).catch(() => []);
    return names.filter((name) => name.endsWith('.pack')).length;
  }
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

function noBranch(branch: string): RepositoryError {
  return new RepositoryError('no-branch', `the repository has no branch ${branch}`);
}

/** What isomorphic-git throws, in our words. All that is not the server's refusal is taken for damage. */
function asRepositoryError(error: unknown): RepositoryError {
  if (error instanceof RepositoryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  switch (codeOf(error)) {
    case 'HttpError': {
      const status = (error as { readonly data?: { readonly statusCode?: unknown } }).data?.statusCode;
      if (status === 401 || status === 403) {
        return new RepositoryError('access-denied', `the server refuses access (HTTP ${status})`, { cause: error });
      }
      if (status === 404) return new RepositoryError('no-repository', 'the server knows no such repository (HTTP 404)');
      return new RepositoryError('server-error', `the server answers with HTTP ${String(status)}`, { cause: error });
    }
    case 'SmartHttpError':
    case 'EmptyServerResponseError':
      return new RepositoryError('server-error', 'the server does not answer as a Git server does', { cause: error });
    default:
      return new RepositoryError('corrupt', `the repository is damaged: ${message}`, { cause: error });
  }
}
