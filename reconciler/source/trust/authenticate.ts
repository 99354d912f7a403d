// The authentication of history: a head is accepted when each commit since the last accepted one is signed by a key
// that its parents trust for what it touches. Pure over the objects that it reads, the approvals and the time: the same
// history, the same verdict.

import { Breath } from '../breath.ts';
import type { Oid } from '../commit.ts';
import type { GitObjects } from '../objects.ts';
import type { ApprovalSource } from './approvals.ts';
import { type NewHistory, newHistory } from './history.ts';
import { Judge } from './judge.ts';
import { readable } from './readable.ts';
import { type Refusal, Refused, refuse, short } from './refusal.ts';
import type { Revocation } from './trust-set.ts';

/** What a boot server is told at set-up: where trust begins. */
export interface Introduction {
  readonly commit: Oid;
  /** Of the key that signed it, see {@link TrustedKey}; null where an administrator vouches for the commit itself. */
  readonly keyFingerprint: string | null;
}

export interface AuthenticationRequest {
  /** The last accepted commit; null when everything since the introduction is to be judged. */
  readonly from: Oid | null;
  /** The head to be judged. */
  readonly to: Oid;
  readonly reader: GitObjects;
  readonly introduction?: Introduction;
  /** None by default. */
  readonly approvals?: ApprovalSource;
  /** Keys that are not to be believed, beside those that the trust documents of the two commits name. */
  readonly revocations?: readonly Revocation[];
  /** Seconds since 1970. */
  readonly nowSeconds: number;
}

export interface AcceptedCommit {
  readonly oid: Oid;
  /** Name of the signer, as the trust document of the first parent has it. */
  readonly signer: string;
  readonly fingerprint: string;
  /** Who stands for it beside the signer, by name. */
  readonly approvers: readonly string[];
  /** First line of the message, without control characters. */
  readonly subject: string;
}

export type AuthenticationResult = { readonly ok: true; readonly commits: readonly AcceptedCommit[] } | Refusal;

/**
 * Judge a head. Accepted commits are listed parents first; the first commit that is refused ends it.
 * @throws {GitObjectError} when the store is damaged; whatever is wrong with the history itself is a refusal
 */
export async function authenticate(request: AuthenticationRequest): Promise<AuthenticationResult> {
  try {
    return { ok: true, commits: await acceptedCommits(request) };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** @throws {Refused} */
async function acceptedCommits(request: AuthenticationRequest): Promise<AcceptedCommit[]> {
  const { from, to, introduction, reader } = request;
  const base = from ?? introduction?.commit;
  if (base === undefined) {
    const hint = 'give the boot server an introduction: a commit and the fingerprint of the key that signed it';
    return refuse(to, 'no-introduction', 'nothing says where the trust in this history begins', hint);
  }
  const history = await readable(to, () => newHistory(reader, base, to, introduction?.commit));
  const isHere = await reader.has(base);
  if (!history || !isHere) {
    const what = `${from === null ? 'the introduced commit' : 'the last accepted commit'} ${short(base)}`;
    const message = `the head ${short(to)} does not contain ${what}`;
    if (isHere) {
      const hint = 'history must only grow: undo by a new commit, and check that this is the right repository';
      return refuse(to, 'not-descendant', message, hint);
    }
    const hint = 'it has yet to come, a mirror withholds it, or this is another repository: see berth status';
    return refuse(to, 'not-descendant', `${message}, which is not here`, hint);
  }
  const judge = new Judge(request);
  await judge.heed(base);
  const first = from === null && introduction ? introduction : null;
  const accepted = await judged(judge, history, base, to, first);
  // Anyone can make a head that disbelieves anything: what it says counts once it is known to be authentic.
  return (await judge.heed(to)) ? judged(judge, history, base, to, first) : accepted;
}

/** @param first the introduction, when it is to be judged too */
async function judged(
  judge: Judge,
  { commits, unvouched }: NewHistory,
  base: Oid,
  to: Oid,
  first: Introduction | null,
): Promise<AcceptedCommit[]> {
  const accepted: AcceptedCommit[] = first ? [await judge.introduced(first)] : [];
  // Those that lead back to the base by changes that were all judged.
  const following = new Set([base]);
  const breath = new Breath();
  for (const oid of commits) {
    await breath.take();
    const examined = await judge.examine(oid, unvouched);
    if (examined.refusal) throw new Refused(examined.refusal);
    accepted.push(examined.accepted);
    if (examined.parents.some(({ parent, inFull }) => inFull && following.has(parent))) following.add(oid);
  }
  if (following.has(to)) return accepted;
  const message = `the head ${short(to)} contains ${short(base)} only by way of merges by the Git host into an older branch`;
  return refuse(
    to,
    'host-merge-not-allowed',
    message,
    'merge the branch into the main branch, not the other way round',
  );
}
