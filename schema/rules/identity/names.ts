// The names that site.yaml and racks give to switches and boot servers.
import type { Site } from '../../load.ts';
import type { Occurrence } from '../unique.ts';

export function* namesOf(site: Site): Generator<Occurrence> {
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
