// OpenSSH public keys (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, OpenSSH PROTOCOL.u2f), as node:crypto wants them.
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { SshWireError, SshWireReader } from './ssh-wire.ts';

/** The curves of ECDSA keys: their names here and there, the length of a coordinate, and the hash that goes with them. */
export const ecdsaCurves = {
  nistp256: { jwkName: 'P-256', coordinateBytes: 32, hash: 'sha256' },
  nistp384: { jwkName: 'P-384', coordinateBytes: 48, hash: 'sha384' },
  nistp521: { jwkName: 'P-521', coordinateBytes: 66, hash: 'sha512' },
} as const;

export type EcdsaCurve = keyof typeof ecdsaCurves;

/** What a key can do. `application` is what a security key signs for, `ssh:` by default. */
export type SshAlgorithm =
  | { readonly kind: 'ed25519' }
  | { readonly kind: 'rsa' }
  | { readonly kind: 'ecdsa'; readonly curve: EcdsaCurve }
  | { readonly kind: 'sk-ed25519'; readonly application: Uint8Array }
  | { readonly kind: 'sk-ecdsa'; readonly application: Uint8Array };

export interface SshPublicKey {
  /** The name on the wire, such as `ssh-ed25519`. */
  readonly type: string;
  readonly algorithm: SshAlgorithm;
  /** `SHA256:` and the unpadded base64 of the digest over the wire form, as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}

export type SshKeyErrorCode = 'unsupported-key' | 'weak-key' | 'malformed-key';

export class SshKeyError extends Error {
  override readonly name = 'SshKeyError';

  constructor(
    readonly code: SshKeyErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const smallestRsaBits = 2048;
const largestRsaBits = 16384;

/**
 * Read a key in its wire form.
 * @throws {SshKeyError} when it is of another kind, too weak, or not a key at all
 */
export function parseSshKey(wire: Uint8Array): SshPublicKey {
  try {
    const reader = new SshWireReader(wire);
    const type = reader.name();
    const { algorithm, jwk } = readKey(type, reader);
    reader.end();
    return { type, algorithm, fingerprint: fingerprintOf(wire), key: createPublicKey({ key: jwk, format: 'jwk' }) };
  } catch (error) {
    if (error instanceof SshKeyError) throw error;
    const reason = error instanceof SshWireError ? error.message : 'its numbers make no key';
    throw new SshKeyError('malformed-key', `not a public key: ${reason}`);
  }
}

/**
 * Read a key as it stands in a `.pub` file: type and base64, and possibly a comment.
 * @throws {SshKeyError}
 */
export function parseSshKeyText(text: string): SshPublicKey {
  const [type = '', base64 = ''] = text.trim().split(/ +/);
  const wire = Buffer.from(base64, 'base64');
  if (base64 === '') {
    throw new SshKeyError('malformed-key', 'not a public key: expected a type and base64, as in a .pub file');
  }
  if (wire.toString('base64') !== base64) {
    throw new SshKeyError('malformed-key', 'not a public key: its base64 is broken off or has a typing error');
  }
  const key = parseSshKey(wire);
  if (key.type !== type) throw new SshKeyError('malformed-key', `the text says ${type}, the key is ${key.type}`);
  return key;
}

export function fingerprintOf(wire: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(wire).digest('base64').replace(/=+$/, '')}`;
}

interface KeyParts {
  readonly algorithm: SshAlgorithm;
  readonly jwk: JsonWebKey;
}

function readKey(type: string, reader: SshWireReader): KeyParts {
  switch (type) {
    case 'ssh-ed25519':
      return { jwk: ed25519(reader), algorithm: { kind: 'ed25519' } };
    case 'sk-ssh-ed25519@openssh.com':
      return { jwk: ed25519(reader), algorithm: { kind: 'sk-ed25519', application: reader.string() } };
    case 'ssh-rsa':
      return { jwk: rsa(reader), algorithm: { kind: 'rsa' } };
    case 'ecdsa-sha2-nistp256':
      return { jwk: ecdsa(reader, 'nistp256'), algorithm: { kind: 'ecdsa', curve: 'nistp256' } };
    case 'ecdsa-sha2-nistp384':
      return { jwk: ecdsa(reader, 'nistp384'), algorithm: { kind: 'ecdsa', curve: 'nistp384' } };
    case 'ecdsa-sha2-nistp521':
      return { jwk: ecdsa(reader, 'nistp521'), algorithm: { kind: 'ecdsa', curve: 'nistp521' } };
    case 'sk-ecdsa-sha2-nistp256@openssh.com':
      return { jwk: ecdsa(reader, 'nistp256'), algorithm: { kind: 'sk-ecdsa', application: reader.string() } };
    default:
      throw new SshKeyError('unsupported-key', `keys of type ${type} are not supported`);
  }
}

function ed25519(reader: SshWireReader): JsonWebKey {
  const point = reader.string();
  if (point.length !== 32) throw new SshKeyError('malformed-key', 'an Ed25519 key has 32 bytes');
  return { kty: 'OKP', crv: 'Ed25519', x: base64url(point) };
}

function rsa(reader: SshWireReader): JsonWebKey {
  const exponent = reader.magnitude();
  const modulus = reader.magnitude();
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < smallestRsaBits) {
    throw new SshKeyError('weak-key', `an RSA key of ${bits} bits is too weak, ${smallestRsaBits} are needed`);
  }
  if (bits > largestRsaBits) throw new SshKeyError('unsupported-key', `an RSA key of ${bits} bits is too large`);
  const odd = ((exponent.at(-1) ?? 0) & 1) === 1;
  if (!odd || (exponent.length === 1 && exponent[0] === 1)) {
    throw new SshKeyError('weak-key', 'the exponent of the RSA key lets anyone sign');
  }
  return { kty: 'RSA', e: base64url(exponent), n: base64url(modulus) };
}

function ecdsa(reader: SshWireReader, curve: EcdsaCurve): JsonWebKey {
  const { jwkName, coordinateBytes } = ecdsaCurves[curve];
  if (reader.name() !== curve) throw new SshKeyError('malformed-key', `the curve of the key is not ${curve}`);
  const point = reader.string();
  const uncompressed = 4;
  if (point[0] !== uncompressed || point.length !== 1 + 2 * coordinateBytes) {
    throw new SshKeyError('malformed-key', `the point of the key is no uncompressed point of ${curve}`);
  }
  const x = point.subarray(1, 1 + coordinateBytes);
  const y = point.subarray(1 + coordinateBytes);
  return { kty: 'EC', crv: jwkName, x: base64url(x), y: base64url(y) };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
