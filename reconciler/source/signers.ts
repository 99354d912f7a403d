// trust/signers.yaml as the authentication of history needs it: keys, and what each may change.
import { formatDiagnostic } from '../../schema/diagnostic.ts';
import { parseDocument } from '../../schema/document.ts';
import { parseSshKeyText, SshKeyError } from '../../schema/ssh-key.ts';
import { patternFault } from '../../schema/trust-paths.ts';
import type { Signer as SignerDocument } from '../../schema/types/signers.ts';
import { validateDocument } from '../../schema/validate.ts';

export const signersPath = 'trust/signers.yaml';

export interface Signer {
  readonly name: string;
  /** Patterns, see schema/trust-paths.ts. */
  readonly paths: readonly string[];
}

/** Who is trusted, by fingerprint of the key. */
export type Signers = ReadonlyMap<string, Signer>;

/** The trust document says nothing that can be relied on. */
export class SignersError extends Error {
  readonly code = 'trust-unreadable';
  override readonly name = 'SignersError';
}

/**
 * Read the trust document.
 * @throws {SignersError} with the place of the first thing that is wrong
 */
export function parseSigners(bytes: Uint8Array): Signers {
  const parsed = parseDocument(signersPath, bytes);
  const result = parsed.document === null ? parsed : validateDocument('signers', parsed.document);
  const [problem] = result.diagnostics;
  if (result.document === null) throw new SignersError(problem ? formatDiagnostic(problem) : `${signersPath} is empty`);
  for (const { paths, signatures } of result.document.value.thresholds ?? []) {
    if (signatures === 1) continue;
    const problem = `asks for ${signatures} signatures for ${paths.join(', ')}, but a commit carries one`;
    throw new SignersError(`${signersPath} ${problem}`);
  }
  const signers = new Map<string, Signer>();
  for (const signer of result.document.value.signers) {
    const fingerprint = keyFingerprint(signer);
    const twin = signers.get(fingerprint);
    if (twin) throw refused(signer, `has the same key as ${twin.name}: give it one entry with all of its paths`);
    for (const path of signer.paths) {
      const fault = patternFault(path);
      if (fault !== null) throw refused(signer, `has the path ${path}: ${fault}`);
    }
    signers.set(fingerprint, { name: signer.name, paths: signer.paths });
  }
  return signers;
}

function keyFingerprint(signer: SignerDocument): string {
  try {
    return parseSshKeyText(signer.key).fingerprint;
  } catch (error) {
    if (error instanceof SshKeyError) throw refused(signer, `has an unusable key: ${error.message}`);
    throw error;
  }
}

function refused(signer: SignerDocument, problem: string): SignersError {
  return new SignersError(`${signersPath}: ${signer.name} ${problem}`);
}
