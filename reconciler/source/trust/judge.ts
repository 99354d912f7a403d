// The judgement of one commit: who stands for it, and may they together make the change that it makes to each parent?
import { type Commit, type Oid, parseCommit, subjectOf } from '../commit.ts';
import type { GitObjects } from '../objects.ts';
import { type ApprovalSource, type ApprovalVerdict, judgeApproval } from './approvals.ts';
import type { AcceptedCommit, Introduction } from './authenticate.ts';
import { changedPaths } from './changes.ts';
import { CommitTimes } from './commit-times.ts';
import { shapeOfMerge } from './host-merge.ts';
import { refuseMissing } from './missing.ts';
import { judgePath, type PathVerdict } from './permission.ts';
import { readable } from './readable.ts';
import { type Refusal, Refused, refuse, short } from './refusal.ts';
import { Revocations } from './revocations.ts';
import { letInFirst, SignedBy } from './signed-by.ts';
import { TrustReader } from './trust-reader.ts';
import { type HostKey, type Revocation, type TrustedKey, type TrustSet, validityFault } from './trust-set.ts';

export interface JudgeOptions {
  readonly reader: GitObjects;
  readonly approvals?: ApprovalSource;
  readonly revocations?: readonly Revocation[];
  /** What is below its commit has never been judged, and need not be there. */
  readonly introduction?: Introduction;
  /** Seconds since 1970. */
  readonly nowSeconds: number;
}

/** What was found about a commit as one of its parents sees it. */
export interface ParentVerdict {
  readonly parent: Oid;
  /** Who has signed, as the parent knows the key. */
  readonly signer: string;
  readonly fingerprint: string;
  readonly approvals: readonly ApprovalVerdict[];
  readonly paths: readonly PathVerdict[];
  /** Whether all that the commit changes against this parent was judged. Of a merge by the Git host one side is not. */
  readonly inFull: boolean;
}

export type Examination =
  | { readonly parents: readonly ParentVerdict[]; readonly refusal: null; readonly accepted: AcceptedCommit }
  | { readonly parents: readonly ParentVerdict[]; readonly refusal: Refusal; readonly accepted: null };

const rememberedCommits = 1_000;

export class Judge {
  readonly #objects: GitObjects;
  readonly #approvals: ApprovalSource | undefined;
  readonly #nowSeconds: number;
  readonly #trust: TrustReader;
  readonly #revocations: Revocations;
  readonly #signedBy = new SignedBy();
  readonly #times: CommitTimes;
  readonly #commits = new Map<Oid, Commit>();

