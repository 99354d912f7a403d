import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';

/** The rack's number makes its addresses and its AS. */
export const uniqueRacks: Rule = {
  id: 'BERTH-105',
  title: 'rack numbers are unique',
  check: (site) => doubled(numbers(site), 'the rack number', 'give the rack a free number'),
};

function* numbers(site: Site): Generator<Occurrence> {
  for (const rack of site.racks.values()) yield { key: String(rack.value.rack), place: () => rack.placeOf('rack') };
}
