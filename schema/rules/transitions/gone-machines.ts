import { machinesBySerial } from './kept-machines.ts';
import type { Transition } from './transition.ts';

/** Lines that go take a machine out of sight, not out of its rack: it would go on running, and nobody would know. */
export const goneMachines: Transition = {
  id: 'BERTH-902',
  title: 'a machine that goes has been retired',
  *check(base, site) {
    const now = machinesBySerial(site);
    for (const { rackName, rack: before, machine } of machinesBySerial(base).values()) {
      const { serial, slot, retire } = machine;
      if (retire || now.has(serial)) continue;
      const rack = site.racks.get(rackName);
      yield {
        place: rack ? rack.placeOf('machines') : site.site.placeOf(),
        message: `${serial}, in slot ${slot} of ${before.file} so far, is gone without having been retired`,
        hint: 'put its lines back with `retire: { reason: … }`, and remove them in a later commit',
      };
    }
  },
};
