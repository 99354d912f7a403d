import { resourceName } from '../../resource-name.ts';
import type { Rule } from '../rule.ts';
import { doubled } from '../unique.ts';
import { scopesOf } from './scopes.ts';

/** Of two objects with one name, the later one would overwrite the earlier at every turn. */
export const uniqueResources: Rule = {
  id: 'BERTH-607',
  title: 'every resource stands once',
  *check(site) {
    const scopeOf = scopesOf(site);
    const occurrences = site.resources.map(({ document }) => {
      const { value } = document;
      const { namespace, ...names } = value.metadata;
      const scope = scopeOf(value);
      // Where Kubernetes puts it, whether that is said or not.
      const home = scope === 'Cluster' ? undefined : (namespace ?? (scope === 'Namespaced' ? 'default' : undefined));
      const metadata = home === undefined ? names : { ...names, namespace: home };
      return { key: resourceName({ ...value, metadata }), place: () => document.placeOf('metadata', 'name') };
    });
    yield* doubled(occurrences, 'the name', 'remove one of the two, or rename it');
  },
};
