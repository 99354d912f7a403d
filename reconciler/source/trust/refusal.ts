// Why a head is not accepted: one code for each reason. Each has a page, docs/refusals/<code>.md, with what to do.
import type { Oid } from '../commit.ts';

/** Every code, and what it says in a few words. */
export const refusals = {
  // The signature.
  unsigned: 'the commit bears no signature',
  'unsupported-signature': 'it is signed, but neither by SSH nor by OpenPGP',
  'malformed-signature': 'the signature is not in order',
  'several-signatures': 'there is more than one signature where one belongs',
  'unsupported-version': 'a version of the signature format that is not known',
  'unsupported-key': 'a kind of key that is not known',
  'weak-key': 'a key that can be broken',
  'unsupported-hash': 'a hash that is not known',
  'weak-hash': 'a hash that can be broken',
  'wrong-namespace': 'the signature was made for something else than Git',
  'wrong-algorithm': 'the signature is of another kind than its key',
  'no-user-presence': 'nobody touched the security key',
  'not-a-signing-key': 'the key is not one to sign with',
  'expired-signature': 'the signature says of itself that it is over',
  'bad-signature': 'the signature is not one over this commit',
  // The key.
  'untrusted-key': 'a good signature by a key that a parent does not trust',
  'key-not-yet-valid': 'a trusted key, but not yet when the commit was made',
  'key-expired': 'a trusted key, but no more when the commit was made',
  'key-revoked': 'a key that was trusted once and is revoked',
  // What the signer may do.
  'path-not-allowed': 'nobody who stands for the commit may change what it touches',
  'threshold-missed': 'too few people stand for what the commit touches',
  'host-key-commit': "the Git host's merge key on a commit that is no merge of a branch",
  'host-merge-not-allowed': 'a merge by the Git host, of a branch whose signer may not change what it brings',
  'host-merge-altered': 'a merge by the Git host that holds something else than the two sides',
  'trust-unreadable': 'the documents in trust/ cannot be relied on',
  // The history.
  'no-introduction': 'nothing says where trust begins',
  'introduction-key': 'the introduced commit is signed by another key than the introduction says',
  'not-descendant': 'the head does not contain the last accepted commit',
  'unrelated-root': 'a branch that was merged has a beginning of its own',
  'before-introduction': 'a branch that was merged is older than the introduction',
  'other-site': 'the history is that of another site',
  'time-backwards': 'the commit says that it is older than what it follows on',
  'future-commit': 'the commit says that it is not made yet',
  'history-incomplete': 'an object that the history names cannot be had',
  // The objects.
  'nul-byte': 'the commit holds a NUL byte',
  'no-message': 'no empty line parts the headers of the commit from its message',
  'bad-header': 'a header of the commit is none that Git writes',
  'header-order': 'a header of the commit stands where it must not',
  'bad-person': 'author or committer is not a name, an address and a time',
  'duplicate-signature': 'the commit has two signature headers',
  'malformed-tree': 'a tree is none that Git writes',
  'sha1-collision': 'an object is made for a SHA-1 collision',
  // The files.
  symlink: 'the site repo holds a symbolic link',
  submodule: 'the site repo holds a submodule',
  'special-file': 'the site repo holds what is neither a file nor a folder',
  'bad-name': 'a file has a name that is not allowed',
  'case-twins': 'two names differ by case alone',
  'path-too-long': 'the path of a file is too long',
  'file-too-large': 'a file is too large',
  'too-many-files': 'there are too many files',
  'site-too-large': 'the files together are too large',
  'secret-unreadable': "a sealed secret does not open with the boot server's key",
  'invalid-site': 'the site breaks a rule',
} as const satisfies Readonly<Record<string, string>>;

export type RefusalCode = keyof typeof refusals;

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

/** A refusal is told to all servers: what anyone can push must not make it longer than they can store. */
const longestText = 2_000;

export function refuse(commit: Oid, code: RefusalCode, message: string, hint: string): never {
  throw new Refused({ ok: false, commit, code, message: cut(message), hint: cut(hint) });
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** An id as it is shown to people. */
export function short(oid: Oid): string {
  return oid.slice(0, 12);
}
