// Whether a boot server can open the secrets of a head with its own key. Reads the key anew for each head: it may have
// been replaced.
import { readFileSync } from 'node:fs';
import { parseIdentities } from '../secrets/identity.ts';
import { openSecrets } from '../secrets/opener.ts';
import { sealedSecrets } from '../secrets/secret.ts';
import type { AcceptedHead, RefusedHead } from '../source/accept.ts';
import { CliError } from './cli-error.ts';

/**
 * @param file with the private keys of this server
 * @returns what finds fault with a head whose secrets stay closed
 * @throws {CliError} when the file cannot be used now
 */
export function secretsInspector(file: string): (head: AcceptedHead) => Promise<RefusedHead | null> {
  readKeys(file);
  return async ({ commit, compiled }) => {
    const { failed } = await openSecrets(sealedSecrets(compiled.site.files), readKeys(file));
    const [first, ...rest] = failed;
    if (!first) return null;
    const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
    const message = `${first.path}: ${first.message}${more} (seal it to this server's key as well: berth secret rekey)`;
    return { commit, code: 'secret-unreadable', message };
  };
}

function readKeys(file: string): ReturnType<typeof parseIdentities> {
  try {
    return parseIdentities(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CliError(`--secrets-key ${file} cannot be used: ${(error as Error).message}`);
  }
}
