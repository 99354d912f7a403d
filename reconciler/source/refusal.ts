// Why a head is not accepted: one code for each reason, and what to do about it.
import type { Oid } from './commit.ts';
import type { SshSignatureFault } from './sshsig.ts';

export type RefusalCode =
  | SshSignatureFault
  /** The commit carries no signature. */
  | 'unsigned'
  /** Signed, but not by SSH. */
  | 'unsupported-signature'
  /** A good signature of a key that a parent does not trust. */
  | 'untrusted-key'
  /** A trusted key, but not for all that the commit touches. */
  | 'path-not-allowed'
  /** The head does not contain the last accepted commit: history was rewritten or exchanged. */
  | 'not-descendant'
  /** A branch that was merged has a beginning of its own. */
  | 'unrelated-root'
  /** A branch that was merged is older than the introduction: nobody ever vouched for what it stands on. */
  | 'before-introduction'
  /** Nothing was accepted yet and no introduction says where trust begins. */
  | 'no-introduction'
  /** The introduced commit was signed by another key than the introduction says. */
  | 'introduction-key'
  /** trust/signers.yaml is missing or wrong at the commit or at one of its parents. */
  | 'trust-unreadable'
  | 'malformed-commit'
  | 'malformed-tree'
  /** An object that the history names cannot be had. */
  | 'history-incomplete';

export interface Refusal {
  readonly ok: false;
  /** The commit that the refusal is about. */
  readonly commit: Oid;
  readonly code: RefusalCode;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Carries a refusal out of the judgement. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }

  get code(): RefusalCode {
    return this.refusal.code;
  }
}

export function refuse(commit: Oid, code: RefusalCode, message: string, hint: string): never {
  throw new Refused({ ok: false, commit, code, message, hint });
}
