// Generated from schema/state/operation.schema.json by npm run generate. Do not edit.

/**
 * operation/<serial>: what is being done to a machine now.
 */
export interface Operation {
  /**
   * Serial.
   */
  serial: string;
  /**
   * What.
   */
  kind: 'provision' | 'restart';
  /**
   * For which generation.
   */
  generation: number;
  /**
   * What it is to boot.
   */
  bootDigest: string;
  /**
   * The boot id seen before, null if none: a report with another one proves the restart.
   */
  bootIdBefore: string | null;
  /**
   * Since when.
   */
  since: string;
  /**
   * How many times power was asked for.
   */
  attempts: number;
}
