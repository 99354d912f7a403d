// Opens the secrets of a commit: on boot servers only. Reads the sealed files and the server's keys, keeps and writes
// nothing.
import type { AgeIdentity } from './identity.ts';
import { open, SealError, type SealErrorCode } from './seal.ts';
import { OpenedSecret, type SealedSecret } from './secret.ts';

/** A secret that stays closed. */
export interface ClosedSecret {
  /** Path in the site repo. */
  readonly path: string;
  readonly code: SealErrorCode;
  /** To be read after the path and a colon. */
  readonly message: string;
}

export interface OpenedSecrets {
  /** By path in the site repo. */
  readonly opened: ReadonlyMap<string, OpenedSecret>;
  readonly failed: readonly ClosedSecret[];
}

/**
 * Open what can be opened. One that cannot be keeps no other one closed.
 * @param secrets as `sealedSecrets(files)` gives them
 * @param identities as `parseIdentities(text)` gives them
 */
export async function openSecrets(
  secrets: Iterable<SealedSecret>,
  identities: readonly AgeIdentity[],
): Promise<OpenedSecrets> {
  const opened = new Map<string, OpenedSecret>();
  const failed: ClosedSecret[] = [];
  for (const { path, digest, bytes } of secrets) {
    try {
      opened.set(path, new OpenedSecret(path, digest, await open(bytes, identities)));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      failed.push({ path, code: error.code, message: error.message });
    }
  }
  return { opened, failed };
}
