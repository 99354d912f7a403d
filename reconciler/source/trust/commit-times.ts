// The times that commits say of themselves. Backdating is how a key that is over would be used: so nothing is believed to
// be older than what it follows on, but for what clocks may be wrong.
import { type Commit, type Oid, parseCommit } from '../commit.ts';
import type { GitObjects } from '../objects.ts';
import { readable } from './readable.ts';
import { refuse, short } from './refusal.ts';
import { clockErrorSeconds, instant } from './trust-set.ts';

const hint = 'set the clock right, then git commit --amend --no-edit';

export class CommitTimes {
  readonly #objects: GitObjects;
  readonly #nowSeconds: number;
  readonly #root: Oid | undefined;
  readonly #newest = new Map<Oid, number>();

  /** @param root what is below it has never been judged, and need not be there; none where all is to be looked at */
  constructor(objects: GitObjects, nowSeconds: number, root?: Oid) {
    this.#objects = objects;
    this.#nowSeconds = nowSeconds;
    this.#root = root;
  }

  /** @throws {Refused} for a commit that is older than its history, or not made yet */
  async refuseOdd(oid: Oid, { committer: { seconds }, parents }: Commit): Promise<void> {
    if (seconds > this.#nowSeconds + clockErrorSeconds) {
      refuse(oid, 'future-commit', `commit ${short(oid)} says that it will be made ${instant(seconds)}`, hint);
    }
    for (const parent of new Set(parents)) {
      const newest = await readable(oid, () => this.#newestAsFarAsNeeded(parent, seconds));
      if (seconds >= newest - clockErrorSeconds) continue;
      const message = `commit ${short(oid)} says ${instant(seconds)}, the history of its parent ${short(parent)} goes up to ${instant(newest)}`;
      refuse(oid, 'time-backwards', message, hint);
    }
  }

  /** Nothing in a history is newer than its last commit by more than a clock may be wrong. */
  async #newestAsFarAsNeeded(parent: Oid, seconds: number): Promise<number> {
    const last = (await this.#read(parent)).committer.seconds;
    return last <= seconds || last > seconds + clockErrorSeconds ? last : this.#newestIn(parent);
  }

  /**
   * The newest time in the history of a commit, its own included: else many small steps would lead back as far as one
   * likes. All that follows on the newest commit is no more than a day older, this commit included: so only commits of
   * the last day have to be looked at.
   */
  async #newestIn(oid: Oid): Promise<number> {
    const known = this.#newest.get(oid);
    if (known !== undefined) return known;
    const own = (await this.#read(oid)).committer.seconds;
    let newest = own;
    const reached = new Set([oid]);
    for (const ancestor of reached) {
      const newestThere = this.#newest.get(ancestor);
      const { committer, parents } = await this.#read(ancestor);
      newest = Math.max(newest, newestThere ?? committer.seconds);
      if (newestThere !== undefined || ancestor === this.#root) continue;
      if (committer.seconds < own - clockErrorSeconds) continue;
      for (const parent of parents) if (await this.#objects.has(parent)) reached.add(parent);
    }
    this.#newest.set(oid, newest);
    return newest;
  }

  async #read(oid: Oid): Promise<Commit> {
    return parseCommit(await this.#objects.commit(oid));
  }
}
