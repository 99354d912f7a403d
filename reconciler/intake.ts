// Takes in commits: pulls the site repo, judges each new head, and remembers the newest that was accepted.
import type { Logger } from 'pino';
import { Bell } from '../schema/bell.ts';
import type { Digest } from '../schema/canonical.ts';
import type { AgentMetrics } from './agent-metrics.ts';
import { type JudgementOptions, judgeHead, type Terms, termsOf } from './judgement.ts';
import type { AcceptedHead, RefusedHead, Verdict } from './source/accept.ts';
import { type Oid, parseCommit } from './source/commit.ts';
import { Kinship } from './source/kinship.ts';
import type { Relation } from './source/relation.ts';
import type { RefusalCode } from './source/trust/refusal.ts';
import { basisKey, type TrustBasis } from './trust-basis.ts';
import { TrustFolder, type TrustMemory } from './trust-folder.ts';
import type { AcceptedRecord } from './trust-records.ts';

export interface IntakeOptions extends JudgementOptions {
  /** Folder of what this server has to remember by itself. */
  readonly folder: string;
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

export type RefusedAt = RefusedHead & { readonly at: string };

export class Intake {
  readonly #options: IntakeOptions;
  readonly #bell = new Bell();
  readonly #folder: TrustFolder;
  readonly #kinship: Kinship;
  readonly #signers = new Map<Oid, string>();
  #memory: TrustMemory | null = null;
  /** The head that was pulled last, and what the site had accepted when it was judged, by what. */
  #judged: { readonly head: Oid; readonly siteAccepted: Oid | null; readonly by: string } | null = null;
  /** By what the last accepted commit was looked at last. */
  #recalledBy = '';
  #head: AcceptedHead | null = null;
  #headSeconds: number | null = null;
  /** Commits that the head is known to contain, itself included, and commits that it is known not to contain. */
  readonly #contained = new Set<Oid>();
  readonly #foreign = new Set<Oid>();
  #refused: RefusedAt | null = null;
  #held: string | null = null;
  #relations: ReadonlyMap<Oid, Relation | 'unknown'> = new Map();

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#folder = new TrustFolder(options.folder);
    this.#kinship = new Kinship(options.repository);
  }

  /** The newest head that was accepted; null until there is one, and when it is not relied on any more. */
  get head(): AcceptedHead | null {
    return this.#head;
  }

  /** When the newest accepted head was made, by itself; in seconds since 1970. */
  get headSeconds(): number | null {
    return this.#headSeconds;
  }

  /** The newest head as it was pulled, accepted or not. */
  get pulled(): Oid | null {
    return this.#judged?.head ?? null;
  }

  /** Why the newest head is not in force, if it is not. */
  get refused(): RefusedAt | null {
    return this.#refused;
  }

  /** Why what was accepted is not relied on any more: nothing is to be begun for it. Null while it is. */
  get held(): string | null {
    return this.#held;
  }

  /** What this server remembers, as it was read last. */
  get memory(): TrustMemory | null {
    return this.#memory;
  }

  /** How what was accepted stands to what others have accepted, as far as that has been looked into. */
  get relations(): ReadonlyMap<Oid, Relation | 'unknown'> {
    return this.#relations;
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

  /** Pull and judge until the signal aborts. */
  async run(site: () => SiteFacts, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#round(site, signal);
      await this.#bell.wait(signal, this.#options.pollSeconds * 1000);
    }
  }

