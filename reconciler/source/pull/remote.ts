// A source of the site repo: a Git server, or a file that somebody carries over. It brings what it has into a clone, and
// says where its branch is.
import type { Clone } from '../clone.ts';
import type { Oid } from '../commit.ts';
import { RepositoryError } from '../repository-error.ts';
import type { CloneRefs } from './clone-refs.ts';

/** What is pulled into. */
export interface PullTarget {
  readonly clone: Clone;
  readonly refs: CloneRefs;
}

export interface Pulled {
  readonly head: Oid;
  /** Why some approvals could not be had, though the branch could. */
  readonly approvalsFault: RepositoryError | null;
}

export interface Remote {
  /** URL or path, without secrets. */
  readonly location: string;
  /**
   * @param patienceMs how long it may take, if that is less than usual
   * @throws {RepositoryError}, or the signal's reason
   */
  pull(target: PullTarget, signal: AbortSignal, patienceMs?: number): Promise<Pulled>;
}

export function noBranch(branch: string): RepositoryError {
  return new RepositoryError('no-branch', `the repository has no branch ${branch}`);
}

export function noCommit(branch: string): RepositoryError {
  return new RepositoryError('corrupt', `the head of ${branch} is no commit that was sent`);
}
