// `git log --show-signature` as the peer to compare with: it checks each signature by a process of ssh-keygen or gpg.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Oid } from '../../reconciler/source/commit.ts';
import { gitEnvironment } from '../git.ts';
import type { Signing } from './commit-signers.ts';

/** How git is told of the keys that it is to believe. */
export interface Verifiers {
  /** In front of its command. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Make keys known to git.
 * @param folder for what git reads them from; nobody else's
 * @param publicKeys an ALLOWED SIGNERS file (ssh-keygen(1)), or armored keys
 */
export function prepareVerifiers(folder: string, signing: Signing, publicKeys: string): Verifiers {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (signing === 'openpgp') {
    const env = { ...gitEnvironment, GNUPGHOME: folder };
    // An agent is for private keys, of which there are none, and it would outlive the measurement.
    execFileSync('gpg', ['--batch', '--quiet', '--no-autostart', '--import'], {
      env,
      input: publicKeys,
      stdio: 'pipe',
    });
    return { options: [], env };
  }
  const allowedSigners = path.join(folder, 'allowed-signers');
  writeFileSync(allowedSigners, publicKeys);
  return { options: ['-c', `gpg.ssh.allowedSignersFile=${allowedSigners}`], env: gitEnvironment };
}

/**
 * Let git show so many commits up to a head, with what it says of their signatures.
 * @returns how many seconds it took
 * @throws {Error} unless it takes every signature for good
 */
export async function gitLogSeconds(
  repository: string,
  { options, env }: Verifiers,
  { head, commits }: { readonly head: Oid; readonly commits: number },
): Promise<number> {
  const args = [...options, 'log', '--show-signature', '--format=%H', `--max-count=${commits}`, head];
  const start = performance.now();
  const { stdout } = await promisify(execFile)('git', args, { cwd: repository, env, maxBuffer: 1 << 26 });
  const seconds = (performance.now() - start) / 1000;
  const good = stdout.match(/^(Good "git" signature for |gpg: Good signature from )/gm)?.length ?? 0;
  if (good !== commits) throw new Error(`git finds ${good} of ${commits} signatures good`);
  return seconds;
}
