// The namespaces that resources can lie in.
import type { DeclaredResource, Site } from '../../load.ts';
import { kindKey } from './definitions.ts';

/** Those that every cluster has. */
export const ownNamespaces: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Those that the site declares, by name: the first declaration of each. */
export function declaredNamespaces({ resources }: Site): ReadonlyMap<string, DeclaredResource> {
  const namespaces = new Map<string, DeclaredResource>();
  for (const resource of resources) {
    const { value } = resource.document;
    if (kindKey(value) !== 'Namespace.' || namespaces.has(value.metadata.name)) continue;
    namespaces.set(value.metadata.name, resource);
  }
  return namespaces;
}
