// Detached OpenPGP signatures over exact bytes (RFC 9580 §5.2), as `gpg --detach-sign` makes them for Git.
import type { SignaturePacket } from 'openpgp';
import { dearmor, OpenPgpFormatError, packetsOf, packetTags } from '../../../schema/trust/openpgp-armor.ts';
import type { OpenPgpKey, OpenPgpKeyFault, OpenPgpKeyPart } from './openpgp.ts';
import { loadOpenPgp, type OpenPgpLibrary, openPgpConfig } from './openpgp-library.ts';
import { isSupportedAlgorithm, isWeakHash } from './openpgp-strength.ts';

export type OpenPgpFault =
  | OpenPgpKeyFault
  /** Not one block of armor, or one whose bytes are not in order. */
  | 'malformed-signature'
  | 'several-signatures'
  /** A version or sort of signature that is not over exact bytes, or not known. */
  | 'unsupported-signature'
  /** Made by none of the keys at hand. */
  | 'unknown-key'
  /** The signature is of another kind than its key. */
  | 'wrong-algorithm'
  /** Not made by this key over these bytes. */
  | 'bad-signature'
  /** Older than its key. */
  | 'key-not-yet-valid'
  | 'key-expired'
  | 'expired-signature';

export type OpenPgpVerdict =
  | {
      readonly ok: true;
      /** Of the primary key, also where a subkey has signed. */
      readonly fingerprint: string;
    }
  | {
      readonly ok: false;
      readonly code: OpenPgpFault;
      readonly message: string;
      /** Of the primary key; of an unknown one what the signature says of it, which anyone can write. */
      readonly fingerprint?: string;
    };

const largestArmorBytes = 64 * 1024;

/**
 * Check an armored signature over a payload. Whether its key is to be trusted is for the caller to say.
 *
 * Stricter than gpg in that it takes one signature over binary data and nothing around it, in nothing but the form in
 * which it is written; that hashes below SHA-256, and keys that are bound by such or too short, are refused; and that
 * the key must have been valid both at the time given and when the signature says that it was made.
 * @param keys those that may have made it: the signature does not carry its key
 * @param atSeconds the time at which expiry is judged, in seconds since 1970
 */
export async function verifyOpenPgpSignature(
  armored: string,
  payload: Uint8Array,
  keys: readonly OpenPgpKey[],
  atSeconds: number,
): Promise<OpenPgpVerdict> {
  try {
    const bytes = signatureBytes(armored);
    const openpgp = await loadOpenPgp();
    const signature = await readSignature(openpgp, bytes);
    return await verify(openpgp, signature, payload, keys, atSeconds);
  } catch (error) {
    if (error instanceof OpenPgpFormatError) {
      return { ok: false, code: 'malformed-signature', message: `the signature is malformed: ${error.message}` };
    }
    if (!(error instanceof Fault)) throw error;
    const { code, message, fingerprint } = error;
    return { ok: false, code, message, ...(fingerprint === undefined ? {} : { fingerprint }) };
  }
}

class Fault extends Error {
  constructor(
    readonly code: OpenPgpFault,
    message: string,
    readonly fingerprint?: string,
  ) {
    super(message);
  }
}

/** The bytes of a signature packet, and of nothing else. */
function signatureBytes(armored: string): Buffer {
  if (armored.length > largestArmorBytes) {
    throw new OpenPgpFormatError(`it is larger than ${largestArmorBytes / 1024} KiB`);
  }
  const bytes = dearmor(armored, 'PGP SIGNATURE');
  const packets = packetsOf(bytes);
  if (!packets.every(({ tag }) => tag === packetTags.signature)) {
    throw new OpenPgpFormatError('it holds something else than a signature');
  }
  if (packets.length > 1) throw new Fault('several-signatures', 'there is more than one signature in the armor');
  return bytes;
}

