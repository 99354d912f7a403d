// The Git repository around a site repo on an engineer's disk, read only: for plans between two refs.
import fs from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import git from 'isomorphic-git';
import { Clone } from './clone.ts';
import { type Oid, parentsOf } from './commit.ts';
import { keptObjects, type ObjectStore, type ReadObject } from './kept-objects.ts';
import { GitObjectError, type GitObjects, parseTree } from './objects.ts';
import { RepositoryError } from './repository-error.ts';
import { resolveRevision } from './revision.ts';

export interface LocalRepository {
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
  let root: string;
  try {
    root = await git.findRoot({ fs, filepath: site });
  } catch {
    throw new RepositoryError('no-repository', `${folder} is in no Git repository`);
  }
  const gitdir = await gitFolder(path.join(root, '.git'));
  const clone = new Clone(gitdir);
  const readFresh: ReadObject = (oid) => clone.read(oid);
  const read = store ? keptObjects(store, readFresh) : readFresh;
  const bytes = async (oid: Oid, type: string): Promise<Uint8Array> => {
    const object = await read(oid);
    if (object.type === type) return object.bytes;
    throw new GitObjectError('missing-object', oid, `object ${oid} is a ${object.type}, where a ${type} is needed`);
  };
  return {
    objects: {
      has: async (oid) =>
        clone.read(oid).then(
          ({ type }) => type === 'commit',
          () => false,
        ),
      commit: (oid) => bytes(oid, 'commit'),
      tree: async (oid) => parseTree(await bytes(oid, 'tree')),
      blob: (oid) => bytes(oid, 'blob'),
    },
    folder: path.relative(root, site).split(path.sep).join('/'),
    resolve: (ref) => resolveCommit(gitdir, read, ref),
  };
}

/** `.git`, which in linked work trees is a file that names the folder (gitrepository-layout(5)). */
async function gitFolder(dotGit: string): Promise<string> {
  if ((await stat(dotGit)).isDirectory()) return dotGit;
  const named = (await readFile(dotGit, 'utf8')).replace(/^gitdir: /, '').trim();
  const own = path.resolve(path.dirname(dotGit), named);
  const common = await readFile(path.join(own, 'commondir'), 'utf8').catch(() => '.');
  return path.resolve(own, common.trim());
}

async function resolveCommit(gitdir: string, read: ReadObject, ref: string): Promise<Oid> {
  try {
    return await resolveRevision(ref, {
      commitOf: (name) => commitNamed(gitdir, read, name),
      parentsOf: async (oid) => parentsOf((await read(oid)).bytes),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RepositoryError('no-branch', `${ref} names no commit here: ${why}`, { cause: error });
  }
}

async function commitNamed(gitdir: string, read: ReadObject, name: string): Promise<Oid> {
  const oid = await git.resolveRef({ fs, gitdir, ref: name }).catch(() => git.expandOid({ fs, gitdir, oid: name }));
  if ((await read(oid)).type === 'commit') return oid;
  // A tag that is an object of its own leads to one.
  return (await git.readCommit({ fs, gitdir, oid })).oid;
}
