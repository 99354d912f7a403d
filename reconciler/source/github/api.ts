// What the rest of this room needs of a GitHub. client.ts makes one; it loads slowly, and this file loads nothing.
import type { Octokit } from '@octokit/rest';

export interface GitHub {
  /** GitHub's REST methods. They reject with what `troubleOf` sorts. */
  readonly api: Octokit['rest'];
  readonly paginate: Octokit['paginate'];
  /**
   * Do work that writes, and do it again when GitHub's answer leaves open whether it was done. The work looks before
   * it writes, and writes with {@link once}: so nothing is done twice.
   */
  persist<T>(work: () => Promise<T>): Promise<T>;
  /** End what is under way, and free the connections. */
  close(): Promise<void>;
}

/** Goes with each request that must not be repeated blindly: the client does not try it again by itself. */
export const once = { request: { retries: 0 } } as const;
