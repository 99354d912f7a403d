// Where two lines of history part.
import { type Oid, parseCommit } from './commit.ts';
import type { GitObjects } from './objects.ts';

/**
 * A commit that both descend from, looked for from both at once, a generation at a time: so the newest one unless
 * merges run crosswise. Only history that is newer than it, about, is read.
 * @returns null when they have nothing in common
 */
export async function mergeBase(objects: Pick<GitObjects, 'commit'>, one: Oid, other: Oid): Promise<Oid | null> {
  const [left, right] = [new Walk(objects, one), new Walk(objects, other)];
  while (true) {
    for (const oid of left.newest) if (right.seen.has(oid)) return oid;
    for (const oid of right.newest) if (left.seen.has(oid)) return oid;
    if (left.newest.length === 0 && right.newest.length === 0) return null;
    await Promise.all([left.back(), right.back()]);
  }
}

/** All ancestors of a commit, by the number of steps to them. */
class Walk {
  readonly seen: Set<Oid>;
  newest: readonly Oid[];

  constructor(
    private readonly objects: Pick<GitObjects, 'commit'>,
    from: Oid,
  ) {
    this.seen = new Set([from]);
    this.newest = [from];
  }

  async back(): Promise<void> {
    const commits = await Promise.all(this.newest.map(async (oid) => parseCommit(await this.objects.commit(oid))));
    this.newest = [...new Set(commits.flatMap(({ parents }) => parents))].filter((parent) => !this.seen.has(parent));
    for (const oid of this.newest) this.seen.add(oid);
  }
}
