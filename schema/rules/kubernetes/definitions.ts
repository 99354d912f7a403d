// The kinds of object that a site adds to Kubernetes itself.
import type { DeclaredResource, Site } from '../../load.ts';
import { apiGroup } from '../../resource-name.ts';
import type { ResourceDocument } from '../../types/resource.ts';
import { listAt, textAt, valueAt } from './unchecked.ts';

/** A CustomResourceDefinition among the resources. */
export interface Definition {
  readonly resource: DeclaredResource;
  readonly scope: 'Namespaced' | 'Cluster';
  /** Versions of the API that it serves. */
  readonly versions: readonly string[];
}

/** What tells kinds of object apart, in whatever version: `Deployment.apps`, `Pod.`. */
export function kindKey(resource: Pick<ResourceDocument, 'apiVersion' | 'kind'>): string {
  return `${resource.kind}.${apiGroup(resource)}`;
}

/** Definitions by the {@link kindKey} of what they define; the first where there are several. */
export function definitionsOf({ resources }: Site): ReadonlyMap<string, Definition> {
  const definitions = new Map<string, Definition>();
  for (const resource of resources) {
    const { value } = resource.document;
    if (kindKey(value) !== 'CustomResourceDefinition.apiextensions.k8s.io') continue;
    const key = `${textAt(value, 'spec', 'names', 'kind')}.${textAt(value, 'spec', 'group')}`;
    if (definitions.has(key)) continue;
    const scope = textAt(value, 'spec', 'scope') === 'Cluster' ? 'Cluster' : 'Namespaced';
    const served = listAt(value, 'spec', 'versions').filter((version) => valueAt(version, 'served') === true);
    const versions = served.flatMap((version) => textAt(version, 'name') ?? []);
    definitions.set(key, { resource, scope, versions });
  }
  return definitions;
}
