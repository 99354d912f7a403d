// Generated from schema/state/resource-object.schema.json by npm run generate. Do not edit.

/**
 * object/<sha256>: one Kubernetes object that the site repo declares.
 */
export interface ResourceObject {
  kind: 'resource';
  /**
   * Folder in kubernetes/resources/, which gives the order.
   */
  folder: string;
  object: ResourceContent;
}
/**
 * The object as it stands in its file.
 */
export interface ResourceContent {
  /**
   * Group and version.
   */
  apiVersion: string;
  /**
   * Kind.
   */
  kind: string;
  metadata: ResourceMetadata;
  [k: string]: unknown;
}
/**
 * What names it.
 */
export interface ResourceMetadata {
  /**
   * Name.
   */
  name: string;
  /**
   * Namespace, if it lies in one.
   */
  namespace?: string;
  [k: string]: unknown;
}
