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
  refused?: RefusedHead;
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
