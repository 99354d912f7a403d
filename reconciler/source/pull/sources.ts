// The sources of a site repo, in order: who is asked, whose head counts, and what is known of each.
import type { Oid } from '../commit.ts';
import { Kinship } from '../kinship.ts';
import type { GitObjects } from '../objects.ts';
import type { Relation } from '../relation.ts';
import { isDiskFull, RepositoryError } from '../repository-error.ts';
import type { Pulled, Remote } from './remote.ts';
import { faultOf, type SourceReport, unaskedReport } from './source-report.ts';

/** Bring in what a source has. @param patienceMs how long it may take, if that is less than usual */
export type Pull = (remote: Remote, patienceMs?: number) => Promise<Pulled>;

/** A head that a source has, and how it stands to what was accepted. */
interface Candidate {
  readonly source: Source;
  readonly pulled: Pulled;
  readonly standing: Relation;
}

/** How long others are asked when one source has all that was accepted: they shall not hold up what is new. */
const comparisonMs = 30_000;

export class Sources {
  private readonly sources: readonly Source[];
  private comparedAt = performance.now();
  private readonly kinship: Kinship;

  /**
   * @param compareSeconds how often all are asked, though the first has all that was accepted
   * @param objects what was pulled so far
   */
  constructor(
    remotes: readonly Remote[],
    private readonly compareSeconds: number,
    objects: Pick<GitObjects, 'has' | 'commit'>,
  ) {
    this.kinship = new Kinship(objects);
    this.sources = remotes.map((remote) => new Source(remote));
  }

  get reports(): readonly SourceReport[] {
    return this.sources.map(({ report }) => report);
  }

  /**
   * Pull from the first source that has all that was accepted; when there is none, from the first that answers.
   * @returns its head
   * @throws {RepositoryError} when none answers
   */
  async pull(pull: Pull, keep: readonly Oid[], signal: AbortSignal): Promise<Oid> {
    const best = await this.best(await this.ask(pull, keep, signal));
    for (const source of this.sources) source.use(source === best.source);
    return best.pulled.head;
  }

  /** Ask until one has all that was accepted; at times, ask all. */
  private async ask(pull: Pull, keep: readonly Oid[], signal: AbortSignal): Promise<readonly Candidate[]> {
    const now = performance.now();
    const isToCompare = now - this.comparedAt >= this.compareSeconds * 1000;
    const candidates: Candidate[] = [];
    const faults: RepositoryError[] = [];
    for (const source of this.sources) {
      const isSettled = candidates.some(isCurrent);
      if (isSettled && !isToCompare) break;
      try {
        const pulled = await pull(source.remote, isSettled ? comparisonMs : undefined);
        candidates.push({ source, pulled, standing: await this.standing(pulled.head, keep) });
      } catch (error) {
        signal.throwIfAborted();
        const fault = asRepositoryError(error);
        if (fault === null) throw error;
        source.failed(fault);
        // That is this server's own trouble, whatever the source.
        if (fault.code === 'disk-full') throw fault;
        faults.push(fault);
      }
    }
    if (isToCompare) this.comparedAt = now;
    if (candidates.length === 0) throw allFailed(this.sources, faults);
    return Promise.all(candidates.map((candidate) => this.settled(candidate, keep)));
  }

  /** A later source may have brought what it takes to see how an earlier one stands. */
  private async settled(candidate: Candidate, keep: readonly Oid[]): Promise<Candidate> {
    const { source, pulled } = candidate;
    const standing = isCurrent(candidate) ? candidate.standing : await this.standing(pulled.head, keep);
    source.answered(pulled, standing);
    return { source, pulled, standing };
  }

  /** The first that has all that was accepted, unless another goes on from there. */
  private async best(candidates: readonly Candidate[]): Promise<Candidate> {
    const [first, ...others] = candidates;
    if (!first) throw new RepositoryError('unreachable', 'no source was asked');
    let best = first;
    for (const other of others.filter(isCurrent)) {
      if (!isCurrent(best) || (await this.relation(other.pulled.head, best.pulled.head)) === 'ahead') best = other;
    }
    return best;
  }

  /** How a head stands to all that was accepted: as it does to that of them to which it stands worst. */
  private async standing(head: Oid, keep: readonly Oid[]): Promise<Relation> {
    let worst: Relation = keep.length === 0 ? 'ahead' : 'same';
    for (const oid of keep) {
      const relation = await this.relation(head, oid);
      if (fromGoodToBad.indexOf(relation) > fromGoodToBad.indexOf(worst)) worst = relation;
    }
    return worst;
  }

  private async relation(head: Oid, accepted: Oid): Promise<Relation> {
    const relation = await this.kinship.relation(head, accepted);
    // What is not here is not in the history of what is: the head lacks it, and nothing more is known.
    return relation === 'unknown' ? 'behind' : relation;
  }
}

/** A source with what it has answered last. */
class Source {
  report: SourceReport;

  constructor(readonly remote: Remote) {
    this.report = unaskedReport(remote.location);
  }

  answered({ head, approvalsFault }: Pulled, standing: Relation): void {
    const state = standing === 'same' || standing === 'ahead' ? 'current' : standing;
    const approvalsError = approvalsFault && faultOf(approvalsFault);
    this.report = { ...this.report, state, head, answeredAt: new Date().toISOString(), approvalsError, error: null };
  }

  failed(error: RepositoryError): void {
    this.report = { ...this.report, state: 'failed', error: faultOf(error) };
  }

  use(isUsed: boolean): void {
    this.report = { ...this.report, used: isUsed };
  }
}

const fromGoodToBad: readonly Relation[] = ['same', 'ahead', 'behind', 'aside'];

function isCurrent({ standing }: Candidate): boolean {
  return standing === 'same' || standing === 'ahead';
}

/** Null for what says nothing about a source. */
function asRepositoryError(error: unknown): RepositoryError | null {
  if (error instanceof RepositoryError) return error;
  if (!isDiskFull(error)) return null;
  return new RepositoryError('disk-full', 'there is no room on disk for what is new in the site repo', {
    cause: error,
  });
}

function allFailed(sources: readonly Source[], faults: readonly RepositoryError[]): RepositoryError {
  const [first, ...others] = faults;
  if (!first) return new RepositoryError('unreachable', 'no source was asked');
  if (others.length === 0) return first;
  const each = sources.map(({ remote }, number) => `${remote.location}: ${faults[number]?.message ?? ''}`);
  return new RepositoryError(first.code, `no source of the site repo can be used: ${each.join('; ')}`, {
    cause: first,
  });
}
