// Generated from schema/site/role.schema.json by npm run generate. Do not edit.

/**
 * Key of an operating system in releases.yaml.
 */
export type OperatingSystem = string;
/**
 * Each is one argument, name or name=value.
 */
export type KernelArguments = string[];
/**
 * Folders of ignition/ whose ignition.yaml files are merged in this order.
 *
 * @minItems 1
 */
export type Ignition = string[];
/**
 * Kubernetes node taints, key=value:Effect.
 */
export type Taints = string[];

/**
 * roles/<role>.yaml: what machines of a role boot and become.
 */
export interface RoleDocument {
  os: OperatingSystem;
  arguments?: KernelArguments;
  ignition: Ignition;
  variables?: Variables;
  labels?: Labels;
  taints?: Taints;
}
/**
 * Values for {{ role.<name> }} in Ignition.
 */
export interface Variables {
  [k: string]: string | number | boolean;
}
/**
 * Kubernetes node labels.
 */
export interface Labels {
  [k: string]: string;
}
