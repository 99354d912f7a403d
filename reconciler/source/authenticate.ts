// The authentication of history: a head is accepted when each commit since the last accepted one is signed by a key
// that its parents trust for what it touches. Pure over the objects that it reads: the same history, the same verdict.
import { covers } from '../../schema/trust-paths.ts';
import { changedPaths } from './changes.ts';
import { type Commit, CommitFormatError, type Oid, parseCommit, subjectOf } from './commit.ts';
import { newHistory } from './history.ts';
import { blobAt, GitObjectError, type GitObjects, TreeFormatError } from './objects.ts';
import { type Refusal, Refused, refuse } from './refusal.ts';
import { parseSigners, type Signer, type Signers, SignersError, signersPath } from './signers.ts';
import { sshArmorStart, verifySshSignature } from './sshsig.ts';

/** What a boot server is told at set-up: where trust begins. */
export interface Introduction {
  readonly commit: Oid;
  /** `SHA256:…` of the key that signed it. */
  readonly keyFingerprint: string;
}

export interface AuthenticationRequest {
  /** The last accepted commit; null the first time, when the introduction stands in for it. */
  readonly from: Oid | null;
  /** The head to be judged. */
  readonly to: Oid;
  readonly reader: GitObjects;
  readonly introduction?: Introduction;
}

export interface AcceptedCommit {
  readonly oid: Oid;
  /** Name of the signer, as the trust document of the first parent has it. */
  readonly signer: string;
  readonly fingerprint: string;
  /** First line of the message, without control characters. */
  readonly subject: string;
}

export type AuthenticationResult = { readonly ok: true; readonly commits: readonly AcceptedCommit[] } | Refusal;

/**
 * Judge a head. Accepted commits are listed parents first; the first commit that is refused ends it.
 * @throws {GitObjectError} when the store is damaged; whatever is wrong with the history itself is a refusal
 */
