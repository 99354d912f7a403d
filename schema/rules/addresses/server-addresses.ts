import { addressPlan } from '../../address-plan.ts';
import { contains } from '../../ipv4.ts';
import { hasMisplacedBootServer } from '../network/boot-server-nodes.ts';
import type { Rule } from '../rule.ts';
import { nodeHolders } from './node-holder.ts';
import { serversOf } from './servers.ts';

/** Where nobody answers, every look-up waits for its time-out. */
export const serverAddresses: Rule = {
  id: 'BERTH-208',
  title: 'servers that machines are given in the node pool are declared',
  *check(site) {
    const { network } = site.site.value;
    const { nodePool } = addressPlan(network);
    const inside = [...serversOf(site)].filter(({ address }) => contains(nodePool, address));
    if (inside.length === 0) return;
    const holderOf = nodeHolders(site);
    const misplaced = hasMisplacedBootServer(site); // BERTH-304 says so.
    for (const { name, text, address, place } of inside) {
      const holder = holderOf(address);
      if (holder.kind !== 'nobody' || (misplaced && holder.mayBeBootServer)) continue;
      yield {
        place: place(),
        message: `the ${name} ${text} lies in the node pool ${network.node.pool}, but is nobody's: ${holder.why}`,
        hint: 'name the address of a boot server, a machine, a ToR, or one outside the node pool',
      };
    }
  },
};
