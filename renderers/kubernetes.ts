// The Kubernetes cluster of a site and what is applied to it, as pieces of the blueprint.
import type { Digest } from '../schema/canonical.ts';
import type { SiteDocumentFile } from '../schema/document.ts';
import type { Site } from '../schema/load.ts';
import type { BlueprintObject } from '../schema/state/blueprint-object.ts';
import type { ClusterObject } from '../schema/types/cluster-object.ts';
import type { ResourceContent, ResourceObject } from '../schema/types/resource-object.ts';
import type { ClusterPlan } from './blueprint.ts';

/**
 * The cluster of a site, null where it has none.
 * @param add takes in an object of the blueprint and the document that it is made from
 */
export function renderCluster(
  { cluster, resources: declared }: Site,
  add: (object: BlueprintObject, document: SiteDocumentFile<unknown>) => Digest,
): ClusterPlan | null {
  if (!cluster) return null;
  const resources = declared.map(({ folder, document }): ResourceObject => {
    return { kind: 'resource', folder, object: document.value as ResourceContent };
  });
  const digests = resources.map((resource, index) => add(resource, declared[index]?.document ?? cluster));
  const object: ClusterObject = { kind: 'cluster', cluster: { ...cluster.value }, resources: digests };
  return { cluster: object, resources };
}
