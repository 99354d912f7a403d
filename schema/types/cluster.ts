// Generated from schema/site/cluster.schema.json by npm run generate. Do not edit.

/**
 * Name of the cluster.
 */
export type Name = string;
/**
 * Kubernetes version.
 */
export type Version = string;
/**
 * Role of its machines.
 */
export type Role = string;
/**
 * How many; odd, for a quorum.
 */
export type Count = 1 | 3 | 5;
/**
 * DNS domain of services.
 */
export type ClusterDomain = string;
/**
 * Where pods look names up: an address inside network.services of site.yaml, or a link-local one where each node runs a cache.
 */
export type ClusterDNS = string;
/**
 * How many pods a node takes at most.
 */
export type PodsPerNode = number;
/**
 * A node that is not empty by then keeps running, and is tried again later.
 */
export type Timeout = number;
/**
 * Pods of these namespaces are never deleted, only evicted.
 */
export type ProtectedNamespaces = string[];
/**
 * Hours from one to the next.
 */
export type Interval = number;
/**
 * How many are kept.
 */
export type Keep = number;

/**
 * kubernetes/cluster.yaml: the cluster that machines of the site form.
 */
export interface ClusterDocument {
  name: Name;
  version: Version;
  controlPlane: ControlPlane;
  clusterDomain?: ClusterDomain;
  clusterDns?: ClusterDNS;
  podsPerNode?: PodsPerNode;
  apiServer?: APIServer;
  controllerManager?: ControllerManager;
  scheduler?: Scheduler;
  kubelet?: Kubelet;
  drain?: Drain;
  backup?: Backup;
}
/**
 * Which machines carry it.
 */
export interface ControlPlane {
  role: Role;
  count: Count;
}
/**
 * How the api server differs from berth's own set-up.
 */
export interface APIServer {
  extraArguments?: ExtraArguments;
}
/**
 * Flags without their dashes, and their values.
 */
export interface ExtraArguments {
  [k: string]: string;
}
/**
 * How the controller manager differs from berth's own set-up.
 */
export interface ControllerManager {
  extraArguments?: ExtraArguments1;
}
/**
 * Flags without their dashes, and their values.
 */
export interface ExtraArguments1 {
  [k: string]: string;
}
/**
 * How the scheduler differs from berth's own set-up.
 */
export interface Scheduler {
  extraArguments?: ExtraArguments2;
}
/**
 * Flags without their dashes, and their values.
 */
export interface ExtraArguments2 {
  [k: string]: string;
}
/**
 * How the kubelet differs from berth's own set-up.
 */
export interface Kubelet {
  extraArguments?: ExtraArguments3;
}
/**
 * Flags without their dashes, and their values.
 */
export interface ExtraArguments3 {
  [k: string]: string;
}
/**
 * How nodes are emptied before they restart.
 */
export interface Drain {
  timeoutSeconds?: Timeout;
  protectedNamespaces?: ProtectedNamespaces;
}
/**
 * Snapshots of the etcd of the cluster.
 */
export interface Backup {
  everyHours: Interval;
  keep: Keep;
}
