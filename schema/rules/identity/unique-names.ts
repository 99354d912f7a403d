import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';

/** Switches and boot servers are told apart by name in plans, in status and in configurations. */
export const uniqueNames: Rule = {
  id: 'BERTH-106',
  title: 'spines, ToRs and boot servers have names of their own',
  check: (site) => doubled(names(site), 'the name', 'choose another name'),
};

function* names(site: Site): Generator<Occurrence> {
  const document = site.site;
  for (const [index, name] of document.value.network.spines.entries()) {
    yield { key: name, place: () => document.placeOf('network', 'spines', index) };
  }
  for (const [index, { name }] of document.value.bootServers.entries()) {
    yield { key: name, place: () => document.placeOf('bootServers', index, 'name') };
  }
  for (const rack of site.racks.values()) {
    for (const [index, { name }] of rack.value.tors.entries()) {
      yield { key: name, place: () => rack.placeOf('tors', index, 'name') };
    }
  }
}
