// Public keys that secrets are sealed to: those of age (https://age-encryption.org/v1, C2SP age.md "X25519") and of
// OpenSSH (ssh-ed25519, as filippo.io/age/agessh has it); and whether a sealed file fits a list of them.
import { createHash } from 'node:crypto';
import type { AgeHeader } from './age-header.ts';
import { readBech32 } from './bech32.ts';
import { parseSshKeyText, SshKeyError } from './ssh-key.ts';
import { sshString } from './ssh-wire.ts';

export type AgeRecipient =
  | { readonly kind: 'X25519' /** `age1…` */; readonly text: string }
  | {
      readonly kind: 'ssh-ed25519';
      /** The key as SSH has it on the wire (RFC 8709 §4). */
      readonly wire: Uint8Array;
      /** The key itself: a point of Edwards form, 32 bytes. */
      readonly point: Uint8Array;
    };

/** Fit for messages: it says what is wrong with the key, not whose it is. */
export class AgeRecipientError extends Error {
  override readonly name = 'AgeRecipientError';
  readonly code = 'malformed-recipient';
}

/**
 * Read a key as trust/recipients.yaml has it.
 * @throws {AgeRecipientError}
 */
export function parseAgeRecipient(text: string): AgeRecipient {
  if (text.startsWith('ssh-')) return sshRecipient(text);
  const read = readBech32(text);
  if (!read) throw new AgeRecipientError('its checksum does not hold: a character is wrong or missing');
  if (read.prefix !== 'age' || read.bytes.length !== 32 || text !== text.toLowerCase()) {
    throw new AgeRecipientError('only keys that begin with age1 and have 62 characters are supported');
  }
  return { kind: 'X25519', text };
}

function sshRecipient(text: string): AgeRecipient {
  try {
    const { type, key } = parseSshKeyText(text);
    if (type !== 'ssh-ed25519') throw new AgeRecipientError(`age cannot seal to keys of type ${type}`);
    const point = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
    return { kind: 'ssh-ed25519', wire: ed25519Wire(point), point };
  } catch (error) {
    if (error instanceof SshKeyError) throw new AgeRecipientError(error.message, { cause: error });
    throw error;
  }
}

/** An ed25519 public key as SSH has it on the wire. @param point 32 bytes */
export function ed25519Wire(point: Uint8Array): Uint8Array {
  return Buffer.concat([sshString('ssh-ed25519'), sshString(point)]);
}

/** What stands in a header for an SSH key: the first four bytes of its SHA-256. */
export function sshTag(wire: Uint8Array): string {
  return unpaddedBase64(createHash('sha256').update(wire).digest().subarray(0, 4));
}

/** As headers of age have it (RFC 4648 §4 without `=`). */
export function unpaddedBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

export interface Misfit {
  /** To be read after the name of the file. */
  readonly message: string;
  /** Whether somebody can open it who is no recipient. */
  readonly hasOthers: boolean;
}

/**
 * How a file is sealed otherwise than to just these recipients; null when it is not, as far as a header tells: SSH keys
 * are known by their tags, of age's own keys only the number is.
 */
export function misfit({ stanzas }: AgeHeader, recipients: readonly AgeRecipient[]): Misfit | null {
  const strange = stanzas.find(({ type }) => type !== 'X25519' && type !== 'ssh-ed25519');
  if (strange?.type === 'scrypt') return { message: 'is sealed with a passphrase', hasOthers: true };
  if (strange) {
    const message = `is sealed to a key of type ${strange.type} too, which trust/recipients.yaml cannot have`;
    return { message, hasOthers: true };
  }
  const tags = stanzas.flatMap(({ type, args }) => (type === 'ssh-ed25519' ? [args[0] ?? ''] : []));
  const expectedTags = recipients.flatMap((one) => (one.kind === 'ssh-ed25519' ? [sshTag(one.wire)] : []));
  const moreAgeKeys = stanzas.length - tags.length - (recipients.length - expectedTags.length);
  const tooFew = without(expectedTags, tags).length + Math.max(-moreAgeKeys, 0);
  const tooMany = without(tags, expectedTags).length + Math.max(moreAgeKeys, 0);
  if (tooFew === 0 && tooMany === 0) return null;
  const said = [
    ...(tooFew === 0 ? [] : [`is not sealed to ${tooFew} of the ${recipients.length} recipients`]),
    ...(tooMany === 0 ? [] : [`is sealed to ${tooMany} ${tooMany === 1 ? 'key that is none' : 'keys that are none'}`]),
  ];
  return { message: said.join(' and '), hasOthers: tooMany > 0 };
}

/** What is left of a list when each of the others has been taken out of it once. */
function without(list: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...list];
  for (const other of others) {
    const index = left.indexOf(other);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}
