import { formatPlace } from '../../diagnostic.ts';
import { resourceName } from '../../resource-name.ts';
import type { Rule } from '../rule.ts';
import { definitionsOf, kindKey } from './definitions.ts';

/** A custom resource that comes first is refused: its kind is not known yet. */
export const definitionOrder: Rule = {
  id: 'BERTH-611',
  title: 'a kind of resource is defined no later than it is used',
  *check(site) {
    const definitions = definitionsOf(site);
    for (const { folder, document } of site.resources) {
      const defined = definitions.get(kindKey(document.value))?.resource;
      if (!defined || defined.folder <= folder) continue;
      const where = formatPlace(defined.document.placeOf('metadata', 'name'));
      yield {
        place: document.placeOf('kind'),
        message: `${resourceName(document.value)} is applied with ${folder}, but its kind is defined only with ${defined.folder}, at ${where}`,
        hint: `move the definition to ${folder} or an earlier folder`,
      };
    }
  },
};
