// Generated from schema/site/rack.schema.json by npm run generate. Do not edit.

/**
 * Every address in the rack follows from it. It never changes while machines stand in the rack.
 */
export type RackNumber = number;
/**
 * Name of the feed that powers the rack: a failure domain.
 */
export type PowerFeed = string;
/**
 * Name of the switch.
 */
export type Name = string;
/**
 * In the order of their ranges: the first serves range 1, the second range 2.
 *
 * @minItems 1
 */
export type ToRSwitches = ToRSwitch[];
/**
 * SMBIOS serial number: the machine's identity.
 */
export type Serial = string;
/**
 * Place in the rack's address ranges: i of the address formula.
 */
export type Slot = number;
/**
 * Name of a file in roles/.
 */
export type Role = string;
/**
 * Of the network cards that boot: the first is wired to the first ToR, and so on.
 *
 * @minItems 1
 *
 * Items: Lower-case, with colons.
 */
export type MACAddresses = string[];
/**
 * How berth talks to it.
 */
export type Protocol = 'redfish';
/**
 * The machines of the rack, the boot server aside.
 */
export type Machines = Machine[];

/**
 * racks/<name>.yaml: one rack, its ToR switches and its machines.
 */
export interface RackDocument {
  rack: RackNumber;
  powerFeed: PowerFeed;
  tors: ToRSwitches;
  machines: Machines;
}
/**
 * One top-of-rack switch.
 *
 * This interface was referenced by `RackDocument`'s JSON-Schema
 * via the `definition` "tor".
 */
export interface ToRSwitch {
  name: Name;
  links: SpineLinks;
}
/**
 * Spine name to link id. The id gives the link its /31, so a new rack renumbers nothing.
 */
export interface SpineLinks {
  [k: string]: number;
}
/**
 * One machine.
 *
 * This interface was referenced by `RackDocument`'s JSON-Schema
 * via the `definition` "machine".
 */
export interface Machine {
  serial: Serial;
  slot: Slot;
  role: Role;
  macs: MACAddresses;
  bmc: BMC;
  labels?: Labels;
}
/**
 * The machine's baseboard management controller.
 */
export interface BMC {
  type: Protocol;
}
/**
 * Free labels, shown in status and given to Kubernetes.
 */
export interface Labels {
  [k: string]: string;
}
