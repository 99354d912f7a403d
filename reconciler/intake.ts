// Takes in commits: pulls the site repo, judges each new head, and remembers the newest that was accepted.
import type { Logger } from 'pino';
import { Bell } from '../schema/bell.ts';
import { AcceptedFile } from './accepted-file.ts';
import type { AgentMetrics } from './agent-metrics.ts';
import { type AcceptedHead, acceptHead, type RefusedHead } from './source/accept.ts';
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
  #judged: Oid | null = null;
  #head: AcceptedHead | null = null;
  #refused: (RefusedHead & { readonly at: string }) | null = null;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#file = new AcceptedFile(options.folder);
  }

  /** The newest head that was accepted; null until the first pull. */
  get head(): AcceptedHead | null {
    return this.#head;
  }

  /** The newest head as it was pulled, accepted or not. */
  get pulled(): Oid | null {
    return this.#judged;
  }

  /** Why the newest head is not in force, if it is not. */
  get refused(): (RefusedHead & { readonly at: string }) | null {
    return this.#refused;
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
        await this.#pull(siteAccepted(), signal);
      } catch (error) {
        if (signal.aborted) return;
        metrics.pullFailures.inc();
        log.warn({ event: 'pull-failed', err: error }, 'the site repo could not be pulled');
      }
      await this.#bell.wait(signal, pollSeconds * 1000);
    }
  }

  async #pull(siteAccepted: Oid | null, signal: AbortSignal): Promise<void> {
    const { repository, introduction, siteId, metrics, log, onVerdict } = this.#options;
    const accepted = [await this.#file.read(), siteAccepted].filter((commit) => commit !== null);
    const head = await repository.fetch(signal, accepted);
    if (head === this.#judged) return;
    const verdict = await acceptHead({ objects: repository, head, accepted, introduction, siteId });
    if (verdict.ok) {
      await this.#file.write(head);
      this.#head = verdict.head;
      this.#refused = null;
      for (const { oid, signer, subject } of verdict.head.commits) {
        this.#signers.set(oid, signer);
        log.info({ event: 'accepted', commit: oid, signer, subject }, 'commit accepted');
      }
    } else {
      this.#refused = { ...verdict.refused, at: new Date().toISOString() };
      metrics.refusals.inc({ code: verdict.refused.code });
      log.error(
        { event: 'refused', head, ...verdict.refused },
        'head refused; the last accepted commit stays in force',
      );
    }
    this.#judged = head;
    onVerdict();
  }
}
