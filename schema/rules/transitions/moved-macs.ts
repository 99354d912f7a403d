import { machinesBySerial } from './kept-machines.ts';
import type { Transition } from './transition.ts';

/** Network cards tell who asks for an address: when one moves, one of the two machines boots as the other. */
export const movedMacs: Transition = {
  id: 'BERTH-919',
  title: 'a network card does not move from one machine to another',
  severity: 'warning',
  *check(base, site) {
    const [before, now] = [machinesBySerial(base), machinesBySerial(site)];
    const changed = [...now.values()].filter(({ machine: { serial, macs } }) => {
      const old = before.get(serial)?.machine.macs;
      return old?.length !== macs.length || macs.some((mac, index) => mac !== old[index]);
    });
    if (changed.length === 0) return;
    const owners = new Map<string, string>();
    for (const { machine } of before.values()) for (const mac of machine.macs) owners.set(mac, machine.serial);
    for (const { rack, index, machine } of changed) {
      const card = machine.macs.findIndex((mac) => (owners.get(mac) ?? machine.serial) !== machine.serial);
      const mac = machine.macs[card];
      const owner = mac === undefined ? undefined : owners.get(mac);
      if (owner === undefined) continue;
      const replaced = !now.has(owner);
      yield {
        place: rack.placeOf('machines', index, 'macs', card),
        message: `${mac} was a card of ${owner}${replaced ? ', which is gone,' : ''} and is one of ${machine.serial} now`,
        hint: replaced
          ? `was the mainboard of ${owner} replaced? then all is well; else correct the serial`
          : 'if no card was moved, put each machine and its cards back together',
      };
    }
  },
};
