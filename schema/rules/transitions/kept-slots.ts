import { addressPlan, nodeAddress, showAddress } from '../../address-plan.ts';
import { type DeclaredMachine, machineName } from '../../machines.ts';
import { keptMachines } from './kept-machines.ts';
import type { Transition } from './transition.ts';

/** A machine that is carried to another slot is another host to everyone who knew it by its address or name. */
export const keptSlots: Transition = {
  id: 'BERTH-907',
  title: 'a machine that stays keeps its rack and slot, or it gets another name and other addresses',
  severity: 'warning',
  *check(base, site) {
    const [plan, next] = [addressPlan(base.site.value.network), addressPlan(site.site.value.network)];
    for (const { serial, before, after } of keptMachines(base, site)) {
      const sameSlot = before.machine.slot === after.machine.slot;
      if (before.rackName === after.rackName && sameSlot) continue;
      const [from, to] = [
        showAddress(nodeAddress(plan, before.rack.value.rack, before.machine.slot, 0)),
        showAddress(nodeAddress(next, after.rack.value.rack, after.machine.slot, 0)),
      ];
      yield {
        place: after.rack.placeOf('machines', after.index, ...(sameSlot ? [] : ['slot'])),
        message: `${serial} was ${nameOf(before)} at ${from} and becomes ${nameOf(after)} at ${to}`,
        hint: 'if it was not carried to another place, put its rack and slot back',
      };
    }
  },
};

function nameOf({ rackName, machine }: DeclaredMachine): string {
  return machineName(rackName, machine.slot);
}