  async #round(site: () => SiteFacts, signal: AbortSignal): Promise<void> {
    const { metrics, log } = this.#options;
    try {
      this.#memory = await this.#folder.read();
      await this.#terms(null);
    } catch (error) {
      this.#giveUp((error as Error).message);
      this.#recalledBy = '';
      this.#judged = null;
      log.error({ event: 'memory-damaged', err: error }, 'it is not known whom to believe: nothing is pulled');
      return;
    }
    try {
      await this.#recall(await this.#terms(site().accepted));
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ event: 'recall-failed', err: error }, 'what was accepted last cannot be read from disk');
    }
    try {
      await this.#pull(await this.#terms(site().accepted), signal);
    } catch (error) {
      if (signal.aborted) return;
      metrics.pullFailures.inc();
      log.warn({ event: 'pull-failed', err: error }, 'the site repo could not be pulled');
    }
    await this.#relate(site().others);
  }

  /** @throws {TrustFolderError} */
  #terms(siteAccepted: Oid | null): Promise<Terms> {
    const memory = this.#memory ?? nothingRemembered;
    const { accepted } = memory;
    if (accepted?.signer) this.#signers.set(accepted.commit, accepted.signer);
    return termsOf(this.#options, memory, siteAccepted, this.#kinship);
  }

  /**
   * Look at what was accepted last as the clone on disk has it: it stays in force while the Git host is away, or has a
   * head that is refused. It is given up when it would not be accepted again, by what is known by now.
   */
  async #recall(terms: Terms): Promise<void> {
    const { basis, siteAccepted, follow } = terms;
    const by = basisKey(basis);
    if (by === this.#recalledBy) {
      if (this.#head && (siteAccepted === null || this.follows(siteAccepted) !== null)) return;
      if (this.#held !== null) return;
    }
    const held = basis.accepted?.held;
    try {
      if (held && follow[0] === held.head) this.#holdFor(held, held.at);
      else await this.#recallFirst(terms);
      this.#recalledBy = by;
    } finally {
      // Only who has accepted something knows that this is the site that it was introduced to.
      if (siteAccepted !== null && basis.accepted && !this.follows(siteAccepted)) this.#foreign.add(siteAccepted);
      this.#options.onVerdict();
    }
  }

  async #recallFirst(terms: Terms): Promise<void> {
    const { accepted, anchor } = terms.basis;
    const [own, site] = terms.follow;
    for (const commit of [own ?? anchor?.commit, site]) {
      if (commit === undefined || !(await this.#options.repository.has(commit))) continue;
      const verdict = await judgeHead(this.#options, commit, terms);
      if (verdict.ok) return this.#take(verdict, terms);
      if (commit !== accepted?.commit) continue;
      // That it does not follow on what another server has accepted by now is no fault of its own.
      const alone = await judgeHead(this.#options, commit, { ...terms, follow: [own] });
      if (!alone.ok) this.#holdFor(alone.refused, new Date().toISOString());
    }
  }

  async #pull(terms: Terms, signal: AbortSignal): Promise<void> {
    const { repository } = this.#options;
    const { basis, siteAccepted, follow } = terms;
    const [own, site] = follow;
    const head = await repository.fetch(signal, [own ?? basis.anchor?.commit, site].filter(isCommit));
    // What was refused for want of approvals may have them by now, and what was too early may be due.
    const now = () => (this.#refused?.code === 'future-commit' ? Date.now() : '');
    const judgedBy = () => `${basisKey(basis)} ${this.#refused ? repository.approvalCount : ''} ${now()}`;
    const { head: lastHead, siteAccepted: lastSite, by: lastBy } = this.#judged ?? {};
    if (head === lastHead && siteAccepted === lastSite && judgedBy() === lastBy) return;
    const isKnown = head === this.#head?.commit && follow.filter(isCommit).every((commit) => this.follows(commit));
    const verdict = isKnown ? null : await judgeHead(this.#options, head, terms);
    if (verdict === null) this.#refused = null;
    else if (verdict.ok) await this.#take(verdict, terms);
    else {
      this.#refuse(head, verdict.refused);
      await this.#doubt(head, verdict.refused, terms);
    }
    this.#judged = { head, siteAccepted, by: judgedBy() };
    this.#options.onVerdict();
  }

  async #take(verdict: Verdict & { readonly ok: true }, { basis, siteAccepted, follow }: Terms): Promise<void> {
    const { repository, log, onVerdict } = this.#options;
    const { head, trustSet } = verdict;
    await this.#remember(head, trustSet, basis);
    this.#head = head;
    this.#headSeconds = parseCommit(await repository.commit(head.commit)).committer.seconds;
    this.#refused = null;
    this.#held = null;
    this.#foreign.clear();
    // What was given up for the head by hand is followed on, too.
    const before = [siteAccepted, basis.accepted?.commit, ...follow, ...basis.superseded].filter(isCommit);
    for (const commit of [...before, head.commit]) this.#contained.add(commit);
    // After what is new may come all that was accepted before, which was judged anew.
    let isNews = true;
    for (const { oid, signer, subject } of head.commits) {
      if (follow[0] !== null && oid === basis.introduction.commit) isNews = false;
      this.#contained.add(oid);
      this.#signers.set(oid, signer);
      if (isNews) log.info({ event: 'accepted', commit: oid, signer, subject }, 'commit accepted');
    }
    onVerdict();
  }

  /** Written before anything comes of it. */
  async #remember(head: AcceptedHead, trustSet: Digest, { accepted }: TrustBasis): Promise<void> {
    const { introduction: told, siteId } = this.#options;
    const at = new Date().toISOString();
    if (this.#memory?.introduction === null && told?.keyFingerprint) {
      await this.#folder.writeIntroduction({ commit: told.commit, key: told.keyFingerprint, site: siteId, at });
    }
    const { commit } = head;
    const isSame = accepted?.commit === commit;
    if (isSame && accepted.trustSet === trustSet && !accepted.held) return;
    const signer = head.signer ?? this.signerOf(commit);
    await this.#writeAccepted({ commit, signer, trustSet, at: isSame ? accepted.at : at });
  }

  #refuse(head: Oid, refused: RefusedHead): void {
    const { metrics, log } = this.#options;
    this.#refused = { ...refused, at: new Date().toISOString() };
    metrics.refusals.inc({ code: refused.code });
    log.error({ event: 'refused', head, ...refused }, 'head refused; the last accepted commit stays in force');
  }

  /**
   * A head that follows properly on what this server has accepted, and says of a key that signed or approved some of
   * that that it is revoked, is refused; but what it says is believed, so that nothing more is begun that rests on it.
   * All that comes after the last accepted commit has been judged before what came before it: see {@link acceptHead}.
   */
  async #doubt(head: Oid, refused: RefusedHead, { basis: { accepted }, follow }: Terms): Promise<void> {
    if (!accepted || follow[0] !== accepted.commit || !broughtByRevocation.has(refused.code)) return;
    if (head === accepted.commit || !(await this.#kinship.contains(accepted.commit, refused.commit))) return;
    const at = new Date().toISOString();
    await this.#writeAccepted({ ...accepted, held: { head, ...refused, at } });
    this.#holdFor(refused, at);
  }

  async #writeAccepted(accepted: AcceptedRecord): Promise<void> {
    await this.#folder.writeAccepted(accepted);
    if (this.#memory) this.#memory = { ...this.#memory, accepted };
  }

  #holdFor({ commit, code, message }: RefusedHead, at: string): void {
    this.#refused = { commit, code, message, at };
    this.#giveUp(`${code}: ${message}`);
  }

  #giveUp(why: string): void {
    if (this.#held !== why) {
      this.#options.log.error({ event: 'held', why }, 'nothing new is begun; what has begun is finished');
    }
    this.#held = why;
    this.#head = null;
    this.#options.onVerdict();
  }

  async #relate(others: readonly Oid[]): Promise<void> {
    const mine = this.#memory?.accepted?.commit;
    if (mine === undefined) return;
    const relations = new Map<Oid, Relation | 'unknown'>();
    try {
      for (const other of others) relations.set(other, await this.#kinship.relation(mine, other));
    } catch (error) {
      this.#options.log.warn({ event: 'trouble', err: error }, 'what others have accepted cannot be looked into');
    }
    this.#relations = relations;
    this.#options.onVerdict();
  }
}

/** What becomes of a commit that was accepted when a key of those who stand for it is revoked. */
const broughtByRevocation: ReadonlySet<RefusalCode> = new Set([
  'key-revoked',
  'threshold-missed',
  'path-not-allowed',
  'host-merge-not-allowed',
]);

const nothingRemembered: TrustMemory = { introduction: null, accepted: null, anchors: [], revoked: [] };

function isCommit(commit: Oid | null | undefined): commit is Oid {
  return commit !== null && commit !== undefined;
}
