// How commits stand to each other in a clone that may lack some of them. What was found out once is remembered: history
// does not change.
import type { Oid } from './commit.ts';
import { GitObjectError, type GitObjects } from './objects.ts';
import { type Relation, relationOf } from './relation.ts';

const remembered = 1_000;

export class Kinship {
  readonly #objects: Pick<GitObjects, 'has' | 'commit'>;
  readonly #known = new Map<string, Relation>();

  constructor(objects: Pick<GitObjects, 'has' | 'commit'>) {
    this.#objects = objects;
  }

  /** How one commit stands to another; `unknown` where one of them is not there, or its history cannot be read. */
  async relation(one: Oid, other: Oid): Promise<Relation | 'unknown'> {
    if (one === other) return 'same';
    const pair = `${one} ${other}`;
    const known = this.#known.get(pair);
    if (known !== undefined) return known;
    if (!(await this.#objects.has(one)) || !(await this.#objects.has(other))) return 'unknown';
    try {
      const relation = await relationOf(this.#objects, one, other);
      if (this.#known.size >= remembered) this.#known.clear();
      this.#known.set(pair, relation);
      return relation;
    } catch (error) {
      if (error instanceof GitObjectError) return 'unknown';
      throw error;
    }
  }

  /** Whether a commit has another one in its history, or is that one itself, as far as is known. */
  async contains(commit: Oid, other: Oid): Promise<boolean> {
    const relation = await this.relation(commit, other);
    return relation === 'same' || relation === 'ahead';
  }
}
