// The times that commits say of themselves. Backdating is how a key that is over would be used: so nothing is believed to
// be older than what it follows on, but for what clocks may be wrong.
import type { Commit, Oid } from '../commit.ts';
import { refuse, short } from './refusal.ts';
import { clockErrorSeconds, instant } from './trust-set.ts';

const hint = 'set the clock right, then git commit --amend --no-edit';

/** Where commits are read. */
export interface CommitReader {
  has(oid: Oid): Promise<boolean>;
  /** @param judged the commit that is refused when the other one cannot be read. @throws {Refused} */
  read(oid: Oid, judged: Oid): Promise<Commit>;
}

export class CommitTimes {
  readonly #commits: CommitReader;
  readonly #nowSeconds: number;
  readonly #root: Oid | undefined;
  readonly #newest = new Map<Oid, number>();

  /** @param root what is below it has never been judged, and need not be there; none where all is to be looked at */
  constructor(commits: CommitReader, nowSeconds: number, root?: Oid) {
    this.#commits = commits;
    this.#nowSeconds = nowSeconds;
    this.#root = root;
  }

  /** @throws {Refused} for a commit that is older than its history, or not made yet */
  async refuseOdd(oid: Oid, { committer: { seconds }, parents }: Commit): Promise<void> {
    if (seconds > this.#nowSeconds + clockErrorSeconds) {
      refuse(oid, 'future-commit', `commit ${short(oid)} says that it will be made ${instant(seconds)}`, hint);
    }
    for (const parent of new Set(parents)) {
      const newest = await this.#newestAsFarAsNeeded(parent, seconds, oid);
      if (seconds >= newest - clockErrorSeconds) continue;
      const message = `commit ${short(oid)} says ${instant(seconds)}, the history of its parent ${short(parent)} goes up to ${instant(newest)}`;
      refuse(oid, 'time-backwards', message, hint);
    }
  }

  /** Nothing in a history is newer than its last commit by more than a clock may be wrong. */
  async #newestAsFarAsNeeded(parent: Oid, seconds: number, judged: Oid): Promise<number> {
    const last = (await this.#commits.read(parent, judged)).committer.seconds;
    return last <= seconds || last > seconds + clockErrorSeconds ? last : this.#newestIn(parent, judged);
  }

  /**
   * The newest time in the history of a commit, its own included: else many small steps would lead back as far as one
   * likes. All that follows on the newest commit is no more than a day older, this commit included: so only commits of
   * the last day have to be looked at.
   */
  async #newestIn(oid: Oid, judged: Oid): Promise<number> {
    const known = this.#newest.get(oid);
    if (known !== undefined) return known;
    const own = (await this.#commits.read(oid, judged)).committer.seconds;
    let newest = own;
    const reached = new Set([oid]);
    for (const ancestor of reached) {
      const newestThere = this.#newest.get(ancestor);
      const { committer, parents } = await this.#commits.read(ancestor, judged);
      newest = Math.max(newest, newestThere ?? committer.seconds);
      if (newestThere !== undefined || ancestor === this.#root) continue;
      if (committer.seconds < own - clockErrorSeconds) continue;
      for (const parent of parents) if (await this.#commits.has(parent)) reached.add(parent);
    }
    this.#newest.set(oid, newest);
    return newest;
  }
}
