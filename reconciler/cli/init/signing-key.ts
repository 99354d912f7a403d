// The SSH key that its owner signs commits with, as git and ~/.ssh know it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseSshKeyText, SshKeyError } from '../../../schema/ssh-key.ts';
import { CliError } from '../cli-error.ts';

export interface SigningKey {
  /** Type and base64, as trust/signers.yaml has it. */
  readonly key: string;
  /** The file that git can sign with; null for a key that came without one. */
  readonly file: string | null;
}

/** In this order; then any other. */
const usualNames = ['id_ed25519', 'id_ed25519_sk', 'id_ecdsa_sk', 'id_ecdsa', 'id_rsa'].map((name) => `${name}.pub`);

/** What `git config user.signingkey` says, else the first key in ~/.ssh that may sign; null where there is none. */
export function findSigningKey(): SigningKey | null {
  const configured = gitConfig('user.signingkey');
  const fromGit = configured === null ? null : orNull(() => readSigningKey(configured.replace(/^key::/, '')));
  if (fromGit) return fromGit;
  const folder = path.join(homedir(), '.ssh');
  const names = orNull(() => readdirSync(folder)) ?? [];
  const others = names.filter((name) => name.endsWith('.pub') && !usualNames.includes(name)).sort();
  for (const name of [...usualNames.filter((usual) => names.includes(usual)), ...others]) {
    const found = orNull(() => readSigningKey(path.join(folder, name)));
    if (found) return found;
  }
  return null;
}

/** Who git says that its user is; null where it does not. */
export function gitUserName(): string | null {
  return gitConfig('user.name');
}

/**
 * @param text a public key, or a file with one; a private key's file stands for the .pub beside it
 * @throws {CliError} when it is neither, or a key that may not sign
 */
export function readSigningKey(text: string): SigningKey {
  if (/^(ssh|ecdsa|sk)-\S+ \S/.test(text)) return { key: publicPart(text, 'the key'), file: null };
  const file = path.resolve(text.replace(/^~(?=\/)/, homedir()));
  for (const name of file.endsWith('.pub') ? [file] : [`${file}.pub`, file]) {
    const content = orNull(() => readFileSync(name, 'utf8'));
    if (content !== null) return { key: publicPart(content, name), file: name };
  }
  throw new CliError(`${text} is neither an SSH public key nor a file with one`);
}

function publicPart(text: string, what: string): string {
  const [type = '', base64 = ''] = text.trim().split(/ +/);
  const key = `${type} ${base64}`;
  try {
    parseSshKeyText(key);
  } catch (error) {
    if (error instanceof SshKeyError) throw new CliError(`${what}: ${error.message}`);
    throw error;
  }
  return key;
}

function gitConfig(name: string): string | null {
  return orNull(() => {
    const said = execFileSync('git', ['config', '--get', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.trim() || null;
  });
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
