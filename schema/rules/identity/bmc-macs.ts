import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';

/** DHCP takes a BMC for the machine, or for another one's BMC, whose power is then switched. */
export const bmcMacs: Rule = {
  id: 'BERTH-109',
  title: 'MAC addresses of BMCs are unique, and no card has them',
  check: (site) => doubled(macs(site), 'the MAC address', 'correct one of the two'),
};

/** Cards that have the address of a BMC, each address once (what cards double among themselves is BERTH-102's); then BMCs. */
function* macs(site: Site): Generator<Occurrence> {
  const bmcs = [...occurrencesOfBmcs(site)];
  const left = new Set(bmcs.map(({ key }) => key));
  if (left.size === 0) return;
  for (const { rack, index, machine } of declaredMachines(site)) {
    for (const [card, key] of machine.macs.entries()) {
      if (left.delete(key)) yield { key, place: () => rack.placeOf('machines', index, 'macs', card) };
    }
  }
  yield* bmcs;
}

function* occurrencesOfBmcs(site: Site): Generator<Occurrence> {
  for (const { rack, index, machine } of declaredMachines(site)) {
    const key = machine.bmc.mac;
    if (key !== undefined) yield { key, place: () => rack.placeOf('machines', index, 'bmc', 'mac') };
  }
}
