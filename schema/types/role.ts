// Generated from schema/site/role.schema.json by npm run generate. Do not edit.

/**
 * What machines of the role boot; where it is not said, that of site.yaml's defaults. Key of an operating system in releases.yaml.
 */
export type OperatingSystem = string;
/**
 * They come after those of site.yaml's defaults. Each is one argument, name or name=value.
 */
export type KernelArguments = string[];
/**
 * Folders of ignition/ whose ignition.yaml files are merged in this order.
 *
 * @minItems 1
 */
export type Ignition = string[];
/**
 * worker: a node that takes work, and the control plane where cluster.yaml says so. control-plane: a node that carries the control plane and nothing else.
 */
export type RoleInTheCluster = 'control-plane' | 'worker';
/**
 * A path that stays the same across boots.
 */
export type Device = string;
/**
 * Format of the encrypted volume.
 */
export type Type = 'luks2';
/**
 * What it takes to open it: the machine's TPM, a share of the key that boot servers hold, or both.
 *
 * @minItems 1
 */
export type Unlock = ('tpm2' | 'boot-server')[];
/**
 * Kind of file system.
 */
export type Format = 'ext4' | 'xfs' | 'btrfs';
/**
 * Where it is mounted.
 */
export type MountPoint = string;
/**
 * Disks that berth sets up, once, when a machine is provisioned.
 */
export type Disks = Disk[];
/**
 * Of machines of the role. Kubernetes node taints, key=value:Effect.
 */
export type Taints = string[];

/**
 * roles/<role>.yaml: what machines of a role boot and become.
 */
export interface RoleDocument {
  os?: OperatingSystem;
  arguments?: KernelArguments;
  ignition: Ignition;
  variables?: Variables;
  kubernetes?: Kubernetes;
  disks?: Disks;
  labels?: Labels;
  taints?: Taints;
}
/**
 * For machines of the role. Values for {{ variables.<name> }} in Ignition.
 */
export interface Variables {
  [k: string]: string | number | boolean;
}
/**
 * Makes nodes of the machines; where this is not said, they are none.
 */
export interface Kubernetes {
  role: RoleInTheCluster;
}
/**
 * One disk.
 *
 * This interface was referenced by `RoleDocument`'s JSON-Schema
 * via the `definition` "disk".
 */
export interface Disk {
  device: Device;
  encryption?: Encryption;
  filesystem?: FileSystem;
}
/**
 * How what is on the disk is kept secret.
 */
export interface Encryption {
  type: Type;
  unlock: Unlock;
}
/**
 * None for disks that are handed over as they are.
 */
export interface FileSystem {
  format: Format;
  mount: MountPoint;
}
/**
 * Of machines of the role. Shown in status and given to Kubernetes.
 */
export interface Labels {
  [k: string]: string;
}
