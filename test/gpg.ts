// Real OpenPGP keys and signatures for tests: made by gpg in a temporary folder, at whatever time is wanted.
//
// Keys of tests need no real randomness, and are made fifty times as fast without it; never use them for anything else.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitEnvironment, type TestRepository } from './git.ts';

export type GpgAlgorithm =
  | 'ed25519'
  | 'rsa1024'
  | 'rsa2048'
  | 'rsa3072'
  | 'nistp256'
  | 'nistp384'
  | 'brainpoolP256r1'
  | 'dsa1024'
  | 'cv25519';

export interface GpgKeyOptions {
  /** Ed25519 by default. */
  readonly algorithm?: GpgAlgorithm;
  /** What it may do; `sign` by default, `cert` for a primary key that leaves signing to subkeys. */
  readonly usage?: 'sign' | 'cert' | 'encr';
  /** Seconds since 1970; {@link keysMadeSeconds} by default. */
  readonly madeSeconds?: number;
  /** How long it counts; for good by default. */
  readonly lifetimeSeconds?: number;
  /** More options of gpg, such as `--cert-digest-algo SHA1`. */
  readonly options?: readonly string[];
}

export interface GpgSignOptions {
  /** Seconds since 1970 at which gpg signs; {@link signedSeconds} by default. */
  readonly seconds?: number;
  /** More options of gpg, such as `--digest-algo SHA1`. */
  readonly options?: readonly string[];
}

export interface GpgKey {
  readonly name: string;
  /** Of the primary key, in upper-case hex. */
  readonly fingerprint: string;
}

/** When keys are made: before the first commit of test/git.ts. */
export const keysMadeSeconds = 1_600_000_000;
/** When signatures are made unless told otherwise. */
export const signedSeconds = 1_700_000_000;

const settings = `batch
no-tty
quiet
pinentry-mode loopback
passphrase ""
trust-model always
no-auto-check-trustdb
no-permission-warning
no-autostart
`;

/** A key ring of its own, with or without private keys. Its folder's path is short: gpg's sockets must fit into it. */
class Keyring {
  readonly home: string;

  constructor(parent: string, name: string, keepsPrivateKeys: boolean) {
    this.home = join(parent, name);
    mkdirSync(this.home, { mode: 0o700 });
    const gpgSettings = keepsPrivateKeys ? settings.replace('no-autostart\n', '') : settings;
    writeFileSync(join(this.home, 'gpg.conf'), gpgSettings);
    writeFileSync(join(this.home, 'gpg-agent.conf'), 'debug-quick-random\nno-allow-external-cache\n');
    const program = join(this.home, 'gpg');
    // Git runs it with the time of the commit in its environment: gpg signs, and judges, at that time.
    const time = `\${GIT_COMMITTER_DATE:+--faked-system-time "\${GIT_COMMITTER_DATE%% *}!"}`;
    writeFileSync(program, `#!/bin/sh\nexec gpg --homedir "${this.home}" ${time} "$@"\n`);
    chmodSync(program, 0o755);
  }

  /** For git's `gpg.program`. */
  get program(): string {
    return join(this.home, 'gpg');
  }

  run(args: readonly string[], input: Uint8Array | string = ''): Buffer {
    const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };
    return execFileSync('gpg', ['--homedir', this.home, ...args], { input, env, stdio: ['pipe', 'pipe', 'pipe'] });
  }
}

/** Keys, signatures, and key rings to verify with. Whoever makes one calls {@link remove}. */
export class GpgFixture {
  private readonly root = mkdtempSync(join(tmpdir().length > 60 ? '/tmp' : tmpdir(), 'gpg-'));
  private readonly secret = new Keyring(this.root, 's', true);
  /** By the keys in them. */
  private readonly keyrings = new Map<string, Keyring>();
  /** A test file that ends before its tests begin must not leave an agent behind. */
  private readonly atExit = (): void => this.remove();

  constructor() {
    process.once('exit', this.atExit);
  }

  /** Make a key pair with the user ID `<name> <<name>@example.org>`. */
  key(name: string, keyOptions: GpgKeyOptions = {}): GpgKey {
    const { algorithm = 'ed25519', usage = 'sign', madeSeconds = keysMadeSeconds, lifetimeSeconds = 0 } = keyOptions;
    const options = [...at(madeSeconds), ...(keyOptions.options ?? [])];
    const expiry = lifetimeSeconds === 0 ? 'never' : `seconds=${lifetimeSeconds}`;
    const uid = `${name} <${name}@example.org>`;
    this.secret.run([...options, '--quick-generate-key', uid, algorithm, usage, expiry]);
    const [fingerprint = ''] = this.fingerprints(`=${uid}`);
    return { name, fingerprint };
  }

  /** Give a key a subkey; the fingerprint of that. */
  subkey(key: GpgKey, keyOptions: GpgKeyOptions = {}): string {
    const { algorithm = 'ed25519', usage = 'sign', madeSeconds = keysMadeSeconds, lifetimeSeconds = 0 } = keyOptions;
    const options = [...at(madeSeconds), ...(keyOptions.options ?? [])];
    const expiry = lifetimeSeconds === 0 ? 'never' : `seconds=${lifetimeSeconds}`;
    const before = new Set(this.fingerprints(key.fingerprint));
    this.secret.run([...options, '--quick-add-key', key.fingerprint, algorithm, usage, expiry]);
    return this.fingerprints(key.fingerprint).find((fingerprint) => !before.has(fingerprint)) ?? '';
  }

