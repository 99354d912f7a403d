// Generated from schema/site/resource.schema.json by npm run generate. Do not edit.

/**
 * Group and version, or the version alone.
 */
export type APIVersion = string;
/**
 * Kind of object.
 */
export type Kind = string;
/**
 * Of the object; generateName is not possible.
 */
export type Name = string;
/**
 * That the object lies in.
 */
export type Namespace = string;

/**
 * kubernetes/resources/<nn>-<name>/*.yaml: a Kubernetes object, applied in the order of folders and files. A file may hold several.
 */
export interface ResourceDocument {
  apiVersion: APIVersion;
  kind: Kind;
  metadata: Metadata;
  [k: string]: unknown;
}
/**
 * What names the object.
 */
export interface Metadata {
  name: Name;
  namespace?: Namespace;
  [k: string]: unknown;
}
