import { declaredMachines } from '../../machines.ts';
import type { Finding, Rule } from '../rule.ts';

/** No frame comes from such an address, so DHCP never sees the machine (IEEE 802: the lowest bit of the first octet). */
export const cardMacs: Rule = {
  id: 'BERTH-108',
  title: 'MAC addresses are of single cards, and not all zero',
  *check(site): Generator<Finding> {
    for (const { rack, index, machine } of declaredMachines(site)) {
      const { serial, macs, bmc } = machine;
      for (const [card, mac] of macs.entries()) {
        const wrong = faultOf(mac);
        if (wrong === null) continue;
        const message = `${mac} of ${serial} is ${wrong}`;
        yield { place: rack.placeOf('machines', index, 'macs', card), message, hint };
      }
      const wrong = bmc.mac === undefined ? null : faultOf(bmc.mac);
      if (wrong === null) continue;
      const message = `${bmc.mac} of the BMC of ${serial} is ${wrong}`;
      yield { place: rack.placeOf('machines', index, 'bmc', 'mac'), message, hint };
    }
  },
};

const hint = 'read it off the card, or off its label';

function faultOf(mac: string): string | null {
  if (mac === '00:00:00:00:00:00') return 'no address: it is all zero';
  if (mac === 'ff:ff:ff:ff:ff:ff') return 'the broadcast address';
  // The second digit is odd when the lowest bit of the octet is set.
  return '13579bdf'.includes(mac.charAt(1)) ? 'a multicast address' : null;
}
