import { resourceName } from '../../resource-name.ts';
import type { Rule } from '../rule.ts';
import { scopesOf } from './scopes.ts';

/** What says no namespace lands in `default`, which is rarely meant. */
export const saidNamespaces: Rule = {
  id: 'BERTH-613',
  severity: 'warning',
  title: 'a resource says which namespace it lies in',
  *check(site) {
    const scopeOf = scopesOf(site);
    for (const { document } of site.resources) {
      if (document.value.metadata.namespace !== undefined || scopeOf(document.value) !== 'Namespaced') continue;
      yield {
        place: document.placeOf('metadata'),
        message: `${resourceName(document.value)} does not say its namespace, and so lands in default`,
        hint: 'add metadata.namespace; write default if that is meant',
      };
    }
  },
};
