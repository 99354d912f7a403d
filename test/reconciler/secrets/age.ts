// The real age and its keys, in a temporary folder. Whoever makes one calls `remove`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface AgeKey {
  /** As trust/recipients.yaml has it. */
  readonly publicKey: string;
  /** The private key's file. */
  readonly file: string;
}

export const hasAge = ((): boolean => {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export class AgeFixture {
  readonly root = mkdtempSync(join(tmpdir(), 'berth-age-'));

  /** A key of age's own. */
  ageKey(name: string): AgeKey {
    const file = join(this.root, `${name}.key`);
    execFileSync('age-keygen', ['-o', file], { stdio: 'ignore' });
    return { file, publicKey: execFileSync('age-keygen', ['-y', file], { encoding: 'utf8' }).trim() };
  }

  /** @param options of ssh-keygen, such as `-t rsa` */
  sshKey(name: string, passphrase = '', ...options: readonly string[]): AgeKey {
    const file = join(this.root, `${name}.key`);
    const type = options.length > 0 ? options : ['-t', 'ed25519'];
    execFileSync('ssh-keygen', ['-q', ...type, '-N', passphrase, '-C', name, '-f', file], { stdio: 'ignore' });
    const [kind, base64] = readFileSync(`${file}.pub`, 'utf8').split(' ');
    return { file, publicKey: `${kind} ${base64}` };
  }

  /** @param options of age, besides recipients */
  seal(content: Uint8Array | string, keys: readonly AgeKey[], ...options: readonly string[]): Buffer {
    const recipients = keys.flatMap(({ publicKey }) => ['-r', publicKey]);
    return execFileSync('age', [...options, ...recipients], { input: content, stdio: ['pipe', 'pipe', 'ignore'] });
  }

  /** @throws {Error} when the key does not open it */
  open(sealed: Uint8Array, key: AgeKey): Buffer {
    return execFileSync('age', ['-d', '-i', key.file], { input: sealed, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
