// Files of private keys that open secrets: those of age-keygen, and OpenSSH's.
import { inspect } from 'node:util';
import type { Identity } from 'age-encryption';
import { readBech32 } from '../../schema/bech32.ts';
import { IdentityError } from './identity-error.ts';
import { parseSshPrivateKey } from './ssh-private-key.ts';

/** A private key: whoever logs it sees its kind only. */
export class AgeIdentity {
  readonly #load: () => Promise<Identity | string>;

  constructor(
    readonly kind: 'X25519' | 'ssh-ed25519',
    load: () => Promise<Identity | string>,
  ) {
    this.#load = load;
  }

  /** As the package age-encryption takes it. */
  load(): Promise<Identity | string> {
    return this.#load();
  }

  [inspect.custom](): string {
    return `AgeIdentity(${this.kind})`;
  }
}

/**
 * Read a file of private keys: lines `AGE-SECRET-KEY-1…` with comments between them, or one key of OpenSSH.
 * @throws {IdentityError}
 */
export function parseIdentities(text: string): readonly AgeIdentity[] {
  const start = text.trimStart();
  if (start.startsWith('-----BEGIN OPENSSH PRIVATE KEY-----')) {
    const { seed } = parseSshPrivateKey(start);
    return [new AgeIdentity('ssh-ed25519', async () => (await import('./ssh-recipient.ts')).sshIdentity(seed))];
  }
  if (/^(age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/.test(start)) {
    const message =
      'the file of keys has a passphrase, which is not asked for: open it into memory (age -d -o /dev/shm/key)';
    throw new IdentityError('locked-identity', message);
  }
  if (start.startsWith('-----BEGIN ')) {
    const message = 'private keys in PEM are not supported: ssh-keygen -p writes ssh-ed25519 ones in its own form';
    throw new IdentityError('unsupported-identity', message);
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(ageIdentity);
  if (keys.length === 0) throw new IdentityError('malformed-identity', 'the file holds no private key');
  return keys;
}

function ageIdentity(line: string): AgeIdentity {
  if (/^(age1|ssh-)/.test(line)) {
    throw new IdentityError('malformed-identity', 'the file holds a public key: the private one is needed');
  }
  if (/^AGE-(PLUGIN|SECRET-KEY-PQ)-/.test(line)) {
    const message = 'keys of plugins of age and post-quantum ones are not supported: make one with age-keygen';
    throw new IdentityError('unsupported-identity', message);
  }
  const read = line.startsWith('AGE-SECRET-KEY-1') ? readBech32(line) : null;
  if (read?.prefix !== 'age-secret-key-' || read.bytes.length !== 32) {
    throw new IdentityError(
      'malformed-identity',
      'a line of the file is no private key of age, as AGE-SECRET-KEY-1… is',
    );
  }
  return new AgeIdentity('X25519', async () => line);
}
