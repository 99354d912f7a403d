// Takes in commits, round by round: looks at what was accepted last, pulls the site repo, and judges each new head.
import type { Logger } from 'pino';
import { Bell } from '../../schema/bell.ts';
import type { AgentMetrics } from '../agent-metrics.ts';
import type { RefusedHead, Verdict } from '../source/accept.ts';
import { type Oid, parseCommit } from '../source/commit.ts';
import { Kinship } from '../source/kinship.ts';
import type { Relation } from '../source/relation.ts';
import { Belief } from './belief.ts';
import { disbelieves, judgeHead, type Terms } from './judgement.ts';
import { basisKey } from './trust-basis.ts';
import { TrustFolderError, type TrustMemory } from './trust-folder.ts';
import { TrustLedger, type TrustLedgerOptions } from './trust-ledger.ts';

export interface IntakeOptions extends TrustLedgerOptions {
  readonly pollSeconds: number;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  /** Called with each new verdict, and with whatever else is new. */
  readonly onVerdict: () => void;
}

/** What the agent knows of the site when commits are taken in. */
export interface SiteFacts {
  /** The commit that the whole site has accepted, as etcd has it; null before the first. */
  readonly accepted: Oid | null;
  /** Commits that other agents say they have accepted. */
  readonly others: readonly Oid[];
}

export class Intake {
  readonly belief: Belief;
  readonly #options: IntakeOptions;
  readonly #bell = new Bell();
  readonly #kinship: Kinship;
  readonly #ledger: TrustLedger;
  /** The head that was pulled last, and what the site had accepted when it was judged, by what. */
  #judged: { readonly head: Oid; readonly siteAccepted: Oid | null; readonly by: string } | null = null;
  /** By what the head that is relied on was accepted, or the one before it was given up. */
  #settledBy = '';
  #relations: ReadonlyMap<Oid, Relation | 'unknown'> = new Map();

  constructor(options: IntakeOptions) {
    const { metrics, log, onVerdict } = options;
    this.#options = options;
    this.#kinship = new Kinship(options.repository);
    this.#ledger = new TrustLedger(options, this.#kinship);
    this.belief = new Belief({ metrics, log, onChange: onVerdict });
  }

  /** The newest head as it was pulled, accepted or not. */
  get pulled(): Oid | null {
    return this.#judged?.head ?? null;
  }

  /** What this server remembers, as it was read last. */
  get memory(): TrustMemory | null {
    return this.#ledger.memory;
  }

  /** How what was accepted stands to what others have accepted, as far as that has been looked into. */
  get relations(): ReadonlyMap<Oid, Relation | 'unknown'> {
    return this.#relations;
  }

  /** Pull now rather than at the next poll. */
  pullNow(): void {
    this.#bell.ring();
  }

