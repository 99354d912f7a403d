import { addressPlan, bmcAddress } from '../../address-plan.ts';
import { formatIpv4, type Ipv4, type Network } from '../../ipv4.ts';
import { declaredMachines } from '../../machines.ts';
import type { Finding, Rule } from '../rule.ts';

/** The pool of BMCs is one network: its first and last address are no host's, and its gateway has one of the others. */
export const bmcAddresses: Rule = {
  id: 'BERTH-206',
  title: 'BMCs and their gateway have addresses that hosts may have',
  *check(site): Generator<Finding> {
    const plan = addressPlan(site.site.value.network);
    const pool = site.site.value.network.bmc.pool;
    const gatewayUse = reservedUse(plan.bmcPool, plan.bmcGateway);
    if (gatewayUse !== null) {
      yield {
        place: site.site.placeOf('network', 'bmc', 'gateway'),
        message: `the gateway ${formatIpv4(plan.bmcGateway)} is the ${gatewayUse} address of the BMC pool ${pool}`,
        hint: 'choose an address in between',
      };
    }
    for (const { rack, index, machine } of declaredMachines(site)) {
      const address = bmcAddress(plan, rack.value.rack, machine.slot);
      const use = address === plan.bmcGateway ? 'gateway' : reservedUse(plan.bmcPool, address);
      if (use === null) continue;
      yield {
        place: rack.placeOf('machines', index, 'slot'),
        message: `the BMC of ${machine.serial} would get ${formatIpv4(address)}, the ${use} address of the BMC pool ${pool}`,
        hint: 'choose another slot, or change network.bmc in site.yaml',
      };
    }
  },
};

function reservedUse({ first, last }: Network, address: Ipv4): string | null {
  if (address === first) return 'network';
  return address === last ? 'broadcast' : null;
}
