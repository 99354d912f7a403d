// The Git repository around a site repo on an engineer's disk, read only: for plans between two refs.
import fs from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import git from 'isomorphic-git';
import { Clone } from './clone.ts';
import type { Oid } from './commit.ts';
import { GitObjectError, type GitObjects, parseTree } from './objects.ts';
import { RepositoryError } from './repository-error.ts';

export interface LocalRepository {
  readonly objects: GitObjects;
  /** Path of the site repo in the repository, empty when it is its top. */
  readonly folder: string;
  /** The commit that a branch, tag or (abbreviated) id names. @throws {RepositoryError} `no-branch` */
  resolve(ref: string): Promise<Oid>;
}

/** @throws {RepositoryError} `no-repository` when the folder is in none */
export async function openLocal(folder: string): Promise<LocalRepository> {
  const site = await realpath(folder);
  let root: string;
  try {
    root = await git.findRoot({ fs, filepath: site });
  } catch {
    throw new RepositoryError('no-repository', `${folder} is in no Git repository`);
  }
  const gitdir = await gitFolder(path.join(root, '.git'));
  const clone = new Clone(gitdir);
  const bytes = async (oid: Oid, type: string): Promise<Uint8Array> => {
    const object = await clone.read(oid);
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
    resolve: (ref) => resolveCommit(gitdir, ref),
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

async function resolveCommit(gitdir: string, ref: string): Promise<Oid> {
  try {
    const [name = '', steps] = ref.split('~', 2);
    const oid = await git.resolveRef({ fs, gitdir, ref: name }).catch(() => git.expandOid({ fs, gitdir, oid: name }));
    let commit = (await git.readCommit({ fs, gitdir, oid })).oid;
    const back = steps === undefined ? 0 : steps === '' ? 1 : Number(steps);
    for (let step = 0; step < back; step++) {
      const [parent] = (await git.readCommit({ fs, gitdir, oid: commit })).commit.parent;
      if (parent === undefined) throw new Error('there is no such ancestor');
      commit = parent;
    }
    return commit;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RepositoryError('no-branch', `${ref} names no commit here: ${why}`, { cause: error });
  }
}
