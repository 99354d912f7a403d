import type { Rule } from '../rule.ts';
import { doubled } from '../unique.ts';
import { namesInCluster } from './scopes.ts';

/** Of two objects with one name, the later one would overwrite the earlier at every turn. */
export const uniqueResources: Rule = {
  id: 'BERTH-607',
  title: 'every resource stands once',
  *check(site) {
    const nameOf = namesInCluster(site);
    const occurrences = site.resources.map(({ document }) => {
      return { key: nameOf(document.value), place: () => document.placeOf('metadata', 'name') };
    });
    yield* doubled(occurrences, 'the name', 'remove one of the two, or rename it');
  },
};
