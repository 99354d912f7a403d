// Real repositories and keys for tests: made by git and ssh-keygen in a temporary folder, the same on every machine.
// Everything here is synchronous and works on folders, so that it may run beside a host in the same process; what
// speaks HTTP to such a host must not be run by it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type KeyType = 'ed25519' | 'rsa' | 'ecdsa';

export type TestObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface TestKey {
  readonly name: string;
  /** Type and base64, without a comment: as trust/signers.yaml wants it. */
  readonly publicKey: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** The private key's file. */
  readonly file: string;
}

/** What a commit is signed with: an SSH key, or options before the command of git that have something else sign. */
export type CommitKey = TestKey | readonly string[];

export interface TestSigner {
  readonly key: TestKey;
  /** Everything by default. */
  readonly paths?: readonly string[];
}

/** Environment of every git process: no settings of user or machine, and fixed times. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  // Git would look after each commit whether to tidy up.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'maintenance.auto',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

const firstCommitSeconds = 1_700_000_000;

/** A temporary folder with keys and repositories. Whoever makes one calls {@link remove}. */
export class GitFixture {
  readonly root = mkdtempSync(join(tmpdir(), 'berth-git-'));

  /** Make a key pair; `bits` as ssh-keygen takes them. */
  key(name: string, type: KeyType = 'ed25519', bits?: number): TestKey {
    const file = join(this.root, `${name}.key`);
    const size = bits === undefined ? [] : ['-b', String(bits)];
    execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', '', '-C', name, '-f', file], { stdio: 'ignore' });
    const [keyType, base64] = readFileSync(`${file}.pub`, 'utf8').split(' ');
    const shown = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' });
    return { name, file, publicKey: `${keyType} ${base64}`, fingerprint: shown.split(' ')[1] ?? '' };
  }

  /** Sign some bytes as a file; the armored signature. */
  sign(key: TestKey, payload: Uint8Array | string, namespace = 'git'): string {
    const args = ['-Y', 'sign', '-q', '-n', namespace, '-f', key.file];
    return execFileSync('ssh-keygen', args, { input: payload, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
  }

  /** A bare repository `<root>/<name>.git` that is empty, and a working copy of it. */
  repository(name = 'site'): TestRepository {
    return new TestRepository(this.root, name);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A bare repository, as a host would have it, and a working copy in which commits are made. */
export class TestRepository {
  /** The bare repository. */
  readonly bare: string;
  /** The working copy. */
  readonly work: string;
  private seconds = firstCommitSeconds;

  constructor(root: string, name: string) {
    this.bare = join(root, `${name}.git`);
    this.work = join(root, name);
    mkdirSync(this.work);
    execGit(root, ['init', '-q', '--template=', '--bare', '-b', 'main', this.bare]);
    execGit(this.work, ['init', '-q', '--template=', '-b', 'main']);
    this.git('remote', 'add', 'origin', this.bare);
  }

  /** Run git in the working copy; its output without the newline at its end. */
  git(...args: readonly string[]): string {
    return this.gitWith('', ...args);
  }

  /** The same, with something to read. */
  gitWith(input: Uint8Array | string, ...args: readonly string[]): string {
    const date = `${this.seconds} +0000`;
    return execGit(this.work, args, input, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }).replace(/\n$/, '');
  }

  write(path: string, content: Uint8Array | string): void {
    const file = join(this.work, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  delete(path: string): void {
    rmSync(join(this.work, path), { recursive: true });
  }

  /** Write trust/signers.yaml. */
  trust(...signers: readonly TestSigner[]): void {
    const entries = signers.map(({ key, paths = ['**'] }) => ({ name: key.name, key: key.publicKey, paths }));
    this.write('trust/signers.yaml', `${JSON.stringify({ signers: entries }, null, 2)}\n`);
  }

  /** Commit all that is in the working copy, one second after the last commit; signed when a key is given. */
  commit(subject: string, key?: CommitKey): string {
    this.seconds += 1;
    this.git('add', '--all');
    this.git(...signing(key), 'commit', '-q', '--allow-empty', '-m', subject, key ? '-S' : '--no-gpg-sign');
    return this.head();
  }

  /** Merge other commits into the current branch, though it could be fast-forwarded. */
  merge(others: readonly string[], key?: CommitKey): string {
    this.seconds += 1;
    this.git(...signing(key), 'merge', '-q', '--no-ff', '-m', 'merge', key ? '-S' : '--no-gpg-sign', ...others);
    return this.head();
  }

  /** The next commit is made then, and those after it one second after the other. */
  at(seconds: number): void {
    this.seconds = seconds - 1;
  }

  /** When the last commit was made, in seconds since 1970. */
  get now(): number {
    return this.seconds;
  }

  /** Go to a commit, with all of its files. */
  checkout(commit: string): void {
    this.git('checkout', '-q', '--force', '--detach', commit);
  }

  head(): string {
    // Read without a process of git where that is easy: this is asked after each commit.
    const read = (name: string): string | null => {
      const file = join(this.work, '.git', name);
      return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
    };
    const head = read('HEAD') ?? '';
    const oid = head.startsWith('ref: ') ? read(head.slice('ref: '.length)) : head;
    return oid ?? this.git('rev-parse', 'HEAD');
  }

  /** Content of an object. */
  object(oid: string, type: TestObjectType = 'commit'): Buffer {
    return execFileSync('git', ['cat-file', type, oid], { cwd: this.work, env: gitEnvironment });
  }

  /** Store an object as it is, proper or not; its id. */
  store(content: Uint8Array | string, type: TestObjectType = 'commit'): string {
    return this.gitWith(content, 'hash-object', '-t', type, '-w', '--stdin', '--literally');
  }

  /** Make the branch `main` of the bare repository this commit, whatever it was before. */
  push(commit = this.head()): void {
    this.git('push', '-q', '--force', 'origin', `${commit}:refs/heads/main`);
  }
}

/** Options before the command of git that signs with a key; none without one. */
export function signing(key: CommitKey | undefined): readonly string[] {
  if (key === undefined) return [];
  return 'file' in key ? ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key.file}`] : key;
}

function execGit(
  cwd: string,
  args: readonly string[],
  input: Uint8Array | string = '',
  environment: Readonly<Record<string, string>> = {},
): string {
  const env = { ...gitEnvironment, ...environment };
  return execFileSync('git', [...args], { cwd, env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}
