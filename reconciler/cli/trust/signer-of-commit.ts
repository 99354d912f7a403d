// Whose key has signed a commit, as its own trust document has it: for commits that are to be introduced.
import { type Oid, parseCommit, subjectOf } from '../../source/commit.ts';
import type { GitObjects } from '../../source/objects.ts';
import { Refused } from '../../source/trust/refusal.ts';
import { SignedBy } from '../../source/trust/signed-by.ts';
import { TrustReader } from '../../source/trust/trust-reader.ts';
import { CliError } from '../cli-error.ts';

export interface CommitSigner {
  /** As trust/signers.yaml of the commit has it; null where the key is not in there. */
  readonly name: string | null;
  readonly fingerprint: string;
  readonly subject: string;
}

/** @throws {CliError} when the commit has no good signature, or trusts nobody */
export async function signerOfCommit(objects: GitObjects, oid: Oid): Promise<CommitSigner> {
  try {
    const commit = parseCommit(await objects.commit(oid));
    const trust = await new TrustReader(objects).at(oid, commit, oid);
    const fingerprint = await new SignedBy().commit(oid, commit, trust);
    return { name: trust.keys.get(fingerprint)?.name ?? null, fingerprint, subject: subjectOf(commit) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, message, hint } = error.refusal;
    throw new CliError(`${code}: ${message}; ${hint}`, { cause: error });
  }
}
