// berth trust explain: what the judgement sees in one commit: who signed it, who may change what it changes, who stands
// for it, and what is missing.
import { type Oid, parseCommit, subjectOf } from '../../source/commit.ts';
import { Kinship } from '../../source/kinship.ts';
import type { LocalRepository } from '../../source/local.ts';
import type { GitObjects } from '../../source/objects.ts';
import type { Introduction } from '../../source/trust/authenticate.ts';
import { Judge, type ParentVerdict } from '../../source/trust/judge.ts';
import type { PathVerdict } from '../../source/trust/permission.ts';
import { type Refusal, Refused } from '../../source/trust/refusal.ts';
import { SignedBy } from '../../source/trust/signed-by.ts';
import { TrustReader } from '../../source/trust/trust-reader.ts';
import { instant, type TrustedKey, type TrustSet } from '../../source/trust/trust-set.ts';
import { colours } from '../terminal.ts';
import { introductionOf } from './beginning.ts';
import { demandsOn, type ShownDemand } from './demands.ts';
import { explainedText } from './explain-text.ts';
import { openHistory } from './local-history.ts';
import { refusalPage } from './refusal-text.ts';

export interface TrustExplainOptions {
  readonly introduction?: string;
  readonly json?: boolean;
}

/** How one parent sees who signed; of the commit with which trust begins, how it sees that itself. */
export interface SignerSeen {
  readonly parent: Oid;
  readonly fingerprint: string | null;
  /** Null where the parent does not know the key as one of a person. */
  readonly key: TrustedKey | null;
  /** What the parent calls the key, when it is one with which the Git host merges. */
  readonly mergeKey: string | null;
  /** Why there is no good signature, if there is none. */
  readonly fault: string | null;
}

export interface SeenVerdict extends Omit<ParentVerdict, 'paths'> {
  /** Whoever has signed, of a merge by the Git host the merged branch. */
  readonly stands: string;
  readonly paths: readonly (PathVerdict & { readonly demands: readonly ShownDemand[] })[];
}

/**
 * - `judged`: by what its parents trust
 * - `introduced`: trust begins with it
 * - `older`: trust begins later
 * - `first`: it has no parent, and nothing says where trust begins
 */
export type PlaceInHistory = 'judged' | 'introduced' | 'older' | 'first';

export interface Explained {
  readonly commit: Oid;
  readonly subject: string;
  readonly committedAt: string;
  readonly place: PlaceInHistory;
  readonly signers: readonly SignerSeen[];
  readonly parents: readonly SeenVerdict[];
  readonly refusal: Refusal | null;
  /** How to approve it, where that is what is missing. */
  readonly approve: readonly string[];
}

export async function trustExplain(ref: string, dir: string, options: TrustExplainOptions): Promise<number> {
  const repository = await openHistory(dir);
  const introduction = await introductionOf(dir, options);
  const explained = await explain(repository, await repository.resolve(ref), introduction);
  const { refusal } = explained;
  if (options.json) {
    const page = refusal === null ? null : refusalPage(refusal.code);
    process.stdout.write(`${JSON.stringify({ ...explained, page }, null, 2)}\n`);
  } else process.stdout.write(`${explainedText(explained, colours(process.stdout)).join('\n')}\n`);
  return refusal === null ? 0 : 1;
}

async function explain(
  repository: LocalRepository,
  commit: Oid,
  introduction: Introduction | null,
): Promise<Explained> {
  const { objects } = repository;
  const parsed = parseCommit(await objects.commit(commit));
  const place = await placeOf(objects, commit, parsed.parents, introduction);
  const { verdicts, refusal } = await examined(repository, commit, place, introduction);
  const beholders = place === 'introduced' || parsed.parents.length === 0 ? [commit] : parsed.parents;
  const signers: SignerSeen[] = [];
  const parents: SeenVerdict[] = [];
  for (const parent of new Set(beholders)) {
    const trust = await trustAt(objects, parent);
    const signer = await signerSeen(objects, parent, trust, commit);
    signers.push(signer);
    const verdict = verdicts.find((one) => one.parent === parent);
    if (verdict && trust.ok) parents.push(seenVerdict(verdict, signer, trust.set));
  }
  const isMissing = parents.some(({ paths }) => paths.some(({ fault }) => fault !== null));
  return {
    commit,
    subject: subjectOf(parsed),
    committedAt: instant(parsed.committer.seconds),
    place,
    signers,
    parents,
    refusal,
    approve: isMissing ? approveCommands(commit) : [],
  };
}

