// Approvals: signed annotated tags by which others stand for a commit beside the one who signed it.
//
// Tags and not notes: everyone pushes a ref of their own, so that nobody's push is in another's way, Git hosts can say
// who may push them, and `git tag -s` and `git push` are all it takes.
import { type Commit, ObjectFormatError, type Oid } from '../commit.ts';
import { parseTag, type Tag } from '../tag.ts';
import type { RefusalCode } from './refusal.ts';
import type { Revocations } from './revocations.ts';
import type { SignedBy } from './signed-by.ts';
import { clockErrorSeconds, instant, type TrustSet, validityFault } from './trust-set.ts';

export interface ApprovalTag {
  /** `refs/tags/approve/<commit>/<name>` */
  readonly ref: string;
  /** Content of the tag object. */
  readonly bytes: Uint8Array;
}

/** Where approvals come from: whatever it gives is judged before it counts. */
export interface ApprovalSource {
  approvalsOf(commit: Oid): Promise<readonly ApprovalTag[]>;
}

export const approvalRefs = 'refs/tags/approve/';

/** The ref by which somebody approves a commit. */
export function approvalRef(commit: Oid, name: string): string {
  return `${approvalRefs}${commit}/${name}`;
}

/** What an approval comes to: who gives it, or why it does not count. */
export type ApprovalVerdict =
  | { readonly ref: string; readonly name: string; readonly fault: null }
  | { readonly ref: string; readonly name: null; readonly fault: ApprovalFault };

export interface ApprovalFault {
  readonly code: RefusalCode | 'other-commit' | 'other-name' | 'malformed-tag';
  readonly message: string;
}

export interface ApprovalContext {
  readonly oid: Oid;
  readonly commit: Commit;
  readonly trust: TrustSet;
  readonly revocations: Revocations;
  readonly signedBy: SignedBy;
  /** When the judgement is made, in seconds since 1970. */
  readonly nowSeconds: number;
  /** When the Git host merged the commit, if that is what it is asked for: the approver's key must still count. */
  readonly mergedSeconds?: number;
}

/** Judge one approval of a commit. It is signed by a trusted key, for this commit and no other, under its own name. */
export async function judgeApproval({ ref, bytes }: ApprovalTag, context: ApprovalContext): Promise<ApprovalVerdict> {
  const none = (code: ApprovalFault['code'], message: string): ApprovalVerdict => {
    return { ref, name: null, fault: { code, message } };
  };
  let tag: Tag;
  try {
    tag = parseTag(bytes);
  } catch (error) {
    if (error instanceof ObjectFormatError) return none('malformed-tag', error.message);
    throw error;
  }
  const { oid, commit, trust, revocations, signedBy, nowSeconds, mergedSeconds } = context;
  if (tag.type !== 'commit' || tag.object !== oid) return none('other-commit', 'it is a tag of something else');
  if (`refs/tags/${tag.name}` !== ref || !ref.startsWith(approvalRef(oid, ''))) {
    return none('other-name', `its own name is ${JSON.stringify(tag.name.slice(0, 200))}`);
  }
  const { seconds } = tag.tagger;
  if (seconds < commit.committer.seconds - clockErrorSeconds) {
    return none('time-backwards', `it says ${instant(seconds)}, before there was the commit`);
  }
  if (seconds > nowSeconds + clockErrorSeconds) {
    return none('future-commit', `it says that it will be made ${instant(seconds)}`);
  }
  const signed = await signedBy.bytes(tag.signature, tag.payload, trust, seconds);
  if (!signed.ok) return none(signed.code, signed.message);
  const key = trust.keys.get(signed.fingerprint);
  if (!key) return none('untrusted-key', `${signed.fingerprint} is not trusted`);
  for (const time of [seconds, mergedSeconds ?? seconds]) {
    const fault = validityFault(key, time);
    if (fault) return none(fault.code, `the key of ${key.name} ${fault.message}`);
    const revocation = revocations.of(signed.fingerprint, time);
    if (revocation) return none('key-revoked', `${signed.fingerprint} is revoked: ${revocation.reason}`);
  }
  return { ref, name: key.name, fault: null };
}
