// The keys of a corpus: made once for all of its rows, since making them takes longest.
import { execFileSync } from 'node:child_process';
import type { GitFixture, KeyType, TestKey } from '../../../../git.ts';
import { GpgFixture, type GpgKey, type GpgKeyOptions, signedSeconds } from '../../../../gpg.ts';

export class KeyRing {
  private readonly sshKeys = new Map<string, TestKey>();
  private readonly gpgKeys = new Map<string, GpgKey>();
  private gpgFixture: GpgFixture | undefined;

  constructor(readonly fixture: GitFixture) {}

  /** The SSH key of that name. Whoever asks for it first says of what kind it is. */
  ssh(name: string, type: KeyType = 'ed25519', bits?: number): TestKey {
    const key = this.sshKeys.get(name) ?? this.fixture.key(name, type, bits);
    this.sshKeys.set(name, key);
    return key;
  }

  /** The OpenPGP key of that name. A row that changes its key has a name of its own for it. */
  openPgp(name: string, options: GpgKeyOptions = {}): GpgKey {
    const key = this.gpgKeys.get(name) ?? this.gpg.key(name, options);
    this.gpgKeys.set(name, key);
    return key;
  }

  /**
   * The armored public key as its owner has changed it, though gpg goes on signing with what it was before: for
   * signatures that gpg itself would not make any more.
   */
  asChanged(key: GpgKey, change: () => void): string {
    const before = this.gpg.privateKey(key);
    change();
    const changed = this.gpg.publicKey(key);
    this.runGpg(key, ['--yes', '--delete-secret-and-public-key', key.fingerprint]);
    this.runGpg(key, ['--import'], before);
    return changed;
  }

  /** Another key of the same name and address. */
  twin(key: GpgKey): GpgKey {
    const userId = `${key.name} <${key.name}@example.org>`;
    this.runGpg(key, ['--yes', '--quick-generate-key', userId, 'ed25519', 'sign', 'never']);
    const listed = this.runGpg(key, ['--with-colons', '--list-keys', `=${userId}`]);
    const fingerprints = [...listed.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].map(([, fingerprint = '']) => fingerprint);
    const fingerprint = fingerprints.find((candidate) => candidate !== key.fingerprint);
    if (fingerprint === undefined) throw new Error(`${key.name} has no twin`);
    return { name: key.name, fingerprint };
  }

  private runGpg(key: GpgKey, args: readonly string[], input = ''): string {
    const option = this.gpg.signing(key).find((text) => text.startsWith('gpg.program=')) ?? '';
    const env = {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      GIT_COMMITTER_DATE: `${signedSeconds} +0000`,
    };
    return execFileSync(option.replace('gpg.program=', ''), [...args], { input, env, encoding: 'utf8', stdio: 'pipe' });
  }

  get gpg(): GpgFixture {
    this.gpgFixture ??= new GpgFixture();
    return this.gpgFixture;
  }

  /** End what the keys need to be used. */
  close(): void {
    this.gpgFixture?.remove();
  }
}