async function placeOf(
  objects: GitObjects,
  commit: Oid,
  parents: readonly Oid[],
  introduction: Introduction | null,
): Promise<PlaceInHistory> {
  if (introduction === null) return parents.length === 0 ? 'first' : 'judged';
  const relation = await new Kinship(objects).relation(commit, introduction.commit);
  if (relation === 'same') return 'introduced';
  return relation === 'behind' ? 'older' : 'judged';
}

interface Examined {
  readonly verdicts: readonly ParentVerdict[];
  readonly refusal: Refusal | null;
}

async function examined(
  repository: LocalRepository,
  commit: Oid,
  place: PlaceInHistory,
  introduction: Introduction | null,
): Promise<Examined> {
  const { objects } = repository;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const options = { reader: objects, approvals: repository, nowSeconds };
  const judge = new Judge(introduction ? { ...options, introduction } : options);
  // What is disbelieved by now counts, too.
  await judge.heed(await repository.resolve('HEAD'));
  if (place === 'introduced' && introduction) {
    return { verdicts: [], refusal: await refusalOf(judge.introduced(introduction)) };
  }
  const isRoot = parseCommit(await objects.commit(commit)).parents.length === 0;
  if (isRoot && place !== 'judged') return { verdicts: [], refusal: null };
  const { parents, refusal } = await judge.examine(commit, new Set());
  return { verdicts: parents, refusal };
}

async function refusalOf(judgement: Promise<unknown>): Promise<Refusal | null> {
  try {
    await judgement;
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** What a commit trusts, or why that cannot be told. */
type Trusted = { readonly ok: true; readonly set: TrustSet } | { readonly ok: false; readonly fault: string };

async function trustAt(objects: GitObjects, oid: Oid): Promise<Trusted> {
  try {
    return { ok: true, set: await new TrustReader(objects).at(oid, parseCommit(await objects.commit(oid)), oid) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, fault: error.message };
    throw error;
  }
}

async function signerSeen(objects: GitObjects, parent: Oid, trust: Trusted, oid: Oid): Promise<SignerSeen> {
  const nobody = { parent, fingerprint: null, key: null, mergeKey: null };
  if (!trust.ok) return { ...nobody, fault: trust.fault };
  const { keys, hostKeys } = trust.set;
  try {
    const fingerprint = await new SignedBy().commit(oid, parseCommit(await objects.commit(oid)), trust.set);
    const mergeKey = hostKeys.get(fingerprint)?.name ?? null;
    return { parent, fingerprint, key: keys.get(fingerprint) ?? null, mergeKey, fault: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...nobody, fault: error.message };
  }
}

function seenVerdict(verdict: ParentVerdict, { mergeKey }: SignerSeen, trust: TrustSet): SeenVerdict {
  const { signer, approvals, paths } = verdict;
  const stands = mergeKey === null ? signer : signer.replace(`, merged by ${mergeKey}`, '');
  const standing = [...new Set([stands, ...approvals.flatMap(({ name }) => name ?? [])])];
  const demanded = paths.map((path) => ({ ...path, demands: demandsOn(trust, path.path, standing) }));
  return { ...verdict, stands, paths: demanded };
}

function approveCommands(commit: Oid): readonly string[] {
  const tag = `approve/${commit}/<your name>`;
  return [`git tag -s -m approved ${tag} ${commit}`, `git push origin ${tag}`];
}
