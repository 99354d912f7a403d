// The Git repository around a site repo on an engineer's disk, read only: for plans between two refs.
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Oid, parentsOf } from './commit.ts';
import { keptObjects, type ObjectStore, type ReadObject } from './kept-objects.ts';
import { type GitObjects, parseTree } from './objects.ts';
import { type GitFolders, gitFolders, isEmpty, refsBelow, resolveName } from './refs.ts';
import { RepositoryError } from './repository-error.ts';
import { resolveRevision } from './revision.ts';
import { bytesOf, type ObjectType } from './stored-object.ts';
import type { ApprovalSource, ApprovalTag } from './trust/approvals.ts';

/** Its approvals are the tags `refs/tags/approve/<commit>/<name>` that are here. */
export interface LocalRepository extends ApprovalSource {
  readonly objects: GitObjects;
  /** Path of the site repo in the repository, empty when it is its top. */
  readonly folder: string;
  /** The commit that a branch, tag or (abbreviated) id names. @throws {RepositoryError} `no-branch` */
  resolve(ref: string): Promise<Oid>;
}

/**
 * @param store of objects that were read before
 * @throws {RepositoryError} `no-repository` when the folder is in none
 */
export async function openLocal(folder: string, store: ObjectStore | null = null): Promise<LocalRepository> {
  const site = await realpath(folder);
  const root = await topOf(site);
  if (root === null) {
    const where = folder === '.' ? 'this folder' : folder;
    throw new RepositoryError('no-repository', `${where} is in no Git repository`);
  }
  const folders = await gitFolders(path.join(root, '.git'));
  const readFresh = freshReader(folders.common);
  const read = store ? keptObjects(store, readFresh) : readFresh;
  const bytes = async (oid: Oid, type: ObjectType) => bytesOf(await read(oid), oid, type);
  return {
    objects: {
      has: async (oid) =>
        readFresh(oid).then(
          ({ type }) => type === 'commit',
          () => false,
        ),
      commit: (oid) => bytes(oid, 'commit'),
      tree: async (oid) => parseTree(await bytes(oid, 'tree')),
      blob: (oid) => bytes(oid, 'blob'),
    },
    folder: path.relative(root, site).split(path.sep).join('/'),
    resolve: (ref) => resolveCommit(folders, read, ref),
    approvalsOf: (commit) => approvalTags(folders, read, commit),
  };
}

/** The nearest folder, from this one upwards, that holds a repository. */
async function topOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (await stat(path.join(at, '.git')).catch(() => null)) return at;
    if (at === path.dirname(at)) return null;
  }
}

/** Where every object is kept from earlier runs, what reads a repository's own files is not even loaded. */
function freshReader(gitdir: string): ReadObject {
  let clone: Promise<{ read: ReadObject }> | undefined;
  return async (oid) => {
    clone ??= import('./clone.ts').then(({ Clone }) => new Clone(gitdir));
    return (await clone).read(oid);
  };
}

/** What is no tag object, or cannot be read, approves nothing. */
async function approvalTags(folders: GitFolders, read: ReadObject, commit: Oid): Promise<readonly ApprovalTag[]> {
  const { approvalRef } = await import('./trust/approvals.ts');
  const tags: ApprovalTag[] = [];
  for (const [ref, oid] of await refsBelow(folders, approvalRef(commit, ''))) {
    const object = await read(oid).catch(() => null);
    if (object?.type === 'tag') tags.push({ ref, bytes: object.bytes });
  }
  return tags;
}

async function resolveCommit(folders: GitFolders, read: ReadObject, ref: string): Promise<Oid> {
  try {
    return await resolveRevision(ref, {
      commitOf: (name) => commitNamed(folders, read, name),
      parentsOf: async (oid) => parentsOf((await read(oid)).bytes),
    });
  } catch (error) {
    if (error instanceof RepositoryError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new RepositoryError('no-branch', `${ref} names no commit here: ${why}`, { cause: error });
  }
}

async function commitNamed(folders: GitFolders, read: ReadObject, name: string): Promise<Oid> {
  const oid = /^[0-9a-f]{40}$/.test(name)
    ? name
    : ((await resolveName(folders, name)) ?? (await expand(folders, name)));
  if (oid !== null) return commitAt(oid, read);
  throw new RepositoryError(
    'no-branch',
    (await isEmpty(folders))
      ? 'the Git repository has no commits yet'
      : `there is no branch, tag or commit ${name} here; is it fetched?`,
  );
}

/** The only object whose id begins so; null where there is none. @throws when there are several */
async function expand({ common }: GitFolders, abbreviated: string): Promise<Oid | null> {
  // Git takes no fewer digits either.
  if (!/^[0-9a-f]{4,39}$/.test(abbreviated)) return null;
  const [{ default: git }, { default: fs }] = await Promise.all([import('isomorphic-git'), import('node:fs')]);
  try {
    return await git.expandOid({ fs, gitdir: common, oid: abbreviated });
  } catch (error) {
    if (error instanceof git.Errors.NotFoundError) return null;
    throw error;
  }
}

/** A tag that is an object of its own leads to a commit, if need be by way of other tags. */
async function commitAt(oid: Oid, read: ReadObject): Promise<Oid> {
  const { type, bytes } = await read(oid);
  if (type === 'commit') return oid;
  const tagged =
    type === 'tag' ? /^object ([0-9a-f]{40})\n/.exec(Buffer.from(bytes).toString('latin1'))?.[1] : undefined;
  if (tagged === undefined) throw new Error(`object ${oid} is a ${type}`);
  return commitAt(tagged, read);
}
