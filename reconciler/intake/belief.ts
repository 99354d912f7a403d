// What an agent believes by its verdicts so far: the head that it relies on, what that follows on, or why it relies on
// none. In memory only, and changed at one go: a plan that is made meanwhile sees all of a verdict or nothing.
import type { Logger } from 'pino';
import type { AgentMetrics } from '../agent-metrics.ts';
import type { AcceptedHead, RefusedHead } from '../source/accept.ts';
import type { Oid } from '../source/commit.ts';

export interface BeliefOptions {
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  /** Called with whatever is new. */
  readonly onChange: () => void;
}

/** A refusal, and since when it stands. */
export type RefusedAt = RefusedHead & { readonly at: string };

export class Belief {
  readonly #options: BeliefOptions;
  readonly #signers = new Map<Oid, string>();
  /** Commits that the head is known to follow on, itself included, and commits that it is known not to follow on. */
  readonly #contained = new Set<Oid>();
  readonly #foreign = new Set<Oid>();
  #head: AcceptedHead | null = null;
  #headSeconds: number | null = null;
  /** What was judged when it was refused, and why it was. */
  #refused: { readonly head: Oid; readonly why: RefusedAt } | null = null;
  #held: string | null = null;

  constructor(options: BeliefOptions) {
    this.#options = options;
  }

  /** The newest head that was accepted; null until there is one, and when it is not relied on any more. */
  get head(): AcceptedHead | null {
    return this.#head;
  }

  /** When the newest accepted head was made, by itself; in seconds since 1970. */
  get headSeconds(): number | null {
    return this.#headSeconds;
  }

  /** Why the newest head is not in force, if it is not. */
  get refused(): RefusedAt | null {
    return this.#refused?.why ?? null;
  }

  /** Why what was accepted is not relied on any more: nothing is to be begun for it. Null while it is. */
  get held(): string | null {
    return this.#held;
  }

  /**
   * Whether there is a head that follows on a commit: to go from that to one that does not would be to go back. Null
   * until it has been looked into.
   */
  follows(commit: Oid): boolean | null {
    if (this.#contained.has(commit)) return true;
    return this.#foreign.has(commit) ? false : null;
  }

  signerOf(commit: Oid): string | null {
    return this.#signers.get(commit) ?? null;
  }

  /** Take note of who signed a commit that was accepted by an earlier process. */
  setSigner(commit: Oid, signer: string): void {
    this.#signers.set(commit, signer);
  }

  /** It has been looked into whether there is a head that follows on a commit, and there is none. */
  setForeign(commit: Oid): void {
    if (this.follows(commit) !== null) return;
    this.#foreign.add(commit);
    this.#options.onChange();
  }

  /**
   * Rely on a head that was accepted.
   * @param seconds when it was made, since 1970
   * @param before what it follows on, or was chosen instead of
   * @param news those of its commits that had not been accepted before
   */
  take(head: AcceptedHead, seconds: number, before: Iterable<Oid>, news: AcceptedHead['commits']): void {
    const { log, onChange } = this.#options;
    this.#head = head;
    this.#headSeconds = seconds;
    this.#refused = null;
    this.#held = null;
    this.#foreign.clear();
    for (const commit of [...before, head.commit]) this.#contained.add(commit);
    for (const { oid, signer } of head.commits) {
      this.#contained.add(oid);
      this.#signers.set(oid, signer);
    }
    for (const { oid, signer, subject } of news)
      log.info({ event: 'accepted', commit: oid, signer, subject }, 'commit accepted');
    onChange();
  }

  /** The newest head is the one that is relied on: whatever was refused is not asked for any more. */
  forgetRefusal(): void {
    if (this.#refused === null) return;
    this.#refused = null;
    this.#options.onChange();
  }

  /** What was accepted before stays in force. That a head is refused again, for the same reason, is no news. */
  refuse(head: Oid, refused: RefusedHead): void {
    const { metrics, log } = this.#options;
    const { commit, code, message } = refused;
    const last = this.#refused;
    const isSame = last?.why.commit === commit && last.why.code === code;
    const at = isSame ? last.why.at : new Date().toISOString();
    this.#refused = { head, why: { commit, code, message, at } };
    if (isSame && last.head === head && last.why.message === message) return;
    metrics.refusals.inc({ code });
    log.error(
      { event: 'refused', head, commit, code, message },
      'head refused; the last accepted commit stays in force',
    );
    this.#options.onChange();
  }

  /** Rely no more on what was accepted: it would not be accepted again, by what a head says or an administrator. */
  hold(head: Oid, { commit, code, message }: RefusedHead, at: string): void {
    this.#refused = { head, why: { commit, code, message, at } };
    this.giveUp(`${code}: ${message}`);
  }

  /** Rely on nothing, until something is accepted. */
  giveUp(why: string): void {
    const { log, onChange } = this.#options;
    if (this.#held !== why) log.error({ event: 'held', why }, 'nothing new is begun; what has begun is finished');
    this.#held = why;
    this.#head = null;
    onChange();
  }
}
