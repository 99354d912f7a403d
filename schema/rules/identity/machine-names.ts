import { formatPlace } from '../../diagnostic.ts';
import { declaredMachines, machineName } from '../../machines.ts';
import type { Rule } from '../rule.ts';
import { namesOf } from './names.ts';

/** They stand side by side in DNS, in status and in configurations. */
export const machineNames: Rule = {
  id: 'BERTH-110',
  title: 'no switch or boot server has the name of a machine',
  *check(site) {
    const taken = new Map([...namesOf(site)].map(({ key, place }) => [key, place]));
    for (const { rackName, rack, index, machine } of declaredMachines(site)) {
      const name = machineName(rackName, machine.slot);
      const other = taken.get(name);
      if (!other) continue;
      yield {
        place: other(),
        message: `${name} is the name of the machine in slot ${machine.slot} at ${formatPlace(rack.placeOf('machines', index, 'slot'))}`,
        hint: 'choose a name that does not look like <rack>-<slot>',
      };
    }
  },
};
