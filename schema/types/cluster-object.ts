// Generated from schema/state/cluster-object.schema.json by npm run generate. Do not edit.

/**
 * object/<sha256>: the Kubernetes cluster of a blueprint, and what is applied to it.
 */
export interface ClusterObject {
  kind: 'cluster';
  /**
   * kubernetes/cluster.yaml as it stands.
   */
  cluster: {};
  /**
   * Digests of the resource objects, in the order in which they are applied.
   *
   * Items: Digest of a resource object.
   */
  resources: string[];
}
