// OpenPGP keys as `gpg --armor --export` writes them (RFC 9580 §10.1).
import type { PublicKeyPacket, PublicSubkeyPacket, SignaturePacket } from 'openpgp';
import { dearmor, OpenPgpFormatError, packetsOf, packetTags } from '../../../schema/trust/openpgp-armor.ts';
import { loadOpenPgp, openPgpConfig } from './openpgp-library.ts';
import { KeyReader } from './openpgp-statements.ts';

/** Why a key can never sign, whatever the time. */
export type OpenPgpKeyFault = 'weak-key' | 'unsupported-key' | 'weak-hash' | 'key-revoked' | 'not-a-signing-key';

/** A primary key or a subkey. */
export interface OpenPgpKeyPart {
  /** In upper-case hex. */
  readonly fingerprint: string;
  /** Seconds since 1970; of the younger one of subkey and primary key. */
  readonly createdSeconds: number;
  /** Seconds since 1970: it counts before this; Infinity when it never expires. */
  readonly expiresSeconds: number;
  readonly fault: { readonly code: OpenPgpKeyFault; readonly message: string } | null;
  readonly packet: PublicKeyPacket | PublicSubkeyPacket;
}

export interface OpenPgpKey {
  /** Of the primary key, in upper-case hex, as gpg shows it. */
  readonly fingerprint: string;
  /** The primary key and its subkeys. */
  readonly parts: readonly OpenPgpKeyPart[];
}

export type OpenPgpKeyErrorCode =
  | 'malformed-key'
  | 'private-key'
  | 'several-keys'
  | 'unsupported-key'
  | 'key-too-large';

/** A file that cannot be read as a public key. Its message shows nothing of the file. */
export class OpenPgpKeyError extends Error {
  override readonly name = 'OpenPgpKeyError';

  constructor(
    readonly code: OpenPgpKeyErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const largestKeyBytes = 256 * 1024;

/**
 * Read a file with one armored public key. Keys that are weak, revoked, expired or may not sign are read all the same:
 * it is signatures that are refused for it.
 *
 * Unlike gpg it does not pass over packets that it does not understand, since a revocation might be among them.
 * @throws {OpenPgpKeyError}
 */
export async function readOpenPgpKey(armored: Uint8Array | string): Promise<OpenPgpKey> {
  if (armored.length > largestKeyBytes) {
    throw new OpenPgpKeyError('key-too-large', `the key is larger than ${largestKeyBytes / 1024} KiB`);
  }
  const bytes = publicKeyBytes(typeof armored === 'string' ? armored : Buffer.from(armored).toString('latin1'));
  const openpgp = await loadOpenPgp();
  const key = await openpgp.readKey({ binaryKey: bytes, config: openPgpConfig(openpgp) }).catch(() => {
    const hint = 'export it with gpg --armor --export-options export-minimal --export';
    throw new OpenPgpKeyError('unsupported-key', `the key holds packets that are malformed or not supported: ${hint}`);
  });
  const signatures = key.toPacketList().filterByTag(openpgp.enums.packet.signature) as SignaturePacket[];
  if (signatures.some(({ revocationKeyClass }) => revocationKeyClass !== null)) {
    throw new OpenPgpKeyError('unsupported-key', 'the key names another one that may revoke it: that is not supported');
  }
  return new KeyReader(openpgp, key).read();
}

/** The packets of exactly one public key. */
function publicKeyBytes(text: string): Buffer {
  if (text.includes('-----BEGIN PGP PRIVATE KEY BLOCK-----')) throw privateKey();
  try {
    const bytes = dearmor(text.replaceAll('\r\n', '\n'), 'PGP PUBLIC KEY BLOCK');
    const tags = packetsOf(bytes).map(({ tag }) => tag);
    if (tags.includes(packetTags.secretKey) || tags.includes(packetTags.secretSubkey)) throw privateKey();
    if (tags.filter((tag) => tag === packetTags.publicKey).length > 1) {
      throw new OpenPgpKeyError('several-keys', 'the file holds several keys: give each a file of its own');
    }
    if (tags[0] !== packetTags.publicKey) throw new OpenPgpFormatError('it does not begin with a public key');
    return bytes;
  } catch (error) {
    if (!(error instanceof OpenPgpFormatError)) throw error;
    throw new OpenPgpKeyError('malformed-key', `no OpenPGP key as gpg --armor --export writes it: ${error.message}`);
  }
}

function privateKey(): OpenPgpKeyError {
  const hint = 'take it out of the repository, and revoke it if it was ever pushed';
  return new OpenPgpKeyError('private-key', `the file holds a private key: ${hint}`);
}
