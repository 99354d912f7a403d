import type { Rule } from '../rule.ts';

/**
 * No rack reaches another one while the only spine is away, for an upgrade of its software say. A single rack has no
 * other to reach.
 */
export const spinePairs: Rule = {
  id: 'BERTH-311',
  title: 'there are two spines at least',
  severity: 'warning',
  *check({ site, racks }) {
    const { spines } = site.value.network;
    if (spines.length > 1 || racks.size < 2) return;
    yield {
      place: site.placeOf('network', 'spines'),
      message: `${spines[0]} is the only spine: racks are cut off from each other while it is away`,
      hint: 'add a second spine, and a link to it from each ToR',
    };
  },
};
