// A file of the site repo with an OpenPGP public key, read as far as to tell which key it is. Whether it is a good one,
// and what signs in its name, is for those who check signatures with it.
import { createHash } from 'node:crypto';
import { dearmor, OpenPgpFormatError, type OpenPgpPacket, packetsOf, packetTags } from './openpgp-armor.ts';

/** A file that does not hold the one public key that it should. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';

  constructor(
    readonly code: 'private-key' | 'no-public-key',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Fingerprint of the key in an armored file (RFC 9580 §5.5.4), in upper-case hex, as `gpg --fingerprint` shows it.
 * @throws {KeyFileError}
 */
export function keyFileFingerprint(text: string): string {
  const packets = /-----BEGIN [A-Z ]*PRIVATE KEY/.test(text) ? [] : packetsIn(text);
  const isSecret = packets.some(({ tag }) => tag === packetTags.secretKey || tag === packetTags.secretSubkey);
  if (packets.length === 0 || isSecret) throw new KeyFileError('private-key', 'it holds a private key');
  const [first, ...others] = packets;
  if (first?.tag !== packetTags.publicKey)
    throw new KeyFileError('no-public-key', 'it does not begin with a public key');
  if (others.some(({ tag }) => tag === packetTags.publicKey)) {
    throw new KeyFileError('no-public-key', 'it holds several keys: give each a file of its own');
  }
  return fingerprintOf(first.body);
}

function packetsIn(text: string): readonly OpenPgpPacket[] {
  try {
    return packetsOf(dearmor(text, 'PGP PUBLIC KEY BLOCK'));
  } catch (error) {
    if (error instanceof OpenPgpFormatError) throw new KeyFileError('no-public-key', error.message);
    throw error;
  }
}

/** Each version hashes a mark of its own, the length, and the packet. */
function fingerprintOf(body: Uint8Array): string {
  const version = body[0];
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const digest =
    version === 4
      ? createHash('sha1').update(Buffer.of(0x99)).update(length.subarray(2))
      : version === 6
        ? createHash('sha256').update(Buffer.of(0x9b)).update(length)
        : null;
  if (!digest) {
    throw new KeyFileError('no-public-key', `keys of version ${version ?? '?'} are not supported: make one anew`);
  }
  return digest.update(body).digest('hex').toUpperCase();
}
