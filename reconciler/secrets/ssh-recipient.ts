// SSH keys as recipients of age, which the package age-encryption leaves out: stanzas `ssh-ed25519` as age itself makes
// them (filippo.io/age/agessh). The ed25519 key is taken as one of X25519 (RFC 7748 §4.1) and, for that it was not made
// for this, the shared secret is multiplied by a tweak that only this key has.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import type { Identity, Recipient, Stanza } from 'age-encryption';
import { ed25519Wire, sshTag, unpaddedBase64 } from '../../schema/age-recipient.ts';

const label = 'age-encryption.org/v1/ssh-ed25519';

/** A stanza of this kind matches the identity, and cannot be opened all the same. */
class SshStanzaError extends Error {
  override readonly name = 'SshStanzaError';
  readonly code = 'damaged';
}

/**
 * @param wire the public key as SSH has it (RFC 8709 §4), with `point` in it
 * @throws {Error} when the point is none of the curve's
 */
export function sshRecipient(wire: Uint8Array, point: Uint8Array): Recipient {
  const ours = ed25519.utils.toMontgomery(point);
  return {
    wrapFileKey(fileKey) {
      const ephemeral = randomBytes(32);
      const share = x25519.getPublicKey(ephemeral);
      const secret = tweaked(wire, x25519.getSharedSecret(ephemeral, ours));
      const body = seal(wrapKey(secret, share, ours), fileKey);
      return [{ args: ['ssh-ed25519', sshTag(wire), unpaddedBase64(share)], body }];
    },
  };
}

/** @param seed the private key, 32 bytes (RFC 8032 §5.1.5) */
export function sshIdentity(seed: Uint8Array): Identity {
  const scalar = createHash('sha512').update(seed).digest().subarray(0, 32);
  const wire = ed25519Wire(ed25519.getPublicKey(seed));
  const ours = x25519.getPublicKey(scalar);
  const tag = sshTag(wire);
  const isOurs = ({ args }: Stanza): boolean => args[0] === 'ssh-ed25519' && args[1] === tag;
  return {
    unwrapFileKey(stanzas) {
      const matching = stanzas.filter(isOurs);
      for (const { args, body } of matching) {
        const share = Buffer.from(args[2] ?? '', 'base64');
        if (args.length !== 3 || unpaddedBase64(share) !== args[2] || share.length !== 32 || body.length !== 32) {
          throw new SshStanzaError('the stanza of the SSH key is malformed');
        }
        const secret = tweaked(wire, x25519.getSharedSecret(scalar, share));
        const fileKey = open(wrapKey(secret, share, ours), body);
        if (fileKey) return fileKey;
      }
      // Two keys in four thousand million have one tag; whoever meets both has a file that is sealed to the other.
      if (matching.length > 0) throw new SshStanzaError('the stanza of the SSH key does not open');
      return null;
    },
  };
}

function tweaked(wire: Uint8Array, secret: Uint8Array): Uint8Array {
  return x25519.getSharedSecret(hkdf(new Uint8Array(), wire), secret);
}

function wrapKey(secret: Uint8Array, share: Uint8Array, recipient: Uint8Array): Uint8Array {
  return hkdf(secret, Buffer.concat([share, recipient]));
}

function hkdf(secret: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, label, 32));
}

/** Each key seals one thing only, so that the nonce may be zero. */
const nonce = new Uint8Array(12);
const cipher = 'chacha20-poly1305';
const tagBytes = 16;

function seal(key: Uint8Array, fileKey: Uint8Array): Uint8Array {
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  return Buffer.concat([sealing.update(fileKey), sealing.final(), sealing.getAuthTag()]);
}

function open(key: Uint8Array, body: Uint8Array): Uint8Array | null {
  const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  opening.setAuthTag(body.subarray(-tagBytes));
  const fileKey = opening.update(body.subarray(0, -tagBytes));
  try {
    opening.final();
    return new Uint8Array(fileKey);
  } catch {
    return null;
  }
}
