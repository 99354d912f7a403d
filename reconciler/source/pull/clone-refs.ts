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

/** With more, those that came first are forgotten. */
const maxApprovals = 20_000;

export class CloneRefs {
  private constructor(
    private readonly folder: string,
    private readonly refs: Map<string, Oid>,
  ) {}

  static async open(folder: string): Promise<CloneRefs> {
    return new CloneRefs(folder, new Map(await packedRefs(folder)));
  }

  /** The last head of each source that has come here whole. What the sources are told that we have; nothing more. */
  heads(): readonly Oid[] {
    return [...new Set([...this.refs].flatMap(([ref, oid]) => (ref.startsWith(heads) ? [oid] : [])))];
  }

  hasApproval({ commit, tag, name }: KeptApproval): boolean {
    return this.refs.has(`${approvals}${commit}/${tag}/${name}`);
  }

  /** Also those whose tags the sources have deleted or replaced. */
  approvalsOf(commit: Oid): readonly KeptApproval[] {
    const prefix = `${approvals}${commit}/`;
    return [...this.refs].flatMap(([ref, tag]) =>
      ref.startsWith(prefix) ? [{ commit, tag, name: ref.slice(prefix.length + 41) }] : [],
    );
  }

  get approvalCount(): number {
    return [...this.refs.keys()].filter((ref) => ref.startsWith(approvals)).length;
  }

  async setHead(location: string, head: Oid): Promise<void> {
    const ref = `${heads}${createHash('sha256').update(location).digest('hex').slice(0, 16)}`;
    if (this.refs.get(ref) === head) return;
    this.refs.set(ref, head);
    await this.write();
  }

  async addApprovals(added: readonly KeptApproval[]): Promise<void> {
    if (added.length === 0) return;
    for (const { commit, tag, name } of added) this.refs.set(`${approvals}${commit}/${tag}/${name}`, tag);
    const all = [...this.refs.keys()].filter((ref) => ref.startsWith(approvals));
    for (const ref of all.slice(0, -maxApprovals)) this.refs.delete(ref);
    await this.write();
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
