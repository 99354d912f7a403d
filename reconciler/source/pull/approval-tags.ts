// Approvals as a source has them.
import type { Clone } from '../clone.ts';
import type { Oid } from '../commit.ts';
import { isRef } from '../refs.ts';
import { approvalRefs } from '../trust/approvals.ts';
import type { CloneRefs, KeptApproval } from './clone-refs.ts';

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

/** Remember those whose tags are here, and are tags of a bearable size. @returns the others */
export async function keepApprovals(
  clone: Clone,
  refs: CloneRefs,
  approvals: readonly KeptApproval[],
): Promise<readonly KeptApproval[]> {
  const kept: KeptApproval[] = [];
  const others: KeptApproval[] = [];
  for (const approval of approvals) {
    if (refs.hasApproval(approval)) continue;
    const object = await clone.read(approval.tag).catch(() => null);
    if (object?.type === 'tag' && object.bytes.length <= maxTagBytes) kept.push(approval);
    else others.push(approval);
  }
  await refs.addApprovals(kept);
  return others;
}
