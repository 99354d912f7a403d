import { addressPlan, nodeAddress, showAddress } from '../../address-plan.ts';
import { counted } from '../../words.ts';
import { keptMachines } from './kept-machines.ts';
import type { Transition } from './transition.ts';

/** Addresses and the AS of a rack follow from its number. */
export const rackNumbers: Transition = {
  id: 'BERTH-906',
  title: 'the number of a rack does not change while machines stand in it',
  *check(base, site) {
    if ([...site.racks].every(([name, rack]) => base.racks.get(name)?.value.rack === rack.value.rack)) return;
    const staying = new Map<string, { count: number; readonly serial: string; readonly slot: number }>();
    for (const { serial, before, after } of keptMachines(base, site)) {
      if (before.rackName !== after.rackName || before.rack.value.rack === after.rack.value.rack) continue;
      const seen = staying.get(after.rackName);
      if (seen) seen.count++;
      else staying.set(after.rackName, { count: 1, serial, slot: before.machine.slot });
    }
    const plan = addressPlan(base.site.value.network);
    for (const [name, { count, serial, slot }] of staying) {
      const rack = site.racks.get(name);
      const old = base.racks.get(name)?.value.rack;
      if (!rack || old === undefined) continue;
      const now = rack.value.rack;
      const [from, to] = [old, now].map((number) => showAddress(nodeAddress(plan, number, slot, 0)));
      yield {
        place: rack.placeOf('rack'),
        message: `rack ${old} would be rack ${now}, and ${counted(count, 'machine')} in it would get other addresses, such as ${serial} ${from} → ${to}`,
        hint: 'give the number back; a rack that is to have another one is emptied first',
      };
    }
  },
};
