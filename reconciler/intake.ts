// Takes in commits: pulls the site repo, judges each new head, and remembers the newest that was accepted.
import type { Logger } from 'pino';
import { Bell } from '../schema/bell.ts';
import { AcceptedFile } from './accepted-file.ts';
import type { AgentMetrics } from './agent-metrics.ts';
import { type AcceptedHead, acceptHead, type RefusedHead, type Verdict } from './source/accept.ts';
import type { Introduction } from './source/authenticate.ts';
import type { Oid } from './source/commit.ts';
import type { Repository } from './source/repository.ts';

export interface IntakeOptions {
  readonly repository: Repository;
  readonly introduction: Introduction;
  readonly siteId: string;
  /** Folder of what this server has to remember by itself. */
  readonly folder: string;
  readonly pollSeconds: number;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  /** Called with each new verdict. */
  readonly onVerdict: () => void;
}

export class Intake {
  readonly #options: IntakeOptions;
  readonly #bell = new Bell();
  readonly #file: AcceptedFile;
  readonly #signers = new Map<Oid, string>();
  /** The head that was pulled last, and what the site had accepted when it was judged. */
  #judged: { readonly head: Oid; readonly siteAccepted: Oid | null } | null = null;
  #head: AcceptedHead | null = null;
  /** Commits that the head is known to contain, itself included, and commits that it is known not to contain. */
  readonly #contained = new Set<Oid>();
  readonly #foreign = new Set<Oid>();
  #refused: (RefusedHead & { readonly at: string }) | null = null;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#file = new AcceptedFile(options.folder);
  }

  /** The newest head that was accepted; null until there is one. */
  get head(): AcceptedHead | null {
    return this.#head;
  }

  /** The newest head as it was pulled, accepted or not. */
  get pulled(): Oid | null {
    return this.#judged?.head ?? null;
  }

  /** Why the newest head is not in force, if it is not. */
  get refused(): (RefusedHead & { readonly at: string }) | null {
    return this.#refused;
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

  /** Pull now rather than at the next poll. */
  pullNow(): void {
    this.#bell.ring();
  }

  /**
   * Pull and judge until the signal aborts.
   * @param siteAccepted the commit that the whole site has accepted, as etcd has it; null before the first
   */
  async run(siteAccepted: () => Oid | null, signal: AbortSignal): Promise<void> {
    const { pollSeconds, metrics, log } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#recall(siteAccepted());
      } catch (error) {
        log.warn({ event: 'recall-failed', err: error }, 'what was accepted last cannot be read from disk');
      }
      try {
        await this.#pull(siteAccepted(), signal);
      } catch (error) {
        if (signal.aborted) return;
        metrics.pullFailures.inc();
        log.warn({ event: 'pull-failed', err: error }, 'the site repo could not be pulled');
      }
      await this.#bell.wait(signal, pollSeconds * 1000);
    }
  }

  /**
   * Look at what was accepted last as the clone on disk has it: it stays in force while the Git host is away, or has a
   * head that is refused.
   */
  async #recall(siteAccepted: Oid | null): Promise<void> {
    if (this.#head && (siteAccepted === null || this.follows(siteAccepted) !== null)) return;
    const accepted = await this.#accepted(siteAccepted);
    try {
      for (const head of accepted) {
        if (head === null || !(await this.#options.repository.has(head))) continue;
        const verdict = await this.#judge(head, accepted);
        if (verdict.ok) return this.#take(verdict.head, accepted);
      }
    } finally {
      // Only who has accepted something knows that this is the site that it was introduced to.
      if (siteAccepted !== null && accepted[0] !== null && !this.follows(siteAccepted)) this.#foreign.add(siteAccepted);
      this.#options.onVerdict();
    }
  }

  async #pull(siteAccepted: Oid | null, signal: AbortSignal): Promise<void> {
    const accepted = await this.#accepted(siteAccepted);
    const head = await this.#options.repository.fetch(signal, accepted.filter(isCommit));
    if (head === this.#judged?.head && siteAccepted === this.#judged.siteAccepted) return;
    const isKnown = head === this.#head?.commit && accepted.filter(isCommit).every((commit) => this.follows(commit));
    const verdict = isKnown ? null : await this.#judge(head, accepted);
    if (verdict === null) this.#refused = null;
    else if (verdict.ok) {
      await this.#file.write({ commit: head, signer: verdict.head.signer ?? this.signerOf(head) });
      this.#take(verdict.head, accepted);
    } else this.#refuse(head, verdict.refused);
    this.#judged = { head, siteAccepted };
    this.#options.onVerdict();
  }

  /** What a head must follow on: what this server has accepted, or else its introduction, and what the site has. */
  async #accepted(siteAccepted: Oid | null): Promise<readonly (Oid | null)[]> {
    const own = await this.#file.read();
    if (own?.signer) this.#signers.set(own.commit, own.signer);
    return siteAccepted === null ? [own?.commit ?? null] : [own?.commit ?? null, siteAccepted];
  }

  #judge(head: Oid, accepted: readonly (Oid | null)[]): Promise<Verdict> {
    const { repository, introduction, siteId } = this.#options;
    return acceptHead({ objects: repository, head, accepted, introduction, siteId });
  }

  #take(head: AcceptedHead, accepted: readonly (Oid | null)[]): void {
    const { log, onVerdict } = this.#options;
    this.#head = head;
    this.#refused = null;
    this.#foreign.clear();
    for (const commit of [...accepted.filter(isCommit), head.commit]) this.#contained.add(commit);
    for (const { oid, signer, subject } of head.commits) {
      this.#contained.add(oid);
      this.#signers.set(oid, signer);
      log.info({ event: 'accepted', commit: oid, signer, subject }, 'commit accepted');
    }
    onVerdict();
  }

  #refuse(head: Oid, refused: RefusedHead): void {
    const { metrics, log } = this.#options;
    this.#refused = { ...refused, at: new Date().toISOString() };
    metrics.refusals.inc({ code: refused.code });
    log.error({ event: 'refused', head, ...refused }, 'head refused; the last accepted commit stays in force');
  }
}

function isCommit(commit: Oid | null): commit is Oid {
  return commit !== null;
}
