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
 * Model, as its maker calls it.
 */
export type Product = string;
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
 * Of the BMC itself: lower-case, with colons.
 */
export type MACAddress = string;
/**
 * What this machine boots, in place of what its role says. Key of an operating system in releases.yaml.
 */
export type OperatingSystem = string;
/**
 * They come after those of the role. Each is one argument, name or name=value.
 */
export type KernelArguments = string[];
/**
 * Of this machine. Kubernetes node taints, key=value:Effect.
 */
export type Taints = string[];
/**
 * Day on which the machine is to go, by plan: year-month-day. Nothing happens on that day by itself.
 */
export type RetireDate = string;
/**
 * Why, for history.
 */
export type Reason = string;
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
  product?: Product;
  slot: Slot;
  role: Role;
  macs: MACAddresses;
  bmc: BMC;
  os?: OperatingSystem;
  arguments?: KernelArguments;
  labels?: Labels;
  taints?: Taints;
  variables?: Variables;
  retireDate?: RetireDate;
  retire?: Retire;
}
/**
 * The machine's baseboard management controller.
 */
export interface BMC {
  type: Protocol;
  mac?: MACAddress;
}
/**
 * Of this machine. Shown in status and given to Kubernetes.
 */
export interface Labels {
  [k: string]: string;
}
/**
 * For this machine. Values for {{ variables.<name> }} in Ignition.
 */
export interface Variables {
  [k: string]: string | number | boolean;
}
/**
 * The statement that this machine leaves the site. Its lines may be removed in a later commit.
 */
export interface Retire {
  reason: Reason;
}
