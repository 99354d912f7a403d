import { formatPlace } from '../../diagnostic.ts';
import { resourceName } from '../../resource-name.ts';
import type { Rule } from '../rule.ts';
import { declaredNamespaces, ownNamespaces } from './namespaces.ts';
import { scopesOf } from './scopes.ts';

/** Folders are applied in the order of their names: a new cluster would refuse what comes before its namespace. */
export const namespaceOrder: Rule = {
  id: 'BERTH-610',
  title: 'a namespace is made no later than what lies in it',
  *check(site) {
    const scopeOf = scopesOf(site);
    const namespaces = declaredNamespaces(site);
    for (const { folder, document } of site.resources) {
      const { namespace = '' } = document.value.metadata;
      const made = namespaces.get(namespace);
      if (!made || made.folder <= folder || ownNamespaces.includes(namespace)) continue;
      if (scopeOf(document.value) === 'Cluster') continue;
      const where = formatPlace(made.document.placeOf('metadata', 'name'));
      yield {
        place: document.placeOf('metadata', 'namespace'),
        message: `${resourceName(document.value)} is applied with ${folder}, but its namespace only with ${made.folder}, at ${where}`,
        hint: `move the namespace to ${folder} or an earlier folder`,
      };
    }
  },
};
