import { resourceName } from '../../resource-name.ts';
import type { Rule } from '../rule.ts';
import { scopesOf } from './scopes.ts';

/** A namespace there misleads: the object holds for the whole cluster. */
export const clusterScope: Rule = {
  id: 'BERTH-616',
  title: 'a resource of the whole cluster has no namespace',
  *check(site) {
    const scopeOf = scopesOf(site);
    for (const { document } of site.resources) {
      if (document.value.metadata.namespace === undefined || scopeOf(document.value) !== 'Cluster') continue;
      yield {
        place: document.placeOfKey('metadata', 'namespace'),
        message: `${resourceName(document.value)} says a namespace, but a ${document.value.kind} belongs to the whole cluster`,
        hint: 'remove metadata.namespace',
      };
    }
  },
};
