// The keys of a trust document: each is read, and is one that nobody else has.
import type { ValuePath } from '../document.ts';
import { parseSshKeyText, SshKeyError, type SshKeyErrorCode } from '../ssh-key.ts';
import type { Signer } from '../types/signers.ts';
import type { FaultList, FaultPlace } from './fault-list.ts';
import { KeyFileError, keyFileFingerprint } from './openpgp-key-file.ts';
import type { OpenPgpFile } from './trusted-keys.ts';

/** What both signers and merge keys have. */
export type KeyHolder = Pick<Signer, 'name' | 'key' | 'openpgp'>;

export interface Key {
  readonly fingerprint: string;
  /** Null for an OpenSSH key, which stands in the document itself. */
  readonly file: OpenPgpFile | null;
}

interface Owner {
  readonly name: string;
  readonly isMergeKey: boolean;
}

export class KeyRing {
  /** By fingerprint. */
  private readonly owners = new Map<string, Owner>();

  constructor(
    private readonly faults: FaultList,
    private readonly read: (path: string) => string | null,
  ) {}

  /** The key of an entry; null when it cannot be used. @param path of the entry */
  keyOf(holder: KeyHolder, path: ValuePath, isMergeKey: boolean): Key | null {
    const { name, key, openpgp } = holder;
    if ((key === undefined) === (openpgp === undefined)) {
      const message = key === undefined ? `${name} has no key` : `${name} has two keys in one entry`;
      const hint = 'give each key an entry of its own: key for an OpenSSH one, openpgp for a file with an OpenPGP one';
      this.faults.add('one-key', { path }, message, hint);
      return null;
    }
    const where = [...path, key === undefined ? 'openpgp' : 'key'];
    const found = key === undefined ? this.openPgpKey(name, openpgp ?? '', where) : this.sshKey(name, key, where);
    return found && this.claim(found.fingerprint, { name, isMergeKey }, { path: where }) ? found : null;
  }

  /** Make a key somebody's. @returns whether it is nobody else's */
  claim(fingerprint: string, { name, isMergeKey }: Owner, where: FaultPlace): boolean {
    const owner = this.owners.get(fingerprint);
    if (!owner) this.owners.set(fingerprint, { name, isMergeKey });
    else if (isMergeKey && !owner.isMergeKey) {
      const message = `the merge key ${name} is a key of ${owner.name} (${fingerprint})`;
      const hint = 'what the host holds is not a key of a person: give it one of its own';
      this.faults.add('merge-and-signer', where, message, hint);
    } else {
      const message = `the key of ${name} stands already with ${owner.name} (${fingerprint})`;
      this.faults.add('doubled-key', where, message, 'give each key one entry with all of its paths');
    }
    return !owner;
  }

  /** Text of a file that a value names. @param hint what it should hold */
  text(file: string, path: ValuePath, hint: string): string | null {
    const text = this.read(file);
    if (text === null) this.faults.add('missing-file', { path }, `there is no file ${file} that holds text`, hint);
    return text;
  }

  private sshKey(name: string, key: string, path: ValuePath): Key | null {
    try {
      return { fingerprint: parseSshKeyText(key).fingerprint, file: null };
    } catch (error) {
      if (!(error instanceof SshKeyError)) throw error;
      // What the key says about itself is in order, or else the schema has found it: the fault is in its base64.
      const where = { path, offset: key.indexOf(' ') + 1 };
      const message = `no signature of ${name} can be checked: ${error.message}`;
      this.faults.add('unusable-key', where, message, sshHints[error.code]);
      return null;
    }
  }

  private openPgpKey(name: string, file: string, path: ValuePath): Key | null {
    const hint = 'put there what gpg --armor --export prints';
    const armored = this.text(file, path, hint);
    if (armored === null) return null;
    try {
      const fingerprint = keyFileFingerprint(armored);
      return { fingerprint, file: { path: file, armored, fingerprint } };
    } catch (error) {
      if (!(error instanceof KeyFileError)) throw error;
      const where = { path, place: { file, line: 1, column: 1 } };
      if (error.code === 'private-key') {
        const message = `the file holds a private key of ${name}: whoever can read it can sign`;
        this.faults.add('private-key', where, message, `if it was ever pushed, revoke the key; ${hint}`);
      } else {
        const message = `no signature of ${name} can be checked: ${error.message}`;
        this.faults.add('unusable-file', where, message, hint);
      }
      return null;
    }
  }
}

const renew = 'make another one: ssh-keygen -t ed25519';
const sshHints: Readonly<Record<SshKeyErrorCode, string>> = {
  'malformed-key': 'copy type and base64 from the .pub file, both as a whole',
  'unsupported-key': renew,
  'weak-key': renew,
};
