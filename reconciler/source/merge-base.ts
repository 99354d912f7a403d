// Where two lines of history part.

import { Breath } from './breath.ts';
import { type Oid, parseCommit } from './commit.ts';
import type { GitObjects } from './objects.ts';
import { relationOf } from './relation.ts';

type Commits = Pick<GitObjects, 'commit'>;

/** A commit where two lines part, see {@link mergeBases}; null when they have nothing in common. */
export async function mergeBase(objects: Commits, one: Oid, other: Oid): Promise<Oid | null> {
  const [base = null] = await mergeBases(objects, one, other);
  return base;
}

/**
 * The best common ancestors of two commits: both descend from each of them, and none of them from another one. There is
 * one unless merges ran crosswise. The walk takes the newest commits first, by what they say themselves: so little more
 * is read than the history since then, and commits that lie only make it longer.
 * @throws {GitObjectError | ObjectFormatError}
 */
export async function mergeBases(objects: Commits, one: Oid, other: Oid): Promise<readonly Oid[]> {
  const walk = new Walk(objects);
  await walk.reach(one, { byOne: true, byOther: false, below: false });
  await walk.reach(other, { byOne: false, byOther: true, below: false });
  await walk.toTheEnd();
  const { common } = walk;
  const best: Oid[] = [];
  for (const oid of common) if (!(await hasDescendant(objects, oid, common))) best.push(oid);
  return best;
}

async function hasDescendant(objects: Commits, oid: Oid, among: readonly Oid[]): Promise<boolean> {
  for (const other of among) if ((await relationOf(objects, oid, other)) === 'behind') return true;
  return false;
}

/** From which side a commit is reached, and whether it is below one that both sides reach. */
interface Reached {
  readonly byOne: boolean;
  readonly byOther: boolean;
  readonly below: boolean;
}

class Walk {
  readonly #reached = new Map<Oid, Reached>();
  readonly #commits = new Map<Oid, { readonly parents: readonly Oid[]; readonly seconds: number }>();
  /** Those whose parents are to be reached next, the newest one last. */
  readonly #waiting: { readonly oid: Oid; readonly seconds: number }[] = [];
  /** How many of those that wait are not below a common one: without any, nothing new can be found. */
  #open = 0;
  readonly #isWaiting = new Set<Oid>();

  constructor(private readonly objects: Commits) {}

  /** What both sides have reached, but for what is known to be below another such commit. */
  get common(): readonly Oid[] {
    return [...this.#reached].flatMap(([oid, { byOne, byOther, below }]) => (byOne && byOther && !below ? oid : []));
  }

  async reach(oid: Oid, by: Reached): Promise<void> {
    const known = this.#reached.get(oid) ?? { byOne: false, byOther: false, below: false };
    const now = {
      byOne: known.byOne || by.byOne,
      byOther: known.byOther || by.byOther,
      below: known.below || by.below,
    };
    if (now.byOne === known.byOne && now.byOther === known.byOther && now.below === known.below) return;
    this.#reached.set(oid, now);
    if (this.#isWaiting.has(oid)) {
      if (now.below && !known.below) this.#open -= 1;
      return;
    }
    this.#isWaiting.add(oid);
    if (!now.below) this.#open += 1;
    const { seconds } = await this.#read(oid);
    this.#waiting.splice(this.#placeOf(seconds), 0, { oid, seconds });
  }

  async toTheEnd(): Promise<void> {
    const breath = new Breath();
    while (this.#open > 0) {
      await breath.take();
      const { oid } = this.#waiting.pop() ?? {};
      const reached = oid === undefined ? undefined : this.#reached.get(oid);
      if (oid === undefined || !reached) return;
      this.#isWaiting.delete(oid);
      if (!reached.below) this.#open -= 1;
      const { parents } = await this.#read(oid);
      const by = { ...reached, below: reached.below || (reached.byOne && reached.byOther) };
      for (const parent of parents) await this.reach(parent, by);
    }
  }

  async #read(oid: Oid): Promise<{ readonly parents: readonly Oid[]; readonly seconds: number }> {
    const known = this.#commits.get(oid);
    if (known) return known;
    const { parents, committer } = parseCommit(await this.objects.commit(oid));
    const read = { parents, seconds: committer.seconds };
    this.#commits.set(oid, read);
    return read;
  }

  #placeOf(seconds: number): number {
    let [from, to] = [0, this.#waiting.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#waiting[middle]?.seconds ?? 0) < seconds) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
