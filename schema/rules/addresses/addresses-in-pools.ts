import { addressPlan, bmcAddress, linkAddresses, rangeStart, showAddress } from '../../address-plan.ts';
import { contains } from '../../ipv4.ts';
import { declaredMachines } from '../../machines.ts';
import type { Finding, Rule } from '../rule.ts';

/** What the address formula makes lies inside the pool that it is made from. */
export const addressesInPools: Rule = {
  id: 'BERTH-201',
  title: 'every address lies inside its pool',
  *check(site): Generator<Finding> {
    const { network } = site.site.value;
    const plan = addressPlan(network);
    for (const rack of site.racks.values()) {
      const number = rack.value.rack;
      const last = rangeStart(plan, number + 1, 0) - 1;
      if (contains(plan.nodePool, rangeStart(plan, number, 0)) && contains(plan.nodePool, last)) continue;
      const addresses = `${showAddress(rangeStart(plan, number, 0))} to ${showAddress(last)}`;
      yield {
        place: rack.placeOf('rack'),
        message: `rack ${number} would get ${addresses}, outside the node pool ${network.node.pool}`,
        hint: 'choose a lower rack number, or enlarge network.node.pool in site.yaml',
      };
    }
    if (!contains(plan.bmcPool, plan.bmcGateway)) {
      yield {
        place: site.site.placeOf('network', 'bmc', 'gateway'),
        message: `the gateway ${network.bmc.gateway} is outside the BMC pool ${network.bmc.pool}`,
        hint: 'the gateway must lie in the network of the BMCs',
      };
    }
    for (const { rack, index, machine } of declaredMachines(site)) {
      const address = bmcAddress(plan, rack.value.rack, machine.slot);
      if (contains(plan.bmcPool, address)) continue;
      yield {
        place: rack.placeOf('machines', index, 'slot'),
        message: `the BMC of ${machine.serial} would get ${showAddress(address)}, outside the BMC pool ${network.bmc.pool}`,
        hint: 'lower the rack number or the slot, or enlarge network.bmc.pool in site.yaml',
      };
    }
    for (const rack of site.racks.values()) {
      for (const [index, tor] of rack.value.tors.entries()) {
        for (const [spine, id] of Object.entries(tor.links)) {
          const { tor: address } = linkAddresses(plan, id);
          if (contains(plan.spineLinkPool, address)) continue;
          yield {
            place: rack.placeOf('tors', index, 'links', spine),
            message: `link ${id} would get ${showAddress(address)}, outside the pool of spine links ${network.spineLinks}`,
            hint: 'choose a lower link id, or enlarge network.spineLinks in site.yaml',
          };
        }
      }
    }
  },
};
