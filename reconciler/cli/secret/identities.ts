// The private keys of whoever edits secrets.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type AgeIdentity, parseIdentities } from '../../secrets/identity.ts';
import { IdentityError } from '../../secrets/identity-error.ts';
import { CliError } from '../cli-error.ts';
import type { Environment } from '../terminal.ts';

export interface OwnKeys {
  readonly identities: readonly AgeIdentity[];
  /** What to say when they open nothing: which they are, or why there are none. */
  readonly said: string;
}

/**
 * The files that were named; else those of BERTH_IDENTITY, with `:` between them; else ~/.ssh/id_ed25519.
 * @throws {CliError} when a file that was named cannot be used
 */
export function readOwnKeys(named: readonly string[], environment: Environment = process.env): OwnKeys {
  const fromEnvironment = (environment.BERTH_IDENTITY ?? '').split(path.delimiter).filter((file) => file !== '');
  const files = named.length > 0 ? named : fromEnvironment;
  if (files.length > 0) return { identities: files.flatMap(readKeys), said: `tried ${files.join(', ')}` };
  const file = path.join(homedir(), '.ssh', 'id_ed25519');
  const advice = 'name the file of your private key with --identity or BERTH_IDENTITY';
  if (!existsSync(file)) return { identities: [], said: advice };
  try {
    return { identities: readKeys(file), said: `tried ${file}; ${advice}` };
  } catch (error) {
    // It was not asked for: whether it can be used matters only if nothing else can.
    if (!(error instanceof CliError)) throw error;
    return { identities: [], said: error.message };
  }
}

/** @throws {CliError} */
function readKeys(file: string): readonly AgeIdentity[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return parseIdentities(text);
  } catch (error) {
    if (error instanceof IdentityError) throw new CliError(`${file}: ${error.message}`);
    throw error;
  }
}
