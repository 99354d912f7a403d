// berth validate --base: the site at a Git ref, for rules about what changes.
import { loadSite, type Site } from '../../schema/load.ts';
import { openLocal } from '../source/local.ts';
import { SiteFilesError } from '../source/site-files.ts';
import { readTree } from '../source/tree.ts';
import { runCache } from './run-cache.ts';

export interface Base {
  readonly site: Site | null;
  /** Why there is no site to compare with; null where that is as it should be. */
  readonly reason: string | null;
}

/** @throws {RepositoryError} when the folder is in no Git repository, or the ref names no commit of it */
export async function loadAt(folder: string, ref: string): Promise<Base> {
  const repository = await openLocal(folder, runCache());
  const commit = await repository.resolve(ref);
  const where = `${ref}:${repository.folder}`;
  try {
    const files = await readTree(repository.objects, commit, repository.folder);
    // A branch that brings the site repo changes none.
    if (!files.has('site.yaml')) return { site: null, reason: null };
    const { site } = loadSite(files, runCache());
    return { site, reason: site === null ? `${where} is no valid site repo` : null };
  } catch (error) {
    if (error instanceof SiteFilesError) return { site: null, reason: `${where} is no valid site repo` };
    throw error;
  }
}
