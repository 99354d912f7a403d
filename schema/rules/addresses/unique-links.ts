import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';

/** The link id makes the /31 of a link between a spine and a ToR. */
export const uniqueLinks: Rule = {
  id: 'BERTH-205',
  title: 'ids of spine links are unique',
  check: (site) => doubled(links(site), 'the link id', 'take the next free id; ids need no order'),
};

function* links(site: Site): Generator<Occurrence> {
  for (const rack of site.racks.values()) {
    for (const [index, tor] of rack.value.tors.entries()) {
      for (const [spine, id] of Object.entries(tor.links)) {
        yield { key: String(id), place: () => rack.placeOf('tors', index, 'links', spine) };
      }
    }
  }
}
