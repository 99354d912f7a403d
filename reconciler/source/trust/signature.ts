// Signatures of commits and tags, SSH or OpenPGP: which of them it is shows in the first line of the armor, as for Git.

import { openPgpArmorStart } from '../../../schema/trust/openpgp-armor.ts';
import type { OpenPgpKey } from './openpgp.ts';
import { type OpenPgpFault, verifyOpenPgpSignature } from './openpgp-signature.ts';
import { type SshSignatureFault, sshArmorStart, verifySshSignature } from './sshsig.ts';

export type SignatureFault =
  | SshSignatureFault
  | OpenPgpFault
  /** X.509, or something else that is neither SSH nor OpenPGP. */
  | 'unsupported-signature';

export type SignatureVerdict =
  | {
      readonly ok: true;
      /** SSH: `SHA256:…`; OpenPGP: the primary key's, in upper-case hex. */
      readonly fingerprint: string;
    }
  | {
      readonly ok: false;
      readonly code: SignatureFault;
      readonly message: string;
      /** Of the key that the signature names, where it could be read that far. */
      readonly fingerprint?: string;
    };

/** What Git signs for with SSH keys. */
const sshNamespace = 'git';

/**
 * Check an armored signature over a payload. Whether its key is to be trusted is for the caller to say.
 * @param keys for OpenPGP, whose signatures do not carry their key; those of SSH do
 * @param atSeconds the time at which the expiry of OpenPGP keys is judged, in seconds since 1970
 */
export async function verifySignature(
  armored: string,
  payload: Uint8Array,
  keys: readonly OpenPgpKey[],
  atSeconds: number,
): Promise<SignatureVerdict> {
  if (armored.startsWith(sshArmorStart)) {
    const verdict = verifySshSignature(armored, payload, sshNamespace);
    return verdict.ok ? { ok: true, fingerprint: verdict.key.fingerprint } : verdict;
  }
  if (armored.startsWith(openPgpArmorStart)) return verifyOpenPgpSignature(armored, payload, keys, atSeconds);
  if (armored.includes(sshArmorStart) || armored.includes(openPgpArmorStart)) {
    return { ok: false, code: 'malformed-signature', message: 'there is something in front of the signature' };
  }
  return {
    ok: false,
    code: 'unsupported-signature',
    message: `the signature is ${kindOf(armored)}, not SSH or OpenPGP`,
  };
}

function kindOf(armored: string): string {
  if (armored.startsWith('-----BEGIN SIGNED MESSAGE-----')) return 'by an X.509 certificate';
  if (armored.startsWith('-----BEGIN PGP ')) return 'an OpenPGP message or key instead of a detached signature';
  return 'of a sort that is not known';
}
