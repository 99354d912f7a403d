import type { Rule } from '../rule.ts';

/** What a machine with one card loses with one ToR, others keep. Where a whole rack is cabled so, it is said once. */
export const cardPerTor: Rule = {
  id: 'BERTH-316',
  title: 'a machine has a card for each ToR of its rack',
  severity: 'warning',
  *check(site) {
    const tors = site.site.value.network.node.rangesPerRack - 1; // More of them are BERTH-302's.
    for (const rack of site.racks.values()) {
      const { machines, tors: all } = rack.value;
      const expected = Math.min(all.length, tors);
      const lacking = [...machines.entries()].filter(([, { macs }]) => macs.length < expected);
      const [first] = lacking;
      if (!first) continue;
      const [index, { serial, macs }] = first;
      const others = lacking.length === 1 ? '' : ` and ${lacking.length - 1} more of the rack`;
      const missing = all.slice(macs.length, expected).map(({ name }) => name);
      yield {
        place: rack.placeOf('machines', index, 'macs'),
        message: `${serial}${others} ${others === '' ? 'has' : 'have'} no card for ${missing.join(', ')}`,
        hint: 'list the MAC address of each card, in the order of the ToRs',
      };
    }
  },
};
