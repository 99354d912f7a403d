// Generated from schema/state/target.schema.json by npm run generate. Do not edit.

/**
 * target: the generation in force.
 */
export interface Target {
  /**
   * Counts up by one.
   */
  generation: number;
  /**
   * Digest of the site object.
   */
  root: string;
  /**
   * Commit that it was compiled from.
   */
  commit: string;
  /**
   * Root of the generation before, null for the first.
   */
  parent: string | null;
  /**
   * When it was written.
   */
  acceptedAt: string;
}