  constructor({ reader, approvals, revocations = [], introduction, nowSeconds }: JudgeOptions) {
    this.#objects = reader;
    this.#approvals = approvals;
    this.#nowSeconds = nowSeconds;
    this.#trust = new TrustReader(reader);
    this.#revocations = new Revocations(revocations);
    const commits = { has: (oid: Oid) => reader.has(oid), read: (oid: Oid, judged: Oid) => this.#read(oid, judged) };
    this.#times = new CommitTimes(commits, nowSeconds, introduction?.commit);
  }

  /**
   * Disbelieve the keys that the trust documents of these commits disbelieve.
   * @returns whether anything of that is new
   */
  async heed(...oids: readonly Oid[]): Promise<boolean> {
    let isNews = false;
    for (const oid of oids) {
      try {
        const { keys } = await this.#trust.at(oid, await this.#read(oid), oid);
        if (this.#revocations.addFrom(keys.values())) isNews = true;
      } catch (error) {
        // A document that cannot be read is found again when its commit is judged.
        if (!(error instanceof Refused)) throw error;
      }
    }
    return isNews;
  }

  /** The first commit that is accepted at all: nobody but the introduction vouches for its key. @throws {Refused} */
  async introduced({ commit: oid, keyFingerprint }: Introduction): Promise<AcceptedCommit> {
    const commit = await this.#read(oid);
    const trust = await this.#trust.at(oid, commit, oid);
    const subject = subjectOf(commit);
    if (keyFingerprint === null) {
      return { oid, signer: 'vouched for by hand', fingerprint: '', approvers: [], subject };
    }
    const fingerprint = await this.#signedBy.commit(oid, commit, trust);
    if (fingerprint !== keyFingerprint) {
      const message = `commit ${short(oid)} is signed by ${fingerprint}, the introduction names ${keyFingerprint}`;
      refuse(oid, 'introduction-key', message, 'check the introduction with those who made the site repo');
    }
    this.#refuseRevoked(oid, fingerprint, commit.committer.seconds);
    const signer = trust.keys.get(fingerprint);
    return { oid, signer: signer?.name ?? fingerprint, fingerprint, approvers: [], subject };
  }

  /** Judge a commit, and say what was found on the way. @param unvouched parents that nobody ever vouched for */
  async examine(oid: Oid, unvouched: ReadonlySet<Oid>): Promise<Examination> {
    const parents: ParentVerdict[] = [];
    try {
      return { parents, refusal: null, accepted: await this.#commit(oid, unvouched, parents) };
    } catch (error) {
      if (error instanceof Refused) return { parents, refusal: error.refusal, accepted: null };
      throw error;
    }
  }

  async #commit(oid: Oid, unvouched: ReadonlySet<Oid>, found: ParentVerdict[]): Promise<AcceptedCommit> {
    const commit = await this.#read(oid);
    if (commit.parents.length === 0) {
      const message = `commit ${short(oid)} begins a second history`;
      refuse(oid, 'unrelated-root', message, 'merge only branches of this site repo');
    }
    const old = commit.parents.find((parent) => unvouched.has(parent));
    if (old !== undefined) {
      const message = `commit ${short(oid)} builds on ${short(old)}, which is older than the introduction`;
      refuse(oid, 'before-introduction', message, 'rebase the branch onto the main branch');
    }
    await this.#times.refuseOdd(oid, commit);
    for (const parent of new Set(commit.parents)) {
      const verdict = await this.#asSeenBy(parent, oid, commit);
      found.push(verdict);
      refuseMissing(oid, verdict);
    }
    // A trust document that cannot be read would lock everyone out, those who could mend it included.
    await this.#trust.at(oid, commit, oid);
    const { signer = '', fingerprint = '' } = found[0] ?? {};
    const approvers = new Set(found.flatMap(({ approvals }) => approvals.flatMap(({ name }) => name ?? [])));
    approvers.delete(signer);
    return { oid, signer, fingerprint, approvers: [...approvers], subject: subjectOf(commit) };
  }

  async #asSeenBy(parent: Oid, oid: Oid, commit: Commit): Promise<ParentVerdict> {
    const base = await this.#read(parent, oid);
    const trust = await this.#trust.at(parent, base, oid);
    const fingerprint = await this.#signedBy.commit(oid, commit, trust);
    const host = trust.hostKeys.get(fingerprint);
    if (host) return this.#asHostMerge(host, parent, oid, commit, trust);
    const key = this.#trusted(oid, fingerprint, trust, parent, commit.committer.seconds);
    const approvals = await this.#approvalsOf(oid, commit, trust);
    const paths = await readable(oid, () => changedPaths(this.#objects, base.tree, commit.tree));
    const standing = new Set([key.name, ...approvals.flatMap(({ name }) => name ?? [])]);
    const judged = paths.map((path) => judgePath(trust, path, standing));
    return { parent, signer: key.name, fingerprint, approvals, paths: judged, inFull: true };
  }

  /**
   * The host's key says that somebody pressed a button. Those who stand for the merged branch must stand for it all, and
   * their keys must count now: when they signed it is what they say themselves.
   */
  async #asHostMerge(host: HostKey, parent: Oid, oid: Oid, commit: Commit, trust: TrustSet): Promise<ParentVerdict> {
    const { seconds: mergedSeconds } = commit.committer;
    this.#refuseRevoked(oid, host.fingerprint, mergedSeconds);
    const [first, branch] = commit.parents;
    if (branch === undefined || commit.parents.length > 2) {
      const message = `commit ${short(oid)} is signed by ${host.name} and is no merge of one branch`;
      const hint = 'let the host make merge commits: squashed and rebased ones lose the signatures of people';
      return refuse(oid, 'host-key-commit', message, hint);
    }
    const shape = await readable(oid, () => shapeOfMerge(this.#objects, commit));
    if (!shape.clean) {
      const message = `commit ${short(oid)} is a merge by ${host.name}, but ${shape.why}`;
      refuse(oid, 'host-merge-altered', message, 'merge on your own machine and sign the merge');
    }
    // What the second parent lacks are commits of the first parent's line, each of which has been judged there. By the
    // second parent they are not: it is for the caller to ask that accepted commits are followed on by the first one.
    if (parent !== first)
      return { parent, signer: host.name, fingerprint: host.fingerprint, approvals: [], paths: [], inFull: false };
    const head = await this.#read(branch, oid);
    const fingerprint = await this.#signedBy.commit(branch, head, trust, oid);
    const hint = 'the last commit of the branch must be signed by somebody who may make the change';
    const key = trust.keys.get(fingerprint);
    if (!key) {
      const message = `commit ${short(oid)} merges ${short(branch)}, signed by ${fingerprint}, which its parent ${short(parent)} does not trust`;
      return refuse(oid, 'host-merge-not-allowed', message, hint);
    }
    this.#trusted(oid, fingerprint, trust, parent, head.committer.seconds, mergedSeconds);
    const approvals = [
      ...(await this.#approvalsOf(branch, head, trust, mergedSeconds)),
      ...(await this.#approvalsOf(oid, commit, trust)),
    ];
    const standing = new Set([key.name, ...approvals.flatMap(({ name }) => name ?? [])]);
    const paths = shape.brought.map((path) => judgePath(trust, path, standing));
    const barred = paths.find(({ path, fault }) => fault === 'path-not-allowed' || !host.mayBring(path));
    if (barred) {
      const who = barred.fault === null ? host.name : key.name;
      const message = `commit ${short(oid)} merges ${JSON.stringify(barred.path)}, which ${who} may not change`;
      refuse(oid, 'host-merge-not-allowed', message, hint);
    }
    const signer = `${key.name}, merged by ${host.name}`;
    return { parent, signer, fingerprint: host.fingerprint, approvals, paths, inFull: true };
  }

  /** The key, when it is one that the parent trusts at all of these times. */
  #trusted(
    oid: Oid,
    fingerprint: string,
    trust: TrustSet,
    parent: Oid,
    ...times: readonly [number, ...number[]]
  ): TrustedKey {
    const key = trust.keys.get(fingerprint);
    if (!key) {
      const message = `commit ${short(oid)} is signed by ${fingerprint}, which its parent ${short(parent)} does not trust`;
      return refuse(oid, 'untrusted-key', message, letInFirst);
    }
    for (const seconds of times) {
      const fault = validityFault(key, seconds);
      if (fault) {
        const message = `commit ${short(oid)} is signed with a key of ${key.name} that ${fault.message}`;
        refuse(oid, fault.code, message, 'sign the commit with a key that is valid: git commit --amend -S');
      }
      this.#refuseRevoked(oid, fingerprint, seconds);
    }
    return key;
  }

  #refuseRevoked(oid: Oid, fingerprint: string, seconds: number): void {
    const revocation = this.#revocations.of(fingerprint, seconds);
    if (!revocation) return;
    const message = `commit ${short(oid)} is signed by ${fingerprint}, which is revoked: ${revocation.reason}`;
    const hint = 'nothing that rests on it is applied; if the commit is good after all, see berth trust accept';
    refuse(oid, 'key-revoked', message, hint);
  }

  async #approvalsOf(oid: Oid, commit: Commit, trust: TrustSet, mergedSeconds?: number): Promise<ApprovalVerdict[]> {
    const tags = (await this.#approvals?.approvalsOf(oid)) ?? [];
    const context = {
      ...{ oid, commit, trust, nowSeconds: this.#nowSeconds },
      ...{ revocations: this.#revocations, signedBy: this.#signedBy },
      ...(mergedSeconds === undefined ? {} : { mergedSeconds }),
    };
    return Promise.all(tags.map((tag) => judgeApproval(tag, context)));
  }

  async #read(oid: Oid, judged = oid): Promise<Commit> {
    const known = this.#commits.get(oid);
    if (known) return known;
    const commit = await readable(judged, async () => parseCommit(await this.#objects.commit(oid)));
    if (this.#commits.size >= rememberedCommits) this.#commits.clear();
    this.#commits.set(oid, commit);
    return commit;
  }
}
