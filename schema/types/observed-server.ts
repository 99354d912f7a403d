// Generated from schema/state/observed-server.schema.json by npm run generate. Do not edit.

/**
 * observed/server/<name>: what a boot server serves; bound to its lease.
 */
export interface ObservedServer {
  /**
   * Name of the boot server.
   */
  name: string;
  /**
   * The generation it serves, 0 for none.
   */
  generation: number;
  /**
   * Root of that generation.
   */
  root: string | null;
  /**
   * Digests it holds and has verified.
   */
  assets: string[];
  /**
   * Its HTTP address.
   */
  url: string;
  /**
   * Version of berth.
   */
  version: string;
  /**
   * Why it does not serve the target, if it does not.
   */
  refused?: string;
  /**
   * When it was written.
   */
  at: string;
}
