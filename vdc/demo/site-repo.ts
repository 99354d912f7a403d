// The demo's site repo: a copy of the example with a key of its own, its commits made by git and signed by ssh-keygen.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ProgramError } from './program.ts';

/** A key pair that signs commits. */
export interface DemoKey {
  readonly privateFile: string;
  /** Type and base64, as trust/signers.yaml wants it. */
  readonly publicKey: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

export async function makeKey(folder: string, name: string): Promise<DemoKey> {
  await mkdir(folder, { recursive: true });
  const privateFile = path.join(folder, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', privateFile]);
  const [type, base64] = (await readFile(`${privateFile}.pub`, 'utf8')).split(' ');
  const shown = await run('ssh-keygen', ['-l', '-f', privateFile]);
  return { privateFile, publicKey: `${type} ${base64}`, fingerprint: shown.split(' ')[1] ?? '' };
}

export class DemoSiteRepo {
  private constructor(
    readonly folder: string,
    private readonly bare: string,
  ) {}

  /** Copy the example into a new repository with a bare one beside it, which engineers would push to. */
  static async create(example: string, folder: string, bare: string): Promise<DemoSiteRepo> {
    await cp(example, folder, { recursive: true });
    const repo = new DemoSiteRepo(folder, bare);
    await repo.git('init', '--quiet', '--initial-branch=main');
    await repo.git('init', '--quiet', '--bare', '--initial-branch=main', bare);
    return repo;
  }

  /** Trust one key with everything. */
  async trust(name: string, key: DemoKey): Promise<void> {
    const signers = `signers:\n  - name: ${name}\n    key: ${key.publicKey}\n    paths: ["**"]\n`;
    await writeFile(path.join(this.folder, 'trust', 'signers.yaml'), signers);
  }

  /** Replace a text that must be there. @throws {Error} when the example no longer has it */
  async replace(file: string, from: string, to: string): Promise<void> {
    const name = path.join(this.folder, file);
    const text = await readFile(name, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)} that could be changed`);
    await writeFile(name, text.replace(from, to));
  }

  /** Commit all that changed, signed with the key, and push it. @returns the commit's id */
  async commit(subject: string, author: string, key: DemoKey): Promise<string> {
    await this.git('add', '--all');
    const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${key.privateFile}`];
    const person = ['-c', `user.name=${author}`, '-c', `user.email=${author}@example.com`];
    await this.git(...signing, ...person, 'commit', '--quiet', '--gpg-sign', '--message', subject);
    await this.git('push', '--quiet', this.bare, 'main');
    return (await this.git('rev-parse', 'HEAD')).trim();
  }

  /** Only the demo's own settings count, whatever git is set to on this machine. */
  private async git(...args: readonly string[]): Promise<string> {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', LC_ALL: 'C' };
    return run('git', ['-C', this.folder, ...args], env);
  }
}

/** @returns what it printed @throws {ProgramError} when it is not there @throws {Error} when it fails, saying why */
async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  try {
    return (await promisify(execFile)(program, [...args], { env })).stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new ProgramError(`${program} is missing: install it, or put it on PATH`, { cause: error });
    }
    throw error;
  }
}
