import { contains, ipv4, network } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';
import { bootServersByNode, hasMisplacedBootServer } from './boot-server-nodes.ts';

/** A relay does not notice that nobody answers: the rack seems to boot, until the others are away. */
export const relayTargets: Rule = {
  id: 'BERTH-309',
  title: 'DHCP relays send to node addresses of boot servers or to their VIPs',
  *check(site) {
    const { dhcpRelay, bootServerVips } = site.site.value.network;
    if (!dhcpRelay) return;
    const vips = network(bootServerVips);
    // One that stands in a rack that is not declared has other addresses than it is to have; BERTH-304 says so.
    if (hasMisplacedBootServer(site)) return;
    const servers = bootServersByNode(site);
    for (const [index, target] of dhcpRelay.targets.entries()) {
      if (servers.has(target) || contains(vips, ipv4(target))) continue;
      const known = [...servers].slice(0, 5).map(([node, { name }]) => `${name} ${node}`);
      yield {
        place: site.site.placeOf('network', 'dhcpRelay', 'targets', index),
        message: `the relay target ${target} is neither a boot server's node address nor in bootServerVips ${bootServerVips}`,
        hint: `the boot servers are ${known.join(', ')}`,
      };
    }
  },
};
