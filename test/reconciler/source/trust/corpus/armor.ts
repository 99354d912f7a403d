// Signatures as they stand in commits, and what forgers do to them.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { sshString } from '../../../../../schema/ssh-wire.ts';

/** Put a signature where Git puts it: behind the last header. */
export function withSignature(payload: Uint8Array, armor: string, header = 'gpgsig'): Buffer {
  const bytes = Buffer.from(payload);
  const end = bytes.indexOf('\n\n') + 1;
  if (end === 0) throw new Error('there are no headers to put a signature behind');
  const lines = `${header} ${armor.trimEnd().replaceAll('\n', '\n ')}\n`;
  return Buffer.concat([bytes.subarray(0, end), Buffer.from(lines), bytes.subarray(end)]);
}

/** The armor of SSH around some bytes. */
export function armored(wire: Uint8Array): string {
  const lines =
    Buffer.from(wire)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n');
}

/** The wire form behind an armor, changed, and armored again. */
export function rearmored(armor: string, change: (wire: Buffer) => Buffer): string {
  const base64 = armor.trim().split('\n').slice(1, -1).join('');
  return armored(change(Buffer.from(base64, 'base64')));
}

/** The first such text becomes the other one. @throws {Error} when there is none */
export function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const text = bytes.toString('latin1');
  if (!text.includes(from)) throw new Error(`there is no ${from}`);
  return Buffer.from(text.replace(from, to), 'latin1');
}

/** Fields of an SSHSIG (PROTOCOL.sshsig) around a signature, over the digest of a payload. */
function sshsig(payload: Uint8Array, key: Uint8Array, hash: string, signature: (message: Buffer) => Buffer): string {
  const fields = ['git', '', hash].map((field) => sshString(field));
  const digest = createHash(hash).update(payload).digest();
  const message = Buffer.concat([Buffer.from('SSHSIG'), ...fields, sshString(digest)]);
  const head = Buffer.concat([Buffer.from('SSHSIG'), Buffer.from([0, 0, 0, 1]), sshString(key)]);
  return armored(Buffer.concat([head, ...fields, sshString(signature(message))]));
}

/** A key that signs in here: such as no ssh-keygen makes without a device, or at all. */
export interface HomeMadeKey {
  /** Type and base64, as trust/signers.yaml has it. */
  readonly publicKey: string;
  sign(payload: Uint8Array): string;
}

/**
 * A security key (PROTOCOL.u2f) made of software.
 * @param touched whether somebody touches it for each signature
 */
export function securityKey(touched: boolean): HomeMadeKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const type = 'sk-ssh-ed25519@openssh.com';
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const wire = Buffer.concat([sshString(type), sshString(point), sshString('ssh:')]);
  const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
  const flagsAndCounter = Buffer.from([touched ? 1 : 0, 0, 0, 0, 7]);
  return {
    publicKey: `${type} ${wire.toString('base64')}`,
    sign: (payload) =>
      sshsig(payload, wire, 'sha512', (message) => {
        const signed = Buffer.concat([sha256('ssh:'), flagsAndCounter, sha256(message)]);
        return Buffer.concat([sshString(type), sshString(sign(null, signed, privateKey)), flagsAndCounter]);
      }),
  };
}

/** An RSA key that signs as old clients do: over SHA-1. */
export function rsaSha1Key(): HomeMadeKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const number = (text: string): Buffer => {
    const bytes = Buffer.from(text, 'base64url');
    return sshString((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
  };
  const wire = Buffer.concat([sshString('ssh-rsa'), number(e), number(n)]);
  return {
    publicKey: `ssh-rsa ${wire.toString('base64')}`,
    sign: (payload) =>
      sshsig(payload, wire, 'sha512', (message) =>
        Buffer.concat([sshString('ssh-rsa'), sshString(sign('sha1', message, privateKey))]),
      ),
  };
}