  /** Set another time at which a key expires; its owner says so at `seconds`. Both in seconds since 1970. */
  setExpiry(key: GpgKey, expiresSeconds: number, seconds: number): void {
    this.secret.run([...at(seconds), '--quick-set-expire', key.fingerprint, `seconds=${expiresSeconds - seconds}`]);
  }

  /** Revoke a key by the certificate that gpg made with it. */
  revoke(key: GpgKey): void {
    const file = join(this.secret.home, 'openpgp-revocs.d', `${key.fingerprint}.rev`);
    // gpg puts a colon in front of the armor, lest somebody revoke a key by accident.
    this.secret.run(['--import'], readFileSync(file, 'utf8').replace(':-----BEGIN', '-----BEGIN'));
  }

  /** Revoke one of a key's subkeys. @param number counted from 1 @param seconds when, since 1970 */
  revokeSubkey(key: GpgKey, number = 1, seconds = signedSeconds): void {
    this.edit(key, [`key ${number}`, 'revkey', 'y', '0', '', 'y'], seconds);
  }

  /** Take from a key, or give it back, that it may sign. @param seconds when, since 1970 */
  toggleSigning(key: GpgKey, seconds = signedSeconds): void {
    this.edit(key, ['change-usage', 'S', 'Q'], seconds);
  }

  /** Let another key revoke this one. */
  addRevoker(key: GpgKey, revoker: GpgKey): void {
    this.edit(key, ['addrevoker', revoker.fingerprint, 'y'], signedSeconds);
  }

  /** Give a key another user ID, at one time, and revoke that at another; both in seconds since 1970. */
  addRevokedUserId(key: GpgKey, userId: string, seconds: number, revokedSeconds: number): void {
    this.secret.run([...at(seconds), '--quick-add-uid', key.fingerprint, userId]);
    this.secret.run([...at(revokedSeconds), '--quick-revoke-uid', key.fingerprint, userId]);
  }

  /** The armored public key as it is now. */
  publicKey(key: GpgKey, ...options: readonly string[]): string {
    return this.secret.run(['--armor', ...options, '--export', key.fingerprint]).toString('utf8');
  }

  /** The armored private key, for what must never be committed. */
  privateKey(key: GpgKey): string {
    return this.secret.run(['--armor', '--export-secret-keys', key.fingerprint]).toString('utf8');
  }

  /** Sign some bytes; the armored signature. @param signer a key, or the fingerprint of one of its parts */
  sign(signer: GpgKey | string, payload: Uint8Array | string, { seconds, options = [] }: GpgSignOptions = {}): string {
    const user = typeof signer === 'string' ? `${signer}!` : signer.fingerprint;
    const args = [...at(seconds ?? signedSeconds), '--local-user', user, ...options, '--armor', '--detach-sign'];
    return this.secret.run(args, payload).toString('utf8');
  }

  /** Options before the command of git that signs with a key, at the time of the commit. */
  signing(signer: GpgKey | string): string[] {
    const user = typeof signer === 'string' ? `${signer}!` : signer.fingerprint;
    return ['-c', 'gpg.format=openpgp', '-c', `gpg.program=${this.secret.program}`, '-c', `user.signingKey=${user}`];
  }

  /**
   * Whether git accepts the signature of an object, when it knows these keys and no others.
   * @param seconds since 1970: when it is asked
   */
  gitAccepts(
    repository: TestRepository,
    object: Uint8Array,
    publicKeys: readonly string[],
    { type = 'commit', seconds = signedSeconds }: { readonly type?: 'commit' | 'tag'; readonly seconds?: number } = {},
  ): boolean {
    const args = ['-c', `gpg.program=${this.keyringOf(publicKeys).program}`];
    const env = { ...gitEnvironment, GIT_COMMITTER_DATE: `${seconds} +0000` };
    const oid = repository.store(object, type);
    return spawnSync('git', [...args, `verify-${type}`, oid], { cwd: repository.work, env }).status === 0;
  }

  /** End gpg's agent, and remove everything. */
  remove(): void {
    process.off('exit', this.atExit);
    execFileSync('gpgconf', ['--homedir', this.secret.home, '--kill', 'all']);
    execFileSync('gpgconf', ['--homedir', this.secret.home, '--remove-socketdir'], { stdio: 'ignore' });
    rmSync(this.root, { recursive: true, force: true });
  }

  private keyringOf(publicKeys: readonly string[]): Keyring {
    const content = publicKeys.join('');
    const known = this.keyrings.get(content);
    if (known) return known;
    const keyring = new Keyring(this.root, `v${this.keyrings.size}`, false);
    if (content !== '') keyring.run(['--import'], content);
    this.keyrings.set(content, keyring);
    return keyring;
  }

  /** Answer the questions of `gpg --edit-key`. */
  private edit(key: GpgKey, answers: readonly string[], seconds: number): void {
    const input = [...answers, 'save', ''].join('\n');
    this.secret.run([...at(seconds), '--no-batch', '--command-fd', '0', '--edit-key', key.fingerprint], input);
  }

  private fingerprints(user: string): string[] {
    const listed = this.secret.run(['--with-colons', '--list-keys', user]).toString('utf8');
    return [...listed.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].map(([, fingerprint = '']) => fingerprint);
  }
}

/** @param seconds since 1970: gpg's clock stands still then */
function at(seconds: number): string[] {
  return ['--faked-system-time', `${seconds}!`];
}
