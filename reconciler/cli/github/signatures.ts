// What boot servers will make of the commits that a pull request brings: who signed them, who stands for them, and what
// is missing.
//
// Each is judged by what its parents trust, back to the commit where the branch parted from its base: nothing that the
// branch says of itself lets it in. Not judged is the commit that will merge it, which is not made yet.
import { signersPath } from '../../../schema/trust/trusted-keys.ts';
import { type Oid, parseCommit } from '../../source/commit.ts';
import type { LocalRepository } from '../../source/local.ts';
import { blobAt, type GitObjects } from '../../source/objects.ts';
import { type AcceptedCommit, authenticate } from '../../source/trust/authenticate.ts';
import { newHistory } from '../../source/trust/history.ts';
import { type Examination, Judge } from '../../source/trust/judge.ts';
import { refuseMissing } from '../../source/trust/missing.ts';
import { type Refusal, Refused, short } from '../../source/trust/refusal.ts';
import { reachingBack } from '../../source/trust/revocations.ts';
import { TrustReader } from '../../source/trust/trust-reader.ts';
import type { Revocation } from '../../source/trust/trust-set.ts';
import { type MergeButton, mergeButton } from './merge-button.ts';

/** A pull request in commits. */
export interface Branch {
  /** Head of the branch that it is to be merged into. */
  readonly base: Oid;
  /** Where the two part. */
  readonly from: Oid;
  readonly head: Oid;
}

/** A commit that is not accepted as it stands. */
export interface RefusedCommit {
  readonly refusal: Refusal;
  /** Those whose approval it waits for, where nothing else is missing; else null. */
  readonly couldApprove: readonly string[] | null;
}

export type Signatures =
  | { readonly verdict: 'not-judged'; readonly why: string }
  | {
      readonly verdict: 'accepted';
      readonly count: number;
      readonly commits: readonly AcceptedCommit[];
      readonly mergeButton: MergeButton;
    }
  | {
      /** `waiting`: for approvals, and for nothing else. */
      readonly verdict: 'waiting';
      readonly count: number;
      readonly commits: readonly AcceptedCommit[];
      readonly refused: readonly RefusedCommit[];
      readonly mergeButton: MergeButton;
    }
  | {
      readonly verdict: 'refused';
      readonly count: number;
      readonly commits: readonly AcceptedCommit[];
      readonly refused: readonly RefusedCommit[];
    };

/** @throws {GitObjectError} when the clone is damaged; whatever is wrong with the branch itself is a verdict */
export async function judgeSignatures(repository: LocalRepository, branch: Branch): Promise<Signatures> {
  const why = await whyNotJudged(repository, branch.base);
  if (why !== null) return { verdict: 'not-judged', why };
  const { objects } = repository;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const revocations = await revokedAt(objects, branch.base);
  const options = { reader: objects, approvals: repository, revocations, nowSeconds };
  const result = await authenticate({ ...options, from: branch.from, to: branch.head });
  const button = () => mergeButton(repository, branch, nowSeconds);
  if (result.ok) {
    const { commits } = result;
    return { verdict: 'accepted', count: commits.length, commits, mergeButton: await button() };
  }
  const { count, commits, refused } = await examineAll(new Judge(options), objects, branch, result);
  if (refused.some(({ couldApprove }) => couldApprove === null)) return { verdict: 'refused', count, commits, refused };
  return { verdict: 'waiting', count, commits, refused, mergeButton: await button() };
}

async function whyNotJudged({ objects, folder }: LocalRepository, base: Oid): Promise<string | null> {
  if (folder !== '') return `the site repo is the folder ${folder}, and boot servers pull whole repositories`;
  const { tree } = parseCommit(await objects.commit(base));
  if ((await blobAt(objects, tree, signersPath)) !== null) return null;
  return `the base ${short(base)} has no ${signersPath}; boot servers are introduced to the commit that brings it`;
}

/** What the base disbelieves by now, though the branch may have begun before. */
async function revokedAt(objects: GitObjects, base: Oid): Promise<readonly Revocation[]> {
  try {
    const { keys } = await new TrustReader(objects).at(base, parseCommit(await objects.commit(base)), base);
    return reachingBack(keys.values());
  } catch (error) {
    // A document that cannot be read is what the branch may be there to mend.
    if (error instanceof Refused) return [];
    throw error;
  }
}

interface Examined {
  /** All that the branch brings. */
  readonly count: number;
  readonly commits: readonly AcceptedCommit[];
  readonly refused: readonly RefusedCommit[];
}

/** The judgement ends with the first refusal; who has to mend the branch wants to know of all. */
async function examineAll(
  judge: Judge,
  objects: GitObjects,
  { from, head }: Branch,
  first: Refusal,
): Promise<Examined> {
  const history = await newCommits(objects, from, head);
  await judge.heed(from);
  const commits: AcceptedCommit[] = [];
  const refused: RefusedCommit[] = [];
  for (const oid of history) {
    const examination = await judge.examine(oid, new Set());
    if (examination.accepted) commits.push(examination.accepted);
    else refused.push(await refusedCommit(objects, oid, examination));
  }
  // What is wrong with the history as a whole is found in none of its commits.
  const isListed = refused.some(({ refusal }) => refusal.commit === first.commit);
  const others = commits.filter(({ oid }) => isListed || oid !== first.commit);
  const all = isListed ? refused : [{ refusal: first, couldApprove: null }, ...refused];
  return { count: history.length, commits: others, refused: all };
}

/** None where the history cannot be read: its refusal says so. */
async function newCommits(objects: GitObjects, from: Oid, head: Oid): Promise<readonly Oid[]> {
  try {
    return (await newHistory(objects, from, head))?.commits ?? [];
  } catch {
    return [];
  }
}

async function refusedCommit(
  objects: GitObjects,
  oid: Oid,
  { parents, refusal }: Examination & { readonly accepted: null },
): Promise<RefusedCommit> {
  if (refusal.code !== 'threshold-missed') return { refusal, couldApprove: null };
  const worse = await refusalOf(async () => {
    // A path that nobody who stands for it may change weighs more than one that takes some more of them.
    for (const verdict of parents) {
      refuseMissing(oid, { ...verdict, paths: verdict.paths.filter(({ fault }) => fault === 'path-not-allowed') });
    }
    await new TrustReader(objects).at(oid, parseCommit(await objects.commit(oid)), oid);
  });
  if (worse) return { refusal: worse, couldApprove: null };
  const missed = parents.flatMap(({ paths }) => paths.filter(({ fault }) => fault !== null));
  const couldApprove = new Set(missed.flatMap(({ among, by }) => among.filter((name) => !by.includes(name))));
  return { refusal, couldApprove: [...couldApprove] };
}

async function refusalOf(judge: () => Promise<void>): Promise<Refusal | null> {
  try {
    await judge();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}