export async function authenticate(request: AuthenticationRequest): Promise<AuthenticationResult> {
  try {
    return { ok: true, commits: await new Judge(request.reader).head(request) };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

class Judge {
  /** Trust documents by the id of their blob: most commits share one. */
  private readonly trust = new Map<Oid, Signers>();

  constructor(private readonly objects: GitObjects) {}

  async head({ from, to, introduction }: AuthenticationRequest): Promise<AcceptedCommit[]> {
    const base = from ?? introduction?.commit;
    if (base === undefined) {
      const hint = 'give the boot server an introduction: a commit and the fingerprint of the key that signed it';
      return refuse(to, 'no-introduction', 'nothing says where the trust in this history begins', hint);
    }
    const history = await this.readable(to, () => newHistory(this.objects, base, to, introduction?.commit));
    if (!history || !(await this.objects.has(base))) {
      const what = from === null ? 'the introduced commit' : 'the last accepted commit';
      const hint = 'history must only grow: undo by a new commit, and check that this is the right repository';
      return refuse(to, 'not-descendant', `the head ${short(to)} does not contain ${what} ${short(base)}`, hint);
    }
    const accepted: AcceptedCommit[] = [];
    if (from === null && introduction) accepted.push(await this.introduced(introduction));
    for (const oid of history.commits) accepted.push(await this.commit(oid, history.unvouched));
    return accepted;
  }

  /** The first commit that is accepted at all: nobody but the introduction vouches for its key. */
  private async introduced({ commit: oid, keyFingerprint }: Introduction): Promise<AcceptedCommit> {
    const commit = await this.read(oid);
    const fingerprint = verifiedKey(oid, commit);
    if (fingerprint !== keyFingerprint) {
      const message = `commit ${short(oid)} is signed by ${fingerprint}, the introduction names ${keyFingerprint}`;
      refuse(oid, 'introduction-key', message, 'check the introduction with those who made the site repo');
    }
    const signer = (await this.signersAt(oid, oid, commit)).get(fingerprint);
    return { oid, signer: signer?.name ?? fingerprint, fingerprint, subject: subjectOf(commit) };
  }

  private async commit(oid: Oid, unvouched: ReadonlySet<Oid>): Promise<AcceptedCommit> {
    const commit = await this.read(oid);
    const [firstParent, ...otherParents] = commit.parents;
    if (firstParent === undefined) {
      const message = `commit ${short(oid)} begins a second history`;
      return refuse(oid, 'unrelated-root', message, 'merge only branches of this site repo');
    }
    const old = commit.parents.find((parent) => unvouched.has(parent));
    if (old !== undefined) {
      const message = `commit ${short(oid)} builds on ${short(old)}, which is older than the introduction`;
      refuse(oid, 'before-introduction', message, 'rebase the branch onto the main branch');
    }
    const fingerprint = verifiedKey(oid, commit);
    const signer = await this.trustedBy(firstParent, oid, commit, fingerprint);
    for (const parent of otherParents) await this.trustedBy(parent, oid, commit, fingerprint);
    // A trust document that cannot be read would lock everyone out, those who could mend it included.
    await this.signersAt(oid, oid, commit);
    return { oid, signer: signer.name, fingerprint, subject: subjectOf(commit) };
  }

  /** The signer, as a parent knows it, when it may do there what the commit does. */
  private async trustedBy(parent: Oid, oid: Oid, commit: Commit, fingerprint: string): Promise<Signer> {
    const base = await this.read(parent, oid);
    const signer = (await this.signersAt(parent, oid, base)).get(fingerprint);
    if (!signer) {
      const message = `commit ${short(oid)} is signed by ${fingerprint}, which its parent ${short(parent)} does not trust`;
      const hint = `a new key is first let in by a commit to ${signersPath} that a trusted key signs`;
      return refuse(oid, 'untrusted-key', message, hint);
    }
    const paths = await this.readable(oid, () => changedPaths(this.objects, base.tree, commit.tree));
    const foreign = paths.filter((path) => !signer.paths.some((pattern) => covers(pattern, path)));
    if (foreign.length > 0) {
      const what = JSON.stringify(foreign[0]) + (foreign.length > 1 ? ` and ${foreign.length - 1} more` : '');
      const message = `commit ${short(oid)} differs from ${short(parent)} in ${what}, which ${signer.name} may not change`;
      const hint = `${signer.name} may change ${signer.paths.join(', ')}: let someone sign it who may change the rest`;
      refuse(oid, 'path-not-allowed', message, hint);
    }
    return signer;
  }

  /** The trust document at a commit; `judged` is the commit that is refused when it cannot be read. */
  private async signersAt(oid: Oid, judged: Oid, { tree }: Commit): Promise<Signers> {
    const blob = await this.readable(judged, () => blobAt(this.objects, tree, signersPath));
    const hint = `mend ${signersPath} and push again`;
    if (blob === null) return refuse(judged, 'trust-unreadable', `commit ${short(oid)} has no ${signersPath}`, hint);
    const known = this.trust.get(blob);
    if (known) return known;
    const bytes = await this.readable(judged, () => this.objects.blob(blob));
    try {
      const signers = parseSigners(bytes);
      this.trust.set(blob, signers);
      return signers;
    } catch (error) {
      if (!(error instanceof SignersError)) throw error;
      return refuse(judged, 'trust-unreadable', `at commit ${short(oid)}: ${error.message}`, hint);
    }
  }

  private async read(oid: Oid, judged = oid): Promise<Commit> {
    return this.readable(judged, async () => parseCommit(await this.objects.commit(oid)));
  }

  /** Read something; where the history itself is at fault, that refuses the commit that is being judged. */
  private async readable<T>(judged: Oid, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const hint = 'make the commit anew with git itself, and run git fsck where it came from';
      if (error instanceof CommitFormatError) return refuse(judged, 'malformed-commit', error.message, hint);
      if (error instanceof TreeFormatError) return refuse(judged, 'malformed-tree', error.message, hint);
      if (error instanceof GitObjectError && error.code === 'missing-object') {
        return refuse(judged, 'history-incomplete', error.message, 'the repository must hold its full history');
      }
      throw error;
    }
  }
}

/** Fingerprint of the key that signed the commit, once its signature has been found good. */
function verifiedKey(oid: Oid, commit: Commit): string {
  if (commit.signature === null) {
    const hint = 'sign it: git commit --amend -S, with gpg.format=ssh and user.signingKey set';
    return refuse(oid, 'unsigned', `commit ${short(oid)} carries no signature`, hint);
  }
  if (!commit.signature.startsWith(sshArmorStart)) {
    const message = `the signature of commit ${short(oid)} is no SSH signature`;
    return refuse(oid, 'unsupported-signature', message, 'sign it with an SSH key: git config gpg.format ssh');
  }
  const verdict = verifySshSignature(commit.signature, commit.payload, 'git');
  if (verdict.ok) return verdict.key.fingerprint;
  const by = verdict.fingerprint === undefined ? '' : ` (key ${verdict.fingerprint})`;
  const message = `the signature of commit ${short(oid)} is not accepted: ${verdict.message}${by}`;
  return refuse(oid, verdict.code, message, 'sign the commit anew with git commit --amend -S');
}

function short(oid: Oid): string {
  return oid.slice(0, 12);
}