  /** Pull and judge until the signal aborts. */
  async run(site: () => SiteFacts, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.round(site, signal);
      await this.#bell.wait(signal, this.#options.pollSeconds * 1000);
    }
  }

  /** Pull and judge once. What goes wrong is logged, and tried again in the next round. */
  async round(site: () => SiteFacts, signal: AbortSignal): Promise<void> {
    const { metrics, log } = this.#options;
    try {
      const { accepted } = await this.#ledger.read();
      if (accepted?.signer) this.belief.setSigner(accepted.commit, accepted.signer);
    } catch (error) {
      this.#settledBy = '';
      this.#judged = null;
      this.belief.giveUp((error as Error).message);
      log.error({ event: 'memory-damaged', err: error }, 'it is not known whom to believe: nothing is pulled');
      return;
    }
    const recall = () => this.#recall(site().accepted);
    const pull = () => this.#pull(site().accepted, signal);
    try {
      await this.#attempt(recall, signal, (error) => {
        log.warn({ event: 'recall-failed', err: error }, 'what was accepted last cannot be read from disk');
      });
      await this.#attempt(pull, signal, (error) => {
        metrics.pullFailures.inc();
        log.warn({ event: 'pull-failed', err: error }, 'the site repo could not be pulled');
      });
    } catch (error) {
      // There is a verdict that a restart would forget: neither it nor what it overtakes is to be relied on.
      this.belief.giveUp((error as Error).message);
      log.error({ event: 'memory-unwritable', err: error }, 'a verdict cannot be remembered');
    }
    await this.#relate(site().others);
  }

  /** @throws {TrustFolderError} and nothing else */
  async #attempt(work: () => Promise<void>, signal: AbortSignal, onFailure: (error: unknown) => void): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof TrustFolderError) throw error;
      onFailure(error);
    }
  }

  /**
   * Look at what was accepted last as the clone on disk has it: it stays in force while the Git host is away, or has a
   * head that is refused. It is given up when it would not be accepted again, by what is known by now.
   */
  async #recall(siteAccepted: Oid | null): Promise<void> {
    const { belief } = this;
    const terms = await this.#ledger.terms(siteAccepted);
    const { accepted } = terms.basis;
    try {
      if (!this.#isSettled(terms)) await this.#recallFirst(terms);
    } finally {
      // Only who has accepted something knows that this is the site that it was introduced to.
      if (siteAccepted !== null && accepted) belief.setForeign(siteAccepted);
    }
  }

  /** Whether nothing is to be found out by a look at what is on disk. */
  #isSettled({ basis, siteAccepted }: Terms): boolean {
    const { head, held, refused } = this.belief;
    if (basisKey(basis) !== this.#settledBy) return false;
    // What was too early may be due by now.
    if (held !== null) return refused?.code !== 'future-commit';
    return head !== null && (siteAccepted === null || this.belief.follows(siteAccepted) !== null);
  }

  async #recallFirst(terms: Terms): Promise<void> {
    const { accepted, anchor } = terms.basis;
    const [own, site] = terms.follow;
    const held = accepted?.held;
    if (held && own === held.head) return this.#hold(own, held, held.at, terms);
    for (const commit of [own ?? anchor?.commit, site]) {
      if (commit === undefined || !(await this.#options.repository.has(commit))) continue;
      const verdict = await judgeHead(this.#options, commit, terms);
      if (verdict.ok) return this.#take(verdict, terms);
      if (commit !== accepted?.commit) continue;
      // That it does not follow on what another server has accepted by now is no fault of its own.
      const alone = await judgeHead(this.#options, commit, { ...terms, follow: [own] });
      if (!alone.ok) this.#hold(commit, alone.refused, new Date().toISOString(), terms);
    }
  }

  async #pull(siteAccepted: Oid | null, signal: AbortSignal): Promise<void> {
    const { belief } = this;
    const { repository, onVerdict } = this.#options;
    const terms = await this.#ledger.terms(siteAccepted);
    const { basis, follow } = terms;
    const [own, site] = follow;
    const head = await repository.fetch(signal, [own ?? basis.anchor?.commit, site].filter(isCommit));
    // What was refused for want of approvals may have them by now, and what was too early may be due.
    const now = () => (belief.refused?.code === 'future-commit' ? Date.now() : '');
    const judgedBy = () => `${basisKey(basis)} ${belief.refused ? repository.approvalCount : ''} ${now()}`;
    const { head: lastHead, siteAccepted: lastSite, by: lastBy } = this.#judged ?? {};
    if (head === lastHead && siteAccepted === lastSite && judgedBy() === lastBy) return;
    const isRelied = head === belief.head?.commit && basisKey(basis) === this.#settledBy;
    const isKnown = isRelied && follow.filter(isCommit).every((commit) => belief.follows(commit));
    const verdict = isKnown ? null : await judgeHead(this.#options, head, terms);
    if (verdict === null) belief.forgetRefusal();
    else if (verdict.ok) await this.#take(verdict, terms);
    else {
      belief.refuse(head, verdict.refused);
      await this.#doubt(head, verdict.refused, terms);
    }
    this.#judged = { head, siteAccepted, by: judgedBy() };
    onVerdict();
  }

  /** It is remembered before anything comes of it. */
  async #take({ head, trustSet }: Verdict & { readonly ok: true }, terms: Terms): Promise<void> {
    const { belief } = this;
    const { basis, siteAccepted, follow } = terms;
    this.#settledBy = '';
    const { committer } = parseCommit(await this.#options.repository.commit(head.commit));
    await this.#ledger.remember(head.commit, head.signer ?? belief.signerOf(head.commit), trustSet, terms);
    // What was given up for the head by hand is followed on, too.
    const before = [siteAccepted, basis.accepted?.commit, ...follow, ...basis.superseded].filter(isCommit);
    // After what is new may come all that was accepted before, which was judged anew.
    const old = follow[0] === null ? -1 : head.commits.findIndex(({ oid }) => oid === basis.introduction.commit);
    belief.take(head, committer.seconds, before, old < 0 ? head.commits : head.commits.slice(0, old));
    this.#settledBy = basisKey(basis);
  }

  /** What a refused head says against what was accepted holds at once, though it could not be remembered. */
  async #doubt(head: Oid, refused: RefusedHead, terms: Terms): Promise<void> {
    const { accepted } = terms.basis;
    if (!accepted || !(await disbelieves(head, refused, terms, this.#kinship))) return;
    const at = new Date().toISOString();
    this.#hold(head, refused, at, terms);
    await this.#ledger.rememberHold(accepted, head, refused, at);
  }

  #hold(head: Oid, refused: RefusedHead, at: string, { basis }: Terms): void {
    this.belief.hold(head, refused, at);
    this.#settledBy = basisKey(basis);
  }

  async #relate(others: readonly Oid[]): Promise<void> {
    const { log, onVerdict } = this.#options;
    const mine = this.memory?.accepted?.commit;
    if (mine === undefined) return;
    const relations = new Map<Oid, Relation | 'unknown'>();
    try {
      for (const other of others) relations.set(other, await this.#kinship.relation(mine, other));
    } catch (error) {
      log.warn({ event: 'trouble', err: error }, 'what others have accepted cannot be looked into');
    }
    this.#relations = relations;
    onVerdict();
  }
}

function isCommit(commit: Oid | null | undefined): commit is Oid {
  return commit !== null && commit !== undefined;
}
