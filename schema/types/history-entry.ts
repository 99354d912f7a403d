// Generated from schema/state/history-entry.schema.json by npm run generate. Do not edit.

/**
 * history/<generation>/<sequence>: what happened, chained by digest.
 */
export interface HistoryEntry {
  /**
   * Counts up by one over all entries.
   */
  sequence: number;
  /**
   * The generation it belongs to.
   */
  generation: number;
  /**
   * When.
   */
  at: string;
  /**
   * Which agent wrote it.
   */
  server: string;
  /**
   * What happened.
   */
  event: 'published' | 'converged' | 'halted' | 'refused' | 'accepted-by-hand' | 'revoked-by-hand';
  /**
   * The commit it is about.
   */
  commit: string;
  /**
   * Who signed the commit.
   */
  signer?: string;
  /**
   * A sentence for people.
   */
  detail: string;
  /**
   * Digest of the entry before, null for the first.
   */
  previous: string | null;
}
