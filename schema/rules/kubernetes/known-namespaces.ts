import { resourceName } from '../../resource-name.ts';
import { suggest } from '../../suggest.ts';
import type { Rule } from '../rule.ts';
import { declaredNamespaces, ownNamespaces } from './namespaces.ts';
import { scopesOf } from './scopes.ts';

/** Kubernetes takes nothing into a namespace that is not there. */
export const knownNamespaces: Rule = {
  id: 'BERTH-609',
  title: 'the namespace of a resource is declared',
  *check(site) {
    const scopeOf = scopesOf(site);
    const known = [...ownNamespaces, ...declaredNamespaces(site).keys()];
    const namespaces = new Set(known);
    for (const { document } of site.resources) {
      const { namespace } = document.value.metadata;
      if (namespace === undefined || namespaces.has(namespace) || scopeOf(document.value) === 'Cluster') continue;
      const meant = suggest(namespace, known);
      yield {
        place: document.placeOf('metadata', 'namespace'),
        message: `${resourceName(document.value)} lies in the namespace ${namespace}, which nothing here declares`,
        hint: meant === null ? 'add a Namespace in the same folder or an earlier one' : `did you mean ${meant}?`,
      };
    }
  },
};
