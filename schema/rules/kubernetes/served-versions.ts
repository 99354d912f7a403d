import { formatPlace } from '../../diagnostic.ts';
import type { Rule } from '../rule.ts';
import { definitionsOf, kindKey } from './definitions.ts';

/** A custom resource is taken only in a version that its definition serves. */
export const servedVersions: Rule = {
  id: 'BERTH-619',
  title: 'a resource is of a version that its definition serves',
  *check(site) {
    const definitions = definitionsOf(site);
    for (const { document } of site.resources) {
      const { apiVersion, kind } = document.value;
      const definition = definitions.get(kindKey(document.value));
      const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
      // That it serves none is for Kubernetes to say.
      if (!definition || definition.versions.length === 0 || definition.versions.includes(version)) continue;
      const where = formatPlace(definition.resource.document.placeOf('spec', 'versions'));
      yield {
        place: document.placeOf('apiVersion'),
        message: `the definition of ${kind} at ${where} serves no version ${version}`,
        hint: `it serves: ${definition.versions.join(', ')}`,
      };
    }
  },
};
