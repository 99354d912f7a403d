// A Git server over HTTP, as a source of the site repo.
import type { Oid } from '../commit.ts';
import { type GitHttp, type GitHttpOptions, withGitHttp } from '../git-http.ts';
import { receivePack } from '../pack/receive.ts';
import { RepositoryError } from '../repository-error.ts';
import { approvalRef } from '../trust/approvals.ts';
import { approvalsAmong, keepApprovals, withRoom } from './approval-tags.ts';
import type { KeptApproval } from './clone-refs.ts';
import type { PullLimits, RemoteOptions } from './pull-options.ts';
import { noBranch, noCommit, type Pulled, type PullTarget, type Remote } from './remote.ts';
import { fetchPack, listRefs } from './upload-pack.ts';

/** So many requests of one pull are for tags, at most. */
const maxTagRequests = 100;

export class Server implements Remote {
  readonly location: string;
  /** Tags that the server could not give, or that are none. */
  readonly #useless = new Set<Oid>();

  constructor(
    private readonly options: RemoteOptions,
    private readonly branch: string,
    private readonly limits: PullLimits,
  ) {
    this.location = options.url;
  }

  async pull(target: PullTarget, signal: AbortSignal, patienceMs = Number.POSITIVE_INFINITY): Promise<Pulled> {
    const { connectTimeoutMs, idleTimeoutMs, totalTimeoutMs } = this.limits;
    const { url, credentials, proxy, ca } = this.options;
    const access = { ...(credentials ? { credentials } : {}), ...(proxy ? { proxy } : {}), ...(ca ? { ca } : {}) };
    return within(Math.min(totalTimeoutMs, patienceMs), signal, (limited) => {
      const http: GitHttpOptions = { ...access, connectTimeoutMs, idleTimeoutMs, signal: limited };
      return withGitHttp(http, (client) => this.exchange(client, url, target, limited));
    });
  }

  private async exchange(http: GitHttp, url: string, target: PullTarget, signal: AbortSignal): Promise<Pulled> {
    const { clone, refs } = target;
    const remote = await listRefs(http, url, this.branch, this.limits);
    const head = remote.refs.get(`refs/heads/${this.branch}`);
    if (head === undefined) throw noBranch(this.branch);
    const fetch = async (wants: readonly Oid[]): Promise<void> => {
      const haves: Oid[] = [];
      for (const oid of refs.heads()) if (await clone.holds(oid, 'commit')) haves.push(oid);
      await clone.store(await receivePack(fetchPack(http, remote.url, wants, haves), this.limits), this.limits, signal);
    };
    if (!(await clone.holds(head, 'commit'))) await fetch([head]);
    if (!(await clone.holds(head, 'commit'))) throw noCommit(this.branch);
    await refs.setHead(this.location, head);
    const news = approvalsAmong(remote.refs).filter((approval) => {
      // What a tag leads to is known before it is fetched: nothing but the tag itself shall come with it.
      const tagged = remote.refs.get(`${approvalRef(approval.commit, approval.name)}^{}`);
      const isOfUse = tagged === approval.commit && !this.#useless.has(approval.tag);
      return isOfUse && !refs.hasApproval(approval) && clone.lists(approval.commit);
    });
    const { taken, fault } = withRoom(refs, news, this.limits);
    const failure = await this.fetchApprovals(target, taken, fetch, signal);
    return { head, approvalsFault: failure ?? fault ?? (remote.isCut ? listIsCut(this.limits) : null) };
  }

  private async fetchApprovals(
    { clone, refs }: PullTarget,
    approvals: readonly KeptApproval[],
    fetch: (wants: readonly Oid[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<RepositoryError | null> {
    const missing = [...new Set(approvals.map(({ tag }) => tag))].filter((tag) => !clone.lists(tag));
    const fault = missing.length > 0 ? await this.fetchTags(missing, fetch, signal) : null;
    for (const { tag } of await keepApprovals(clone, refs, approvals)) {
      if (clone.lists(tag)) this.#useless.add(tag);
    }
    return fault;
  }

  /** All at once; when that fails, each half, so that a few that are damaged do not keep out the others. */
  private async fetchTags(
    tags: readonly Oid[],
    fetch: (wants: readonly Oid[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<RepositoryError | null> {
    const waiting = [tags];
    let first: RepositoryError | null = null;
    for (let requests = 0; requests < maxTagRequests; requests += 1) {
      const some = waiting.pop();
      if (!some) break;
      const fault = await failureOf(fetch(some), signal);
      first ??= fault;
      if (fault?.code === 'unreachable') break;
      const middle = Math.ceil(some.length / 2);
      if (fault !== null && some.length > 1) waiting.push(some.slice(middle), some.slice(0, middle));
      else if (fault !== null) for (const tag of some) this.#useless.add(tag);
    }
    return first;
  }
}

function listIsCut({ maxRefsBytes }: PullLimits): RepositoryError {
  return new RepositoryError('too-many-refs', `approvals beyond the first ${maxRefsBytes} bytes of refs are left out`);
}

async function failureOf(work: Promise<void>, signal: AbortSignal): Promise<RepositoryError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RepositoryError) return error;
    throw error;
  }
}

/** Do some work that is aborted when it takes too long. @throws {RepositoryError} `unreachable` in that case */
async function within<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = new AbortController();
  const abort = (): void => limited.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => limited.abort(tooSlow(timeoutMs)), timeoutMs);
  try {
    signal.throwIfAborted();
    return await work(limited.signal);
  } catch (error) {
    limited.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function tooSlow(timeoutMs: number): RepositoryError {
  return new RepositoryError('unreachable', `the server takes more than ${timeoutMs / 1000} s`);
}
