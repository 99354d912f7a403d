import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';
import { doubledOfMany, type Occurrence } from '../unique.ts';

/** A serial is a machine's identity: two entries for one machine would give it two addresses. */
export const uniqueSerials: Rule = {
  id: 'BERTH-101',
  title: 'serials are unique in the site',
  check(site) {
    const keys = Array.from(declaredMachines(site), ({ machine }) => machine.serial);
    return doubledOfMany(keys, () => serials(site), 'the serial', 'remove one of the two, or correct its serial');
  },
};

function* serials(site: Site): Generator<Occurrence> {
  for (const { rack, index, machine } of declaredMachines(site)) {
    yield { key: machine.serial, place: () => rack.placeOf('machines', index, 'serial') };
  }
}
