import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';
import { doubledOfMany, type Occurrence } from '../unique.ts';

/** DHCP knows machines by their MAC addresses. */
export const uniqueMacs: Rule = {
  id: 'BERTH-102',
  title: 'MAC addresses are unique in the site',
  check(site) {
    const keys: string[] = [];
    for (const { machine } of declaredMachines(site)) for (const mac of machine.macs) keys.push(mac);
    return doubledOfMany(keys, () => macs(site), 'the MAC address', 'correct one of the two');
  },
};

function* macs(site: Site): Generator<Occurrence> {
  for (const { rack, index, machine } of declaredMachines(site)) {
    for (const [card, mac] of machine.macs.entries()) {
      yield { key: mac, place: () => rack.placeOf('machines', index, 'macs', card) };
    }
  }
}
