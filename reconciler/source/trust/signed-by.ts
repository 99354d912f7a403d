// Whose key has signed: commits by their header, approvals by what stands at the end of a tag.
import { signersPath } from '../../../schema/trust/trusted-keys.ts';
import type { Commit, Oid } from '../commit.ts';
import { type RefusalCode, refuse, short } from './refusal.ts';
import { verifySignature } from './signature.ts';
import type { TrustSet } from './trust-set.ts';

/** What to do about a key that is not trusted. */
export const letInFirst = `a new key is first let in by a commit to ${signersPath} that a trusted key signs`;

/** The signature is not one that can be believed. */
export interface SignatureProblem {
  readonly code: RefusalCode;
  readonly message: string;
}

export type SignedByVerdict =
  | { readonly ok: true; readonly fingerprint: string }
  | ({ readonly ok: false } & SignatureProblem);

/** How many are remembered: a merge is looked at once for each parent, the head of a branch once more. */
const remembered = 1_000;

export class SignedBy {
  /** By commit, where the signature carries its key: then it is good or not whoever asks. */
  readonly #known = new Map<Oid, string>();

  /**
   * Fingerprint of the key that signed the commit, once its signature has been found good.
   * @param judged the commit that is refused when it is not
   * @throws {Refused}
   */
  async commit(oid: Oid, commit: Commit, trust: TrustSet, judged = oid): Promise<string> {
    const known = this.#known.get(oid);
    if (known !== undefined) return known;
    const verdict = await this.bytes(commit.signature, commit.payload, trust, commit.committer.seconds);
    if (verdict.ok) {
      if (this.#known.size >= remembered) this.#known.clear();
      if (verdict.fingerprint.startsWith('SHA256:')) this.#known.set(oid, verdict.fingerprint);
      return verdict.fingerprint;
    }
    const { code, message } = verdict;
    if (code === 'unsigned') {
      const hint = 'sign it: git commit --amend -S, with gpg.format=ssh and user.signingKey set';
      return refuse(judged, code, `commit ${short(oid)} carries no signature`, hint);
    }
    const hint = code === 'untrusted-key' ? letInFirst : 'sign the commit anew with git commit --amend -S';
    return refuse(judged, code, `the signature of commit ${short(oid)} is not accepted: ${message}`, hint);
  }

  /** Check a signature over some bytes. @param seconds when it was made, by what it signs; since 1970 */
  async bytes(armored: string | null, payload: Uint8Array, trust: TrustSet, seconds: number): Promise<SignedByVerdict> {
    if (armored === null) return { ok: false, code: 'unsigned', message: 'there is no signature' };
    const verdict = await verifySignature(armored, payload, trust.openPgpKeys, seconds);
    if (verdict.ok) return { ok: true, fingerprint: verdict.fingerprint };
    const code = verdict.code === 'unknown-key' ? 'untrusted-key' : verdict.code;
    const by = verdict.fingerprint === undefined ? '' : ` (key ${verdict.fingerprint})`;
    return { ok: false, code, message: `${verdict.message}${by}` };
  }
}
