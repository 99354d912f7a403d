// A bundle that somebody carries over, as a source of the site repo. It is read when it is not the same file as before.
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Clone } from '../clone.ts';
import { receivePack } from '../pack/receive.ts';
import { RepositoryError } from '../repository-error.ts';
import { approvalsAmong, keepApprovals, withRoom } from './approval-tags.ts';
import { openBundle, readBundleHead, readBundlePack } from './bundle.ts';
import type { PullLimits } from './pull-options.ts';
import { noBranch, noCommit, type Pulled, type PullTarget, type Remote } from './remote.ts';

export class BundleFile implements Remote {
  /** What was read last, and into which clone. */
  #read: { readonly stats: Stats; readonly clone: Clone; readonly pulled: Pulled } | null = null;

  constructor(
    readonly location: string,
    private readonly branch: string,
    private readonly limits: PullLimits,
  ) {}

  async pull(target: PullTarget, signal: AbortSignal): Promise<Pulled> {
    const file = await openBundle(this.location);
    try {
      const stats = await file.stat();
      const isRead = this.#read?.clone === target.clone && isSame(this.#read.stats, stats);
      const pulled = this.#read && isRead ? this.#read.pulled : await this.read(file, target, signal);
      this.#read = { stats, clone: target.clone, pulled };
      return pulled;
    } finally {
      await file.close();
    }
  }

  private async read(file: FileHandle, target: PullTarget, signal: AbortSignal): Promise<Pulled> {
    const { clone, refs } = target;
    const bundle = await readBundleHead(file, this.limits);
    const head = bundle.refs.get(`refs/heads/${this.branch}`);
    if (head === undefined) throw noBranch(this.branch);
    const isNew = [...bundle.refs.values()].some((oid) => !clone.lists(oid));
    const lacking = bundle.prerequisites.find((oid) => !clone.lists(oid));
    if (isNew && lacking !== undefined) {
      throw new RepositoryError(
        'bad-bundle',
        `the bundle builds on commit ${lacking}, which is not here: make a full one`,
      );
    }
    try {
      const { limits } = this;
      if (isNew) await clone.store(await receivePack(readBundlePack(file, bundle), limits), limits, signal);
    } catch (error) {
      if (!(error instanceof RepositoryError) || error.code !== 'corrupt') throw error;
      throw new RepositoryError('bad-bundle', `the bundle cannot be used: ${error.message}`, { cause: error });
    }
    if (!(await clone.holds(head, 'commit'))) throw noCommit(this.branch);
    await refs.setHead(this.location, head);
    const news = approvalsAmong(bundle.refs).filter((approval) => !refs.hasApproval(approval));
    const { taken, fault } = withRoom(refs, news, this.limits);
    await keepApprovals(clone, refs, taken);
    return { head, approvalsFault: fault };
  }
}

function isSame(one: Stats, other: Stats): boolean {
  return one.mtimeMs === other.mtimeMs && one.size === other.size && one.ino === other.ino && one.dev === other.dev;
}
