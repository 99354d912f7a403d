import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** Slots outside the plan belong to the ToR, the boot server or leases. */
export const machineSlots: Rule = {
  id: 'BERTH-104',
  title: 'slots of machines lie in the range that site.yaml keeps for machines',
  *check(site) {
    const { first, last } = site.site.value.network.node.machineSlots;
    for (const { rack, index, machine } of declaredMachines(site)) {
      if (machine.slot >= first && machine.slot <= last) continue;
      yield {
        place: rack.placeOf('machines', index, 'slot'),
        message: `slot ${machine.slot} of ${machine.serial} is outside the machine slots ${first} to ${last}`,
        hint: 'choose a free slot in that range, or change network.node.machineSlots in site.yaml',
      };
    }
  },
};
