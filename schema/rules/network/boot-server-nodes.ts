// The node addresses of boot servers, which follow from their racks.
import { addressPlan, nodeAddress, showAddress } from '../../address-plan.ts';
import type { Site } from '../../load.ts';
import type { BootServer } from '../../types/site.ts';

/** Each boot server by its node address, in the order in which they are declared; the first one of a rack (BERTH-304). */
export function bootServersByNode({ site }: Site): ReadonlyMap<string, BootServer> {
  const { network, bootServers } = site.value;
  const plan = addressPlan(network);
  const servers = new Map<string, BootServer>();
  for (const server of bootServers) {
    const node = showAddress(nodeAddress(plan, server.rack, network.node.bootServerSlot, 0));
    if (!servers.has(node)) servers.set(node, server);
  }
  return servers;
}

/** Whether one of them stands in a rack that no file declares. */
export function hasMisplacedBootServer({ site, racks }: Site): boolean {
  const numbers = new Set([...racks.values()].map(({ value }) => value.rack));
  return site.value.bootServers.some(({ rack }) => !numbers.has(rack));
}
