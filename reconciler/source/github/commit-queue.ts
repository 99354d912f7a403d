// What is to be said on GitHub about commits, on its way there. The newest report of a commit replaces one that still
// waits. Whatever happens to GitHub, the agent goes on: nothing here rejects, and nothing waits for it.
import { Bell } from '../../../schema/bell.ts';
import { Backoff } from '../../../schema/state/backoff.ts';
import type { Oid } from '../commit.ts';
import type { GitHub } from './api.ts';
import type { CommitReport } from './commit-report.ts';
import { type CommitStatusTarget, postCommitStatus, postDeployment } from './commit-status.ts';
import { type Trouble, troubleOf } from './trouble.ts';

export interface CommitQueueOptions {
  /**
   * Make a client that does not wait by itself (`deadlineSeconds: null`). Called when there is first something to say,
   * and anew after GitHub has refused the token: it may read another one.
   */
  readonly connect: (signal: AbortSignal) => Promise<GitHub>;
  readonly target: CommitStatusTarget;
  readonly onTrouble: (trouble: Trouble, report: CommitReport) => void;
  /** How long a commit's headline stays as it is while its state does not change: GitHub takes 1,000 in all. */
  readonly headlinePaceMs?: number;
  /** The shortest and the longest wait before GitHub is tried again. */
  readonly retryMs?: readonly [first: number, limit: number];
}

/** More commits than this are not waited for, however long GitHub is away. */
const maxCommits = 100;

export class CommitQueue {
  readonly #options: Required<CommitQueueOptions>;
  readonly #bell = new Bell();
  readonly #waiting = new Map<Oid, CommitReport>();
  /** What GitHub has, and since when by `performance.now()`. */
  readonly #said = new Map<Oid, { readonly report: CommitReport; readonly atMs: number }>();
  /** The newest commit that was accepted. */
  #current: CommitReport | null = null;
  /** Whether this agent is the one that says it. */
  #leads = false;

  constructor(options: CommitQueueOptions) {
    this.#options = { headlinePaceMs: 5 * 60_000, retryMs: [1_000, 5 * 60_000], ...options };
  }

  /** How many commits have something said about them that GitHub does not have yet. */
  get length(): number {
    return this.#waiting.size;
  }

  /** Say it soon. Saying the same again costs nothing. */
  add(report: CommitReport): void {
    this.#leads = true;
    if (report.state !== 'refused') {
      const before = this.#current;
      if (before && before.commit !== report.commit && before.state === 'pending') {
        this.#put({ ...before, state: 'superseded', headline: `superseded by ${report.commit.slice(0, 12)}` });
      }
      this.#current = report;
    }
    this.#put(report);
  }

  /**
   * What another agent says: kept in mind, for the day on which this one has to go on. What it still wanted to say itself
   * is out of date by now, and what GitHub has may change without it.
   */
  follow(report: CommitReport): void {
    if (this.#leads) {
      this.#waiting.clear();
      this.#said.clear();
    }
    this.#leads = false;
    if (report.state !== 'refused') this.#current = report;
  }

  #put(report: CommitReport): void {
    const { commit } = report;
    if (isSame(this.#said.get(commit)?.report, report)) this.#waiting.delete(commit);
    else if (!isSame(this.#waiting.get(commit), report)) this.#waiting.set(commit, report);
    dropOldest(this.#waiting, maxCommits);
    this.#bell.ring();
  }

  /** Report until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { connect } = this.#options;
    const backoff = new Backoff(...this.#options.retryMs);
    let github: GitHub | null = null;
    while (!signal.aborted) {
      const { report, waitMs } = this.#next();
      if (!report) {
        await this.#bell.wait(signal, waitMs);
        continue;
      }
      try {
        github ??= await connect(signal);
        await this.#say(github, report);
        backoff.reset();
      } catch (error) {
        if (signal.aborted) break;
        const trouble = troubleOf(error, Date.now());
        this.#options.onTrouble(trouble, report);
        this.#postpone(report, trouble);
        if (trouble.kind === 'not-permitted') {
          await github?.close();
          github = null;
        }
        // Not the bell: a report that is added does not bring GitHub back.
        await new Bell().wait(signal, Math.max(backoff.next(), retryAfterMs(trouble)));
      }
    }
    await github?.close();
  }

  /** The first report that is due; without one, how long until there is. */
  #next(): { readonly report?: CommitReport; readonly waitMs?: number } {
    let waitMs = Number.POSITIVE_INFINITY;
    for (const report of this.#waiting.values()) {
      const said = this.#said.get(report.commit);
      const inMs =
        said?.report.state === report.state ? said.atMs + this.#options.headlinePaceMs - performance.now() : 0;
      if (inMs <= 0) return { report };
      waitMs = Math.min(waitMs, inMs);
    }
    return waitMs === Number.POSITIVE_INFINITY ? {} : { waitMs };
  }

  async #say(github: GitHub, report: CommitReport): Promise<void> {
    const { target, onTrouble } = this.#options;
    await postCommitStatus(github, target, report);
    try {
      await postDeployment(github, target, report);
    } catch (error) {
      const trouble = troubleOf(error, Date.now());
      // A token for statuses alone is enough to say the most important.
      if (trouble.kind !== 'not-permitted' && trouble.kind !== 'declined') throw error;
      onTrouble(trouble, report);
    }
    this.#settle(report);
  }

  /** Nothing more is to be done about it. */
  #settle(report: CommitReport): void {
    if (!this.#leads) return;
    const { commit } = report;
    this.#said.delete(commit);
    this.#said.set(commit, { report, atMs: performance.now() });
    dropOldest(this.#said, maxCommits);
    if (this.#waiting.get(commit) === report) this.#waiting.delete(commit);
  }

  /** Others get their turn first; what GitHub declined it would decline again. */
  #postpone(report: CommitReport, { kind }: Trouble): void {
    if (kind === 'declined') return this.#settle(report);
    if (this.#waiting.get(report.commit) !== report) return;
    this.#waiting.delete(report.commit);
    this.#waiting.set(report.commit, report);
  }
}

function isSame(one: CommitReport | undefined, other: CommitReport): boolean {
  return one?.state === other.state && one.headline === other.headline;
}

function retryAfterMs(trouble: Trouble): number {
  return trouble.kind === 'rate-limited' ? trouble.retryAfterSeconds * 1000 : 0;
}

/** @param map in the order of its last changes */
function dropOldest(map: Map<Oid, unknown>, size: number): void {
  for (const key of map.keys()) {
    if (map.size <= size) return;
    map.delete(key);
  }
}
