// Which commit a revision means: a name, and steps from it to ancestors (gitrevisions(7)).
import type { Oid } from './commit.ts';

/** What a repository knows of its commits. */
export interface RevisionSource {
  /** The commit that a branch, tag or (abbreviated) id names. @throws when there is none */
  commitOf(name: string): Promise<Oid>;
  /** In their order: the first is that of the branch that was merged into. */
  parentsOf(commit: Oid): Promise<readonly Oid[]>;
}

/** A way from a commit to one of its parents, by its number from 1 on. */
type Step = number;

interface Revision {
  readonly name: string;
  readonly steps: readonly Step[];
}

/**
 * Read `<name>` with any number of `~<n>` (the n-th ancestor, always by the first parent) and `^<n>` (the n-th parent)
 * after it; n is 1 where it is left out, and with 0 the commit is itself meant. Null for anything else.
 */
export function parseRevision(text: string): Revision | null {
  // No name of Git's holds either sign (git-check-ref-format(1)).
  const [, name, rest = ''] = /^([^~^]+)((?:[~^]\d*)*)$/.exec(text) ?? [];
  if (name === undefined) return null;
  const steps = [...rest.matchAll(/([~^])(\d*)/g)].flatMap(([, sign, digits = '']) => {
    const number = digits === '' ? 1 : Math.min(Number(digits), maxSteps);
    if (sign === '~') return new Array<Step>(number).fill(1);
    return number === 0 ? [] : [number];
  });
  return { name, steps };
}

/** No one goes back further by counting. */
const maxSteps = 1_000_000;

/** @throws {Error} with what is wrong */
export async function resolveRevision(text: string, source: RevisionSource): Promise<Oid> {
  const revision = parseRevision(text);
  if (!revision) throw new Error('it is no branch, tag or id with ~<n> or ^<n> after it');
  let commit = await source.commitOf(revision.name);
  for (const step of revision.steps) {
    const parents = await source.parentsOf(commit);
    const parent = parents[step - 1];
    if (parent === undefined) throw new Error(`${commit.slice(0, 12)} has ${parentCount(parents.length)}`);
    commit = parent;
  }
  return commit;
}

function parentCount(count: number): string {
  if (count === 0) return 'no parent: it is the first commit';
  return count === 1 ? 'one parent' : `${count} parents`;
}
