// berth plan --base: between two Git refs, or a ref and the files on disk, with no etcd at all.
import { checkTransitions } from '../../schema/rules/rules.ts';
import { previewBetween } from '../plan/show/offline.ts';
import { openLocal } from '../source/local.ts';
import { filesAt, filesAtIfAny, filesOnDisk, type Made, originIn } from './plan-wanted.ts';
import { runCache } from './run-cache.ts';
import { placedIn } from './site-folder.ts';

/**
 * The base is taken to be in force, every machine running what it says.
 * @param head undefined for the files on disk
 * @throws {InvalidSite} when either is none
 */
export async function planBetween(folder: string, base: string, head: string | undefined): Promise<Made> {
  const repository = await openLocal(folder, runCache());
  const wanted = head === undefined ? await filesOnDisk(folder) : await filesAt(repository, head);
  const before = await filesAtIfAny(repository, base);
  const { site, blueprint } = wanted.compiled;
  const transitions = before.compiled ? checkTransitions(before.compiled.site, site) : [];
  // A branch that brings the site repo has nothing to be compared with.
  const compared = `${before.title}${before.compiled ? '' : ', which has no site repo'}`;
  return {
    heading: `Plan for ${wanted.title}, compared with ${compared}`,
    preview: previewBetween(before.compiled?.blueprint ?? null, { blueprint, commit: wanted.commit }, originIn(wanted)),
    transitions: transitions.map((diagnostic) => placedIn(diagnostic, wanted.where)),
  };
}
