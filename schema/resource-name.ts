// What tells one Kubernetes object from another.
import type { ResourceDocument } from './types/resource.ts';

type Named = Pick<ResourceDocument, 'apiVersion' | 'kind' | 'metadata'>;

/** API group of an object; empty for the core group. */
export function apiGroup({ apiVersion }: Pick<ResourceDocument, 'apiVersion'>): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** `Deployment.apps/kube-system/coredns`: the same in every version of the API. */
export function resourceName(resource: Named): string {
  const { kind, metadata } = resource;
  const group = apiGroup(resource);
  const namespace = metadata.namespace === undefined ? '' : `${metadata.namespace}/`;
  return `${kind}${group === '' ? '' : `.${group}`}/${namespace}${metadata.name}`;
}
