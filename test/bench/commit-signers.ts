// Those who sign the commits of a generated history: keys of their own, and signatures as git has them made by
// ssh-keygen and gpg, but within this process and by the thousand.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { fingerprintOf } from '../../schema/ssh-key.ts';
import { sshString } from '../../schema/ssh-wire.ts';

export type Signing = 'ssh' | 'openpgp';

export interface CommitSigner {
  /** As trust/signers.yaml has it. */
  readonly fingerprint: string;
  /** SSH: type and base64; OpenPGP: armored. */
  readonly publicKey: string;
  /** Armored, over the bytes of a commit. */
  sign(payload: Uint8Array): Promise<string>;
}

/**
 * A signer with an Ed25519 key.
 * @param name the key for SSH follows from it, so that histories of the same size are the same
 * @param createdSeconds when the OpenPGP key is said to have been made: before the first commit that it signs
 */
export async function commitSigner(signing: Signing, name: string, createdSeconds: number): Promise<CommitSigner> {
  switch (signing) {
    case 'ssh':
      return sshSigner(name);
    case 'openpgp':
      return openPgpSigner(name, createdSeconds);
  }
}

/** PKCS #8 of an Ed25519 key (RFC 8410 §7), up to its 32 bytes. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function sshSigner(name: string): CommitSigner {
  const seed = createHash('sha256').update(`bench ${name}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const point = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
  const type = 'ssh-ed25519';
  const wire = Buffer.concat([sshString(type), sshString(Buffer.from(point, 'base64url'))]);
  // OpenSSH PROTOCOL.sshsig: what is signed, and what carries the signature.
  const magic = Buffer.from('SSHSIG');
  const about = [sshString('git'), sshString(''), sshString('sha512')];
  const version = Buffer.from([0, 0, 0, 1]);
  return {
    fingerprint: fingerprintOf(wire),
    publicKey: `${type} ${wire.toString('base64')}`,
    sign: async (payload) => {
      const digest = createHash('sha512').update(payload).digest();
      const bytes = sign(null, Buffer.concat([magic, ...about, sshString(digest)]), key);
      const signature = sshString(Buffer.concat([sshString(type), sshString(bytes)]));
      return sshArmor(Buffer.concat([magic, version, sshString(wire), ...about, signature]));
    },
  };
}

/** In lines of 70 characters, as ssh-keygen writes them. */
function sshArmor(signature: Buffer): string {
  const lines = signature.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n');
}

async function openPgpSigner(name: string, createdSeconds: number): Promise<CommitSigner> {
  const openpgp = await import('openpgp');
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name, email: `${name}@example.org` }],
    date: new Date(createdSeconds * 1000),
    format: 'object',
  });
  return {
    fingerprint: privateKey.getFingerprint().toUpperCase(),
    publicKey: publicKey.armor(),
    sign: async (payload) => {
      const message = await openpgp.createMessage({ binary: payload });
      const armored = await openpgp.sign({ message, signingKeys: privateKey, detached: true, format: 'armored' });
      return String(armored).replaceAll('\r\n', '\n');
    },
  };
}
