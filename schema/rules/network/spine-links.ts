import { suggest } from '../../suggest.ts';
import type { Rule } from '../rule.ts';

/** Every ToR has a link to every spine, or traffic has paths that fail with one switch. */
export const spineLinks: Rule = {
  id: 'BERTH-303',
  title: 'every ToR is linked to every spine',
  *check(site) {
    const spines = new Set(site.site.value.network.spines);
    for (const rack of site.racks.values()) {
      for (const [index, tor] of rack.value.tors.entries()) {
        for (const spine of Object.keys(tor.links)) {
          if (spines.has(spine)) continue;
          const meant = suggest(spine, spines);
          const hint = meant === null ? 'spines are named in site.yaml' : `did you mean ${meant}?`;
          yield { place: rack.placeOfKey('tors', index, 'links', spine), message: `there is no spine ${spine}`, hint };
        }
        for (const spine of spines) {
          if (Object.hasOwn(tor.links, spine)) continue;
          const message = `${tor.name} has no link to ${spine}`;
          yield { place: rack.placeOf('tors', index, 'links'), message, hint: 'add the spine with a free link id' };
        }
      }
    }
  },
};
