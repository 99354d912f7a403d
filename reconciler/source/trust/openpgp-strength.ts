// Which OpenPGP keys and hashes are strong enough to be believed.
import type { PublicKeyPacket, PublicSubkeyPacket } from 'openpgp';
import type { OpenPgpLibrary } from './openpgp-library.ts';

const smallestRsaBits = 2048;
const largestRsaBits = 16384;
const curves: readonly (string | undefined)[] = ['nistP256', 'nistP384', 'nistP521'];

/** A list of what is good enough: MD5, SHA-1 and RIPEMD-160 are broken or too short, SHA-224 is weaker than the keys. */
export function isWeakHash({ enums }: OpenPgpLibrary, hash: number | null): boolean {
  const { sha256, sha384, sha512, sha3_256, sha3_512 } = enums.hash;
  return ![sha256, sha384, sha512, sha3_256, sha3_512].some((strong) => strong === hash);
}

/** Whether signatures by an algorithm are read at all. @param algorithm its number (RFC 9580 §9.1) */
export function isSupportedAlgorithm({ enums }: OpenPgpLibrary, algorithm: number | undefined): boolean {
  const { rsaEncryptSign, rsaSign, ecdsa, eddsaLegacy, ed25519 } = enums.publicKey;
  return [rsaEncryptSign, rsaSign, ecdsa, eddsaLegacy, ed25519].some((supported) => supported === algorithm);
}

/** Ed25519, RSA of 2048 bits and more, and ECDSA on the curves of NIST; anything else is a fault. */
export function algorithmFault(
  openpgp: OpenPgpLibrary,
  key: PublicKeyPacket | PublicSubkeyPacket,
): { readonly code: 'weak-key' | 'unsupported-key'; readonly message: string } | null {
  const { algorithm, bits = 0, curve } = key.getAlgorithmInfo();
  const { publicKey } = openpgp.enums;
  switch (key.algorithm) {
    case publicKey.ed25519:
      return null;
    case publicKey.eddsaLegacy:
      return curve === 'ed25519Legacy'
        ? null
        : { code: 'unsupported-key', message: `EdDSA on ${curve} is not supported` };
    case publicKey.ecdsa:
      return curves.includes(curve) ? null : { code: 'unsupported-key', message: `ECDSA on ${curve} is not supported` };
    case publicKey.rsaEncryptSign:
    case publicKey.rsaSign:
      if (bits < smallestRsaBits) return { code: 'weak-key', message: `an RSA key of ${bits} bits is too weak` };
      if (bits <= largestRsaBits) return null;
      return { code: 'unsupported-key', message: `RSA keys above ${largestRsaBits} bits are not supported` };
    default:
      return { code: 'unsupported-key', message: `keys of the algorithm ${algorithm} are not supported` };
  }
}
