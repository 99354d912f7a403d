// The history of a site repo on an engineer's disk, as the trust commands read it.
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type Oid, parseCommit } from '../../source/commit.ts';
import { type LocalRepository, openLocal } from '../../source/local.ts';
import type { GitObjects } from '../../source/objects.ts';
import { gitFolders } from '../../source/refs.ts';
import { CliError } from '../cli-error.ts';
import { checkFolder } from '../site-folder.ts';

/** @throws {CliError} when the site repo is not all of its Git repository; {@link RepositoryError} */
export async function openHistory(dir: string): Promise<LocalRepository> {
  checkFolder(dir);
  const repository = await openLocal(dir);
  if (repository.folder === '') return repository;
  throw new CliError(`${dir} is the folder ${repository.folder} of a repository: boot servers pull whole repositories`);
}

/** A setting of the repository's own configuration; null where it has none. */
export async function repositorySetting(dir: string, name: string): Promise<string | null> {
  const { common } = await gitFolders(path.join(await realpath(dir), '.git'));
  const [{ default: git }, { default: fs }] = await Promise.all([import('isomorphic-git'), import('node:fs')]);
  const value: unknown = await git.getConfig({ fs, gitdir: common, path: name });
  return typeof value === 'string' ? value : null;
}

/** The commit in which a history begins, by first parents. */
export async function firstCommit(objects: GitObjects, commit: Oid): Promise<Oid> {
  for (let at = commit; ; ) {
    const [parent] = parseCommit(await objects.commit(at)).parents;
    if (parent === undefined) return at;
    at = parent;
  }
}
