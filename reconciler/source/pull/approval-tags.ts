// Approvals as a source has them, and how many of them are taken in: anyone who may push tags can make any number.
import type { Clone } from '../clone.ts';
import type { Oid } from '../commit.ts';
import { isRef } from '../refs.ts';
import { RepositoryError } from '../repository-error.ts';
import { approvalRefs } from '../trust/approvals.ts';
import type { CloneRefs, KeptApproval } from './clone-refs.ts';

export interface ApprovalLimits {
  /** So many are kept. What is here stays: by it, what was accepted can be judged anew. */
  readonly maxApprovals: number;
  /** So many are kept of one commit, that those of one do not take the place of all others. */
  readonly maxApprovalsOfCommit: number;
}

/** A tag is a few lines and a signature. */
const maxTagBytes = 64 << 10;

/** The approvals among some refs. The names are such as Git allows; what they lead to is not known yet. */
export function approvalsAmong(refs: ReadonlyMap<string, Oid>): KeptApproval[] {
  return [...refs].flatMap(([ref, tag]) => {
    const [, commit, name] = ref.startsWith(approvalRefs)
      ? (/^([0-9a-f]{40})\/(.+)$/.exec(ref.slice(approvalRefs.length)) ?? [])
      : [];
    return commit !== undefined && name !== undefined && isRef(ref) ? [{ commit, tag, name }] : [];
  });
}

export interface ApprovalChoice {
  readonly taken: readonly KeptApproval[];
  /** What is said where some could not be taken. */
  readonly fault: RepositoryError | null;
}

/** Of approvals that are not here yet, those for which there is room. */
export function withRoom(
  refs: CloneRefs,
  approvals: readonly KeptApproval[],
  { maxApprovals, maxApprovalsOfCommit }: ApprovalLimits,
): ApprovalChoice {
  const taken: KeptApproval[] = [];
  const counts = new Map<Oid, number>();
  for (const approval of approvals) {
    const count = counts.get(approval.commit) ?? refs.approvalsOf(approval.commit).length;
    if (count >= maxApprovalsOfCommit || refs.approvalCount + taken.length >= maxApprovals) continue;
    counts.set(approval.commit, count + 1);
    taken.push(approval);
  }
  const left = approvals.length - taken.length;
  const limits = `${maxApprovals} are kept, and ${maxApprovalsOfCommit} of one commit`;
  const message = `${left} approvals are left out: no more than ${limits}`;
  return { taken, fault: left === 0 ? null : new RepositoryError('too-many-refs', message) };
}

/** Remember those whose tags are here, and are tags of a bearable size. @returns the others */
export async function keepApprovals(
  clone: Clone,
  refs: CloneRefs,
  approvals: readonly KeptApproval[],
): Promise<readonly KeptApproval[]> {
  const kept: KeptApproval[] = [];
  const others: KeptApproval[] = [];
  for (const approval of approvals) {
    const object = await clone.read(approval.tag).catch(() => null);
    if (object?.type === 'tag' && object.bytes.length <= maxTagBytes) kept.push(approval);
    else others.push(approval);
  }
  await refs.addApprovals(kept);
  return others;
}
