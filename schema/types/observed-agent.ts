// Generated from schema/state/observed-agent.schema.json by npm run generate. Do not edit.

/**
 * observed/agent/<name>: what an agent does; bound to its lease.
 */
export interface ObservedAgent {
  /**
   * Name of the boot server it runs on.
   */
  name: string;
  /**
   * Whether it is elected.
   */
  leader: boolean;
  /**
   * Newest commit it pulled.
   */
  head?: string;
  /**
   * Newest commit it accepted.
   */
  accepted?: string;
  /**
   * Since when it has accepted that.
   */
  acceptedSince?: string;
  /**
   * What it compiled that to.
   */
  root?: string;
  /**
   * Why nothing new is begun for it, if it is not relied on any more.
   */
  held?: string;
  refused?: RefusedHead;
  behind?: Disagreement;
  byHand?: AcceptedByHand;
  /**
   * Keys that an administrator of the server has told it not to believe.
   */
  revokedByHand?: RevokedByHand[];
  /**
   * Where it pulls the site repo from, and what came of it last.
   */
  sources?: ObservedSource[];
  plan?: PlanHeadline;
  /**
   * Version of berth.
   */
  version: string;
  /**
   * When it was written.
   */
  at: string;
}
/**
 * Why the head is not accepted, if it is not.
 */
export interface RefusedHead {
  /**
   * The commit that fails.
   */
  commit: string;
  /**
   * Reason code.
   */
  code: string;
  /**
   * Why, and what to do.
   */
  message: string;
  /**
   * Since when.
   */
  at: string;
}
/**
 * Another agent with which it disagrees on the newest commit, if there is one.
 */
export interface Disagreement {
  /**
   * behind: the other one has a commit that does not arrive here; aside: neither commit contains the other; differs: the same commit comes to something else.
   */
  kind: 'behind' | 'aside' | 'differs';
  /**
   * The other boot server.
   */
  server: string;
  /**
   * What the other one has accepted.
   */
  commit: string;
  /**
   * Since when.
   */
  since: string;
}
/**
 * The newest commit that an administrator of the server vouches for, if there is one.
 */
export interface AcceptedByHand {
  /**
   * The commit.
   */
  commit: string;
  /**
   * What was given up for it.
   */
  supersedes: string[];
  /**
   * Why.
   */
  reason: string;
  /**
   * Who.
   */
  by: string;
  /**
   * When.
   */
  at: string;
}
export interface RevokedByHand {
  /**
   * Fingerprint.
   */
  key: string;
  /**
   * What was signed since then is disbelieved; null: all of it.
   */
  from: string | null;
  /**
   * Why.
   */
  reason: string;
  /**
   * Who.
   */
  by: string;
  /**
   * When.
   */
  at: string;
}
export interface ObservedSource {
  /**
   * URL or path.
   */
  location: string;
  /**
   * current: it has all that was accepted; behind: it lacks some of it, or what it lacks is not here; aside: it has parted from it; unasked: those before it were good enough.
   */
  state: 'unasked' | 'current' | 'behind' | 'aside' | 'failed';
  /**
   * Why the last attempt failed, or did not bring all approvals.
   */
  error?: string;
}
/**
 * What is left to do.
 */
export interface PlanHeadline {
  /**
   * Actions still to do.
   */
  actions: number;
  /**
   * Of them, held back by a gate.
   */
  waiting: number;
  /**
   * One line for people.
   */
  headline: string;
}
