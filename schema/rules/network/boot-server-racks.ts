import type { Rule } from '../rule.ts';

/** A boot server's addresses follow from its rack, where it has the one slot kept for it. */
export const bootServerRacks: Rule = {
  id: 'BERTH-304',
  title: 'each boot server stands in a rack of its own, and one at least takes part',
  *check(site) {
    const racks = new Set([...site.racks.values()].map((rack) => rack.value.rack));
    const { bootServers } = site.site.value;
    const byRack = new Map<number, string>();
    for (const [index, { name, rack }] of bootServers.entries()) {
      const place = site.site.placeOf('bootServers', index, 'rack');
      if (!racks.has(rack)) {
        yield { place, message: `${name} stands in rack ${rack}, which no file in racks/ declares` };
      }
      const other = byRack.get(rack);
      if (other !== undefined) {
        const message = `${name} and ${other} stand in rack ${rack} both`;
        yield { place, message, hint: 'a rack has addresses for one boot server' };
      }
      byRack.set(rack, name);
    }
    if (bootServers.some(({ joined }) => joined)) return;
    const message = 'no boot server has joined';
    yield { place: site.site.placeOf('bootServers'), message, hint: 'set joined: true on those that serve' };
  },
};
