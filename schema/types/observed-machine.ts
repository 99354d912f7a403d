// Generated from schema/state/observed-machine.schema.json by npm run generate. Do not edit.

/**
 * observed/machine/<serial>: what a machine last reported.
 */
export interface ObservedMachine {
  /**
   * Serial.
   */
  serial: string;
  /**
   * Where it is in its life.
   */
  phase: 'booting' | 'provisioning' | 'running';
  /**
   * The boot configuration it runs or boots.
   */
  bootDigest: string;
  /**
   * Changes with every boot.
   */
  bootId: string;
  /**
   * The generation it was booted from.
   */
  generation: number;
  /**
   * The address it reported from.
   */
  address: string;
  /**
   * The boot server that took the report.
   */
  server: string;
  /**
   * When the phase was reported last.
   */
  at: string;
  /**
   * When this phase of this boot was reported first; absent in the first report.
   */
  since?: string;
}
