import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** What a machine with one card loses with one ToR, others keep. */
export const cardPerTor: Rule = {
  id: 'BERTH-316',
  title: 'a machine has a card for each ToR of its rack',
  severity: 'warning',
  *check(site) {
    const tors = site.site.value.network.node.rangesPerRack - 1; // More of them are BERTH-302's.
    for (const { rack, index, machine } of declaredMachines(site)) {
      const missing = rack.value.tors.slice(machine.macs.length, tors);
      if (missing.length === 0) continue;
      yield {
        place: rack.placeOf('machines', index, 'macs'),
        message: `${machine.serial} has no card for ${missing.map(({ name }) => name).join(', ')}`,
        hint: 'list the MAC address of each card, in the order of the ToRs',
      };
    }
  },
};
