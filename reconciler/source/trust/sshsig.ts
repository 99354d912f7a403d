// SSH signatures over files and commits (OpenSSH PROTOCOL.sshsig, and PROTOCOL.u2f for security keys).
import { createHash, verify } from 'node:crypto';
import {
  type EcdsaCurve,
  ecdsaCurves,
  fingerprintOf,
  parseSshKey,
  SshKeyError,
  type SshPublicKey,
} from '../../../schema/ssh-key.ts';
import { SshWireError, SshWireReader, sshString } from '../../../schema/ssh-wire.ts';

export type SshSignatureFault =
  /** Not an armored SSH signature, or one whose bytes are not in order. */
  | 'malformed-signature'
  /** A version of the format that is not known. */
  | 'unsupported-version'
  | 'unsupported-key'
  | 'weak-key'
  /** Made for something else than what it is shown for, say for a file. */
  | 'wrong-namespace'
  | 'unsupported-hash'
  /** The signature is of another kind than its key, or an RSA signature over SHA-1. */
  | 'wrong-algorithm'
  /** The security key signed without anyone touching it. */
  | 'no-user-presence'
  /** Well-formed, but not made by this key over these bytes. */
  | 'bad-signature';

export type SshSignatureVerdict =
  | { readonly ok: true; readonly key: SshPublicKey }
  | {
      readonly ok: false;
      readonly code: SshSignatureFault;
      readonly message: string;
      /** Of the key that the signature names, where it could be read that far. */
      readonly fingerprint?: string;
    };

export const sshArmorStart = '-----BEGIN SSH SIGNATURE-----';
const sshArmorEnd = '-----END SSH SIGNATURE-----';
const magic = Buffer.from('SSHSIG');

/**
 * Check an armored signature over a payload. Whether its key is to be trusted is for the caller to say.
 * Stricter than ssh-keygen in that text behind the armor, keys without a touch and RSA below 2048 bits are refused.
 * @param namespace what the signature must have been made for; Git signs for `git`
 */
export function verifySshSignature(armored: string, payload: Uint8Array, namespace: string): SshSignatureVerdict {
  let fingerprint: string | undefined;
  try {
    const signature = parseSignature(armored);
    fingerprint = fingerprintOf(signature.publicKey);
    const key = parseSshKey(signature.publicKey);
    if (signature.namespace !== namespace) {
      throw new Fault('wrong-namespace', `the signature was made for "${signature.namespace}", not for "${namespace}"`);
    }
    if (signature.hash !== 'sha256' && signature.hash !== 'sha512') {
      throw new Fault('unsupported-hash', `the hash ${signature.hash} is not supported`);
    }
    const digest = createHash(signature.hash).update(payload).digest();
    // The reserved field of the signature is not looked at, and signed as empty: so does ssh-keygen.
    const fields = [sshString(signature.namespace), sshString(''), sshString(signature.hash), sshString(digest)];
    if (!holds(key, signature.bytes, Buffer.concat([magic, ...fields]))) {
      throw new Fault('bad-signature', 'the signature does not belong to this content');
    }
    return { ok: true, key };
  } catch (error) {
    const { code, message } = faultOf(error);
    return { ok: false, code, message, ...(fingerprint === undefined ? {} : { fingerprint }) };
  }
}

class Fault extends Error {
  constructor(
    readonly code: SshSignatureFault,
    message: string,
  ) {
    super(message);
  }
}

function faultOf(error: unknown): { readonly code: SshSignatureFault; readonly message: string } {
  if (error instanceof Fault) return error;
  if (error instanceof SshWireError) return { code: 'malformed-signature', message: error.message };
  if (!(error instanceof SshKeyError)) throw error;
  const code = error.code === 'malformed-key' ? 'malformed-signature' : error.code;
  return { code, message: error.message };
}

interface SignatureFields {
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

function parseSignature(armored: string): SignatureFields {
  const reader = new SshWireReader(dearmor(armored));
  if (!magic.equals(reader.take(magic.length))) throw new Fault('malformed-signature', 'the signature is no SSHSIG');
  const version = reader.uint32();
  if (version !== 1) throw new Fault('unsupported-version', `version ${version} of SSHSIG is not supported`);
  const publicKey = reader.string();
  const namespace = reader.name();
  reader.string(); // reserved
  const hash = reader.name();
  const bytes = reader.string();
  reader.end();
  return { publicKey, namespace, hash, bytes };
}

function dearmor(armored: string): Buffer {
  const lines = armored.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.shift() !== sshArmorStart || lines.pop() !== sshArmorEnd) {
    throw new Fault('malformed-signature', 'the signature is not one block of SSH armor and nothing else');
  }
  const base64 = lines.join('');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) {
    throw new Fault('malformed-signature', 'the signature is no proper base64');
  }
  return bytes;
}

/** Whether the signature, in its wire form, was made by the key over the message. */
function holds(key: SshPublicKey, signature: Uint8Array, message: Buffer): boolean {
  const reader = new SshWireReader(signature);
  const algorithm = reader.name();
  const expected = key.algorithm.kind === 'rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [key.type];
  if (!expected.includes(algorithm)) {
    throw new Fault('wrong-algorithm', `a signature by ${algorithm} is not accepted from a key of type ${key.type}`);
  }
  const blob = reader.string();
  switch (key.algorithm.kind) {
    case 'ed25519':
      reader.end();
      return verify(null, message, key.key, blob);
    case 'rsa':
      reader.end();
      return verify(algorithm === 'rsa-sha2-512' ? 'sha512' : 'sha256', message, key.key, leftPadded(blob, key));
    case 'ecdsa':
      reader.end();
      return ecdsaHolds(key, key.algorithm.curve, blob, message);
    case 'sk-ed25519':
      return verify(null, securityKeyMessage(reader, key.algorithm.application, message), key.key, blob);
    case 'sk-ecdsa':
      return ecdsaHolds(key, 'nistp256', blob, securityKeyMessage(reader, key.algorithm.application, message));
  }
}

/** Some signers drop leading zeros of an RSA signature, OpenSSL wants them. */
function leftPadded(signature: Uint8Array, key: SshPublicKey): Buffer {
  const length = Math.ceil((key.key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return Buffer.concat([Buffer.alloc(Math.max(0, length - signature.length)), signature]);
}

/** RFC 5656 §3.1.2: the two numbers r and s, put side by side for OpenSSL. */
function ecdsaHolds(key: SshPublicKey, curve: EcdsaCurve, blob: Uint8Array, message: Buffer): boolean {
  const { coordinateBytes, hash } = ecdsaCurves[curve];
  const reader = new SshWireReader(blob);
  const numbers = [reader.magnitude(), reader.magnitude()];
  reader.end();
  if (numbers.some((number) => number.length > coordinateBytes)) return false;
  const fixed = numbers.map((number) => Buffer.concat([Buffer.alloc(coordinateBytes - number.length), number]));
  return verify(hash, message, { key: key.key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(fixed));
}

/** What a security key really signs: digests of application and message, and between them its flags and counter. */
function securityKeyMessage(reader: SshWireReader, application: Uint8Array, message: Buffer): Buffer {
  const flagsAndCounter = reader.take(5);
  reader.end();
  const userPresent = 1;
  if (((flagsAndCounter[0] ?? 0) & userPresent) === 0) {
    throw new Fault('no-user-presence', 'the security key was not touched for this signature');
  }
  const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
  return Buffer.concat([sha256(application), flagsAndCounter, sha256(message)]);
}
