// The SSH keys of a trust document as the file that Git wants in gpg.ssh.allowedSignersFile.
import { type AllowedSigner, formatAllowedSigner, principalOf } from './allowed-signers.ts';
import type { Trust, TrustedSshKey } from './trusted-keys.ts';

/**
 * The text of the file: a line for each SSH key of a person that is not revoked. Git then knows whose commits are; what
 * somebody may change, and the merge keys, which may sign merges only, it could not be told.
 */
export function allowedSignersFile({ sshKeys }: Trust): string {
  const signers = [...sshKeys.values()].flatMap((key) => allowedSigner(key) ?? []);
  return signers.map((signer) => `${formatAllowedSigner(signer)}\n`).join('');
}

/** Null for a key that does not count, or in no span of time that the format can say. */
function allowedSigner({
  name,
  key,
  revoked,
  validAfterSeconds,
  validBeforeSeconds,
}: TrustedSshKey): AllowedSigner | null {
  // The format has no time before 1970; none of them says anything of a commit.
  const after = validAfterSeconds !== null && validAfterSeconds > 0 ? validAfterSeconds : null;
  // Its spans are of two seconds at least, and OpenSSH would read nothing of the file for the sake of a shorter one.
  const isTooShort = validBeforeSeconds !== null && validBeforeSeconds - 1 <= (after ?? 0);
  if (revoked || isTooShort) return null;
  const principals = [principalOf(name)];
  return { principals, namespaces: ['git'], validAfterSeconds: after, validBeforeSeconds, key, comment: '' };
}
