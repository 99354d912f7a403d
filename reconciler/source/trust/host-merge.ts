// Merges that the Git host makes and signs when somebody presses a button. The host is trusted to put two lines of
// history together file by file, and with nothing else: what comes out must be fixed by what goes in.

import { type Commit, type Oid, parseCommit } from '../commit.ts';
import { mergeBases } from '../merge-base.ts';
import type { GitObjects } from '../objects.ts';
import { changedPaths } from './changes.ts';

export type MergeShape =
  /** `brought`: what differs from the first parent, all of it as the second parent has it. */
  { readonly clean: true; readonly brought: readonly string[] } | { readonly clean: false; readonly why: string };

/**
 * Whether a commit with two parents holds exactly what a merge file by file makes of them: each file as the side has it
 * that changed it since the histories parted. A file that both sides changed differently is for people to merge.
 * @throws what reading objects throws
 */
export async function shapeOfMerge(objects: GitObjects, commit: Commit): Promise<MergeShape> {
  const [first, second] = commit.parents;
  if (first === undefined || second === undefined || commit.parents.length > 2) {
    return { clean: false, why: 'it has not two parents' };
  }
  const [base, another] = await mergeBases(objects, first, second);
  if (base === undefined) return { clean: false, why: 'its parents have nothing in common' };
  // By one of them a file was changed on one side, by the other one on both: the host could choose.
  if (another !== undefined) return { clean: false, why: 'its parents have parted at several commits' };
  const tree = async (oid: Oid): Promise<Oid> => parseCommit(await objects.commit(oid)).tree;
  const [baseTree, firstTree, secondTree] = [await tree(base), await tree(first), await tree(second)];
  const changed = async (before: Oid, after: Oid): Promise<ReadonlySet<string>> =>
    new Set(await changedPaths(objects, before, after));
  const [here, there] = [await changed(baseTree, firstTree), await changed(baseTree, secondTree)];
  const [brought, kept] = [await changed(firstTree, commit.tree), await changed(secondTree, commit.tree)];
  for (const path of brought) {
    // It must come from the second parent, which alone has changed it.
    if (there.has(path) && !here.has(path) && !kept.has(path)) continue;
    return { clean: false, why: whyNot(path, here.has(path) && there.has(path)) };
  }
  for (const path of kept) {
    if (here.has(path) && !there.has(path)) continue;
    return { clean: false, why: whyNot(path, here.has(path) && there.has(path)) };
  }
  return { clean: true, brought: [...brought] };
}

function whyNot(path: string, bothChangedIt: boolean): string {
  const file = JSON.stringify(path);
  return bothChangedIt
    ? `both sides have changed ${file}`
    : `${file} is neither as the one nor as the other side has it`;
}
