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
 * kubernetes/cluster.yaml: the cluster that machines of the site form.
 */
export interface ClusterDocument {
  name: Name;
  version: Version;
  controlPlane: ControlPlane;
}
/**
 * Which machines carry it.
 */
export interface ControlPlane {
  role: Role;
  count: Count;
}
