// The part of a history that is still to be judged: what the new head reaches and the last accepted commit does not.

import { Breath } from '../breath.ts';
import { type Oid, parentsOf } from '../commit.ts';
import type { GitObjects } from '../objects.ts';

export interface NewHistory {
  /** Commits still to be judged, parents before children, always in the same order. */
  readonly commits: readonly Oid[];
  /** Commits below the base that a new commit may have as its parent but that nobody ever vouched for. */
  readonly unvouched: ReadonlySet<Oid>;
}

/**
 * Find the commits that `to` reaches and `base` does not.
 * @param root the first commit that was ever accepted; what is below it has never been judged
 * @returns null when `to` does not descend from `base`
 */
export async function newHistory(objects: GitObjects, base: Oid, to: Oid, root?: Oid): Promise<NewHistory | null> {
  const graph = new CommitGraph(objects);
  const above = await graph.reach([to], base);
  if (!above.has(base)) return null;
  above.delete(base);
  // Unless a way from the new head passes by the base and ends in a root, no ancestor of the base is among them: its
  // own ancestors would be too, down to a root. So the whole history is only read for branches older than the base.
  const passedBy = [...above].some((oid) => graph.parents(oid).length === 0);
  if (!passedBy) return { commits: graph.ordered(to, above), unvouched: new Set() };
  for (const known of await graph.reach([base])) above.delete(known);
  const unvouched = root === undefined ? new Set<Oid>() : await graph.reach(await graph.parentsOf(root));
  return { commits: graph.ordered(to, above), unvouched };
}

/** Commits and their parents, each read once. */
class CommitGraph {
  private readonly known = new Map<Oid, readonly Oid[]>();

  constructor(private readonly objects: GitObjects) {}

  /** Parents of a commit that has been reached. */
  parents(oid: Oid): readonly Oid[] {
    return this.known.get(oid) ?? [];
  }

  async parentsOf(oid: Oid): Promise<readonly Oid[]> {
    const known = this.known.get(oid);
    if (known) return known;
    const parents = parentsOf(await this.objects.commit(oid));
    this.known.set(oid, parents);
    return parents;
  }

  /** The commits and all of their ancestors; ancestors of `stop` only as far as they are reached another way. */
  async reach(from: readonly Oid[], stop?: Oid): Promise<Set<Oid>> {
    const reached = new Set(from);
    const breath = new Breath();
    for (const oid of reached) {
      await breath.take();
      if (oid === stop) continue;
      for (const parent of await this.parentsOf(oid)) reached.add(parent);
    }
    return reached;
  }

  /** Those of the commits that `to` reaches through the others, parents before children, first parents first. */
  ordered(to: Oid, commits: ReadonlySet<Oid>): Oid[] {
    const order: Oid[] = [];
    const seen = new Set<Oid>();
    const stack: { readonly oid: Oid; readonly left: Iterator<Oid> }[] = [];
    const enter = (oid: Oid): void => {
      if (seen.has(oid) || !commits.has(oid)) return;
      seen.add(oid);
      stack.push({ oid, left: this.parents(oid)[Symbol.iterator]() });
    };
    enter(to);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.left.next();
      if (!next.done) enter(next.value);
      else {
        order.push(top.oid);
        stack.pop();
      }
    }
    return order;
  }
}
