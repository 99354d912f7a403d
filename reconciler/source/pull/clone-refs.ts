// What a clone knows beside objects: where each source was last, and the approvals that were ever seen. Kept as Git
// keeps refs, all in one file, so that `git fsck` and people can look.
import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Oid } from '../commit.ts';
import { packedRefs } from '../refs.ts';

const heads = 'refs/berth/heads/';
const approvals = 'refs/berth/approvals/';

export interface KeptApproval {
  readonly commit: Oid;
  /** The tag object. */
  readonly tag: Oid;
  /** As the ref is called below `refs/tags/approve/<commit>/`. */
  readonly name: string;
}

export class CloneRefs {
  /** The approvals among the refs, by their commits. */
  private readonly byCommit = new Map<Oid, KeptApproval[]>();
  private count = 0;

  private constructor(
    private readonly folder: string,
    private readonly refs: Map<string, Oid>,
  ) {
    for (const [ref, tag] of refs) {
      if (!ref.startsWith(approvals)) continue;
      const [, commit = '', name = ''] = /^([0-9a-f]{40})\/[0-9a-f]{40}\/(.+)$/.exec(ref.slice(approvals.length)) ?? [];
      this.list({ commit, tag, name });
    }
  }

  static async open(folder: string): Promise<CloneRefs> {
    return new CloneRefs(folder, new Map(await packedRefs(folder)));
  }

  /** The last head of each source that has come here whole. What the sources are told that we have; nothing more. */
  heads(): readonly Oid[] {
    return [...new Set([...this.refs].flatMap(([ref, oid]) => (ref.startsWith(heads) ? [oid] : [])))];
  }

  hasApproval(approval: KeptApproval): boolean {
    return this.refs.has(refOf(approval));
  }

  /** Also those whose tags the sources have deleted or replaced. */
  approvalsOf(commit: Oid): readonly KeptApproval[] {
    return this.byCommit.get(commit) ?? [];
  }

  get approvalCount(): number {
    return this.count;
  }

  async setHead(location: string, head: Oid): Promise<void> {
    const ref = `${heads}${createHash('sha256').update(location).digest('hex').slice(0, 16)}`;
    if (this.refs.get(ref) === head) return;
    this.refs.set(ref, head);
    await this.write();
  }

  async addApprovals(added: readonly KeptApproval[]): Promise<void> {
    const news = added.filter((approval) => !this.hasApproval(approval));
    if (news.length === 0) return;
    for (const approval of news) {
      this.refs.set(refOf(approval), approval.tag);
      this.list(approval);
    }
    await this.write();
  }

  private list(approval: KeptApproval): void {
    const others = this.byCommit.get(approval.commit);
    if (others) others.push(approval);
    else this.byCommit.set(approval.commit, [approval]);
    this.count += 1;
  }

  private async write(): Promise<void> {
    const file = path.join(this.folder, 'packed-refs');
    try {
      await writeFile(`${file}.new`, [...this.refs].map(([ref, oid]) => `${oid} ${ref}\n`).join(''));
      await rename(`${file}.new`, file);
    } finally {
      await rm(`${file}.new`, { force: true });
    }
  }
}

function refOf({ commit, tag, name }: KeptApproval): string {
  return `${approvals}${commit}/${tag}/${name}`;
}
