// Private keys of OpenSSH (PROTOCOL.key, `openssh-key-v1`): ed25519, without a passphrase.
import { SshWireError, SshWireReader } from '../../schema/ssh-wire.ts';
import { IdentityError } from './identity-error.ts';

const armor = /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END OPENSSH PRIVATE KEY-----\s*$/;
const magic = 'openssh-key-v1\0';

export interface Ed25519PrivateKey {
  /** 32 bytes (RFC 8032 §5.1.5). */
  readonly seed: Uint8Array;
}

/**
 * @param text of the file; nothing of it gets into messages
 * @throws {IdentityError} when it is of another kind, has a passphrase, or is damaged
 */
export function parseSshPrivateKey(text: string): Ed25519PrivateKey {
  const base64 = armor.exec(text)?.[1];
  if (base64 === undefined) throw new IdentityError('malformed-identity', 'the SSH private key is not whole');
  try {
    return read(new SshWireReader(Buffer.from(base64, 'base64')));
  } catch (error) {
    if (!(error instanceof SshWireError)) throw error;
    throw new IdentityError('malformed-identity', `the SSH private key is damaged: ${error.message}`);
  }
}

function read(reader: SshWireReader): Ed25519PrivateKey {
  if (Buffer.from(reader.take(magic.length)).toString('latin1') !== magic) {
    throw new IdentityError('malformed-identity', 'the SSH private key is none of openssh-key-v1');
  }
  const cipher = reader.name();
  reader.name();
  reader.string();
  if (reader.uint32() !== 1) throw new IdentityError('malformed-identity', 'the file holds several SSH private keys');
  const type = new SshWireReader(reader.string()).name();
  if (type !== 'ssh-ed25519') throw new IdentityError('unsupported-identity', unsupported(type));
  if (cipher !== 'none') throw new IdentityError('locked-identity', locked);
  const inner = new SshWireReader(reader.string());
  reader.end();
  // Twice the same number, by which a passphrase is known to be the right one.
  const checks = [inner.uint32(), inner.uint32()];
  if (checks[0] !== checks[1] || inner.name() !== type) {
    throw new IdentityError('malformed-identity', 'the SSH private key is damaged');
  }
  const point = Buffer.from(inner.string());
  const pair = inner.string();
  const seed = pair.subarray(0, 32);
  if (point.length !== 32 || pair.length !== 64 || !point.equals(pair.subarray(32))) {
    throw new IdentityError('malformed-identity', 'the SSH private key is damaged');
  }
  return { seed };
}

const locked =
  'the SSH key has a passphrase, which is not asked for: work with a copy without one, in memory ' +
  "(cp KEY /dev/shm/key && ssh-keygen -p -N '' -f /dev/shm/key, and remove it afterwards), or with a key of age-keygen";

function unsupported(type: string): string {
  return `SSH keys of type ${type} cannot open secrets: ssh-ed25519 ones can, and keys of age-keygen`;
}