async function readSignature(openpgp: OpenPgpLibrary, bytes: Buffer): Promise<SignaturePacket> {
  // The same in versions 4 and 6 (RFC 9580 §5.2.3).
  const [version, type, algorithm] = packetsOf(bytes)[0]?.body ?? [];
  if (version !== 4 && version !== 6) {
    throw new Fault('unsupported-signature', `version ${version} of OpenPGP signatures is not supported`);
  }
  if (type !== openpgp.enums.signature.binary) {
    throw new Fault('unsupported-signature', 'the signature is of another sort than one over binary data');
  }
  if (!isSupportedAlgorithm(openpgp, algorithm)) {
    throw new Fault('unsupported-key', `signatures by algorithm ${algorithm} are not supported`);
  }
  try {
    const { packets } = await openpgp.readSignature({ binarySignature: bytes, config: openPgpConfig(openpgp) });
    const [packet] = packets;
    if (packet && packets.length === 1) return packet;
  } catch {
    // Whatever the library says of it: the bytes make no signature.
  }
  throw new OpenPgpFormatError('its fields are not in order');
}

/** Two keys may share the id by which a signature names its key: any of them may have made it. */
async function verify(
  openpgp: OpenPgpLibrary,
  signature: SignaturePacket,
  payload: Uint8Array,
  keys: readonly OpenPgpKey[],
  atSeconds: number,
): Promise<OpenPgpVerdict> {
  const faults: Fault[] = [];
  for (const { fingerprint, parts } of keys) {
    for (const part of parts) {
      if (!part.packet.getKeyID().equals(signature.issuerKeyID)) continue;
      const fault =
        (await forgery(openpgp, signature, payload, part)) ?? part.fault ?? timeFault(signature, part, atSeconds);
      if (!fault) return { ok: true, fingerprint };
      faults.push(new Fault(fault.code, fault.message, fingerprint));
    }
  }
  throw faults.find(({ code }) => code !== 'bad-signature') ?? faults[0] ?? unknownKey(signature);
}

function unknownKey({ issuerFingerprint, issuerKeyID }: SignaturePacket): Fault {
  const named = issuerFingerprint === null ? issuerKeyID.toHex() : Buffer.from(issuerFingerprint).toString('hex');
  return new Fault('unknown-key', 'no OpenPGP key that is known has made the signature', named.toUpperCase());
}

interface NamedFault {
  readonly code: OpenPgpFault;
  readonly message: string;
}

/** Why it cannot be told, or is not so, that this key has signed these bytes. */
async function forgery(
  openpgp: OpenPgpLibrary,
  signature: SignaturePacket,
  payload: Uint8Array,
  { fault, packet }: OpenPgpKeyPart,
): Promise<NamedFault | null> {
  if (fault?.code === 'weak-key' || fault?.code === 'unsupported-key') return fault;
  if (isWeakHash(openpgp, signature.hashAlgorithm)) {
    return { code: 'weak-hash', message: 'the signature is over a hash that is weaker than SHA-256' };
  }
  if (signature.publicKeyAlgorithm !== packet.algorithm) {
    return { code: 'wrong-algorithm', message: 'the signature is by another algorithm than that of its key' };
  }
  const { packets } = await openpgp.createMessage({ binary: payload });
  const [data] = packets;
  try {
    const { binary } = openpgp.enums.signature;
    // At its own time: whether that is in order is asked later.
    await signature.verify(packet, binary, data ?? {}, signature.created ?? undefined, true, openPgpConfig(openpgp));
    return null;
  } catch {
    return { code: 'bad-signature', message: 'the signature does not belong to this content' };
  }
}

function timeFault(signature: SignaturePacket, part: OpenPgpKeyPart, atSeconds: number): NamedFault | null {
  const madeSeconds = Number(signature.created) / 1000;
  if (Math.min(atSeconds, madeSeconds) < part.createdSeconds) {
    return { code: 'key-not-yet-valid', message: 'the signature is older than its key' };
  }
  if (Math.max(atSeconds, madeSeconds) >= part.expiresSeconds) {
    return { code: 'key-expired', message: 'the key had expired when the signature was made' };
  }
  if (atSeconds >= Number(signature.getExpirationTime()) / 1000) {
    return { code: 'expired-signature', message: 'the signature has expired' };
  }
  return null;
}
