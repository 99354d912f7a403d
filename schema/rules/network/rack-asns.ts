import type { Rule } from '../rule.ts';

/** The number after it is reserved (RFC 7300). */
const lastAsn = 4294967294;

/** Rack r is AS rackBase + r; that number may not be used for anything else. */
export const rackAsns: Rule = {
  id: 'BERTH-301',
  title: 'the AS of a rack is free',
  *check(site) {
    const { asn } = site.site.value.network;
    const taken = new Map<number, string>((asn.reserved ?? []).map((number) => [number, 'reserved']));
    taken.set(asn.spine, 'the AS of the spines').set(asn.core, 'the AS of the core');
    for (const rack of site.racks.values()) {
      const number = asn.rackBase + rack.value.rack;
      const use = number > lastAsn ? `past the last one, ${lastAsn}` : taken.get(number);
      if (use === undefined) continue;
      yield {
        place: rack.placeOf('rack'),
        message: `rack ${rack.value.rack} would be AS ${number}, which is ${use}`,
        hint: 'choose another rack number, or change network.asn in site.yaml',
      };
    }
  },
};
