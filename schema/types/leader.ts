// Generated from schema/state/leader.schema.json by npm run generate. Do not edit.

/**
 * leader/agent: the elected agent; the key's create revision is the fence.
 */
export interface Leader {
  /**
   * Name of the boot server.
   */
  name: string;
  /**
   * Since when.
   */
  since: string;
}
