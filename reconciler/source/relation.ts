// How two commits of one history stand to each other.

import { Breath } from './breath.ts';
import { type Oid, parentsOf } from './commit.ts';
import type { GitObjects } from './objects.ts';

/**
 * Of one commit to another:
 * - `same`
 * - `ahead`: it descends from the other
 * - `behind`: the other descends from it
 * - `aside`: neither
 */
export type Relation = 'same' | 'ahead' | 'behind' | 'aside';

/**
 * Both histories are walked back at once, a generation at a time: commits that are close to each other are told apart
 * by reading little, and only of those that have parted all is read.
 * @throws {GitObjectError}
 */
export async function relationOf(objects: Pick<GitObjects, 'commit'>, one: Oid, other: Oid): Promise<Relation> {
  if (one === other) return 'same';
  const breath = new Breath();
  const parents = async (oid: Oid): Promise<readonly Oid[]> => {
    await breath.take();
    return parentsOf(await objects.commit(oid));
  };
  let [fromOne, fromOther]: [Oid[], Oid[]] = [[one], [other]];
  const [seenFromOne, seenFromOther] = [new Set(fromOne), new Set(fromOther)];
  while (fromOne.length > 0 || fromOther.length > 0) {
    fromOne = await generationBefore(parents, fromOne, seenFromOne);
    if (seenFromOne.has(other)) return 'ahead';
    fromOther = await generationBefore(parents, fromOther, seenFromOther);
    if (seenFromOther.has(one)) return 'behind';
  }
  return 'aside';
}

async function generationBefore(
  parents: (oid: Oid) => Promise<readonly Oid[]>,
  generation: readonly Oid[],
  seen: Set<Oid>,
): Promise<Oid[]> {
  const before: Oid[] = [];
  for (const oid of generation) {
    for (const parent of await parents(oid)) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      before.push(parent);
    }
  }
  return before;
}
