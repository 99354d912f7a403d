import { declaredMachines } from '../../machines.ts';
import type { Finding, Rule } from '../rule.ts';

/** Each ToR serves a range of its own, and each card of a machine is wired to a ToR of its own. */
export const torRanges: Rule = {
  id: 'BERTH-302',
  title: 'a rack has a range for each ToR, and a ToR for each card',
  *check(site): Generator<Finding> {
    const ranges = site.site.value.network.node.rangesPerRack;
    for (const rack of site.racks.values()) {
      const tors = rack.value.tors.length;
      if (tors === ranges - 1) continue;
      yield {
        place: rack.placeOf('tors'),
        message: `the rack has ${tors} ToRs, but rangesPerRack ${ranges} is for ${ranges - 1}`,
        hint: 'one range is for the /32 node addresses, one more for each ToR',
      };
    }
    for (const { rack, index, machine } of declaredMachines(site)) {
      if (machine.macs.length <= rack.value.tors.length) continue;
      yield {
        place: rack.placeOf('machines', index, 'macs'),
        message: `${machine.serial} has ${machine.macs.length} cards, but the rack has ${rack.value.tors.length} ToRs`,
        hint: 'list only the cards that boot, the first wired to the first ToR',
      };
    }
  },
};
