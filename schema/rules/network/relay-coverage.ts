import type { Rule } from '../rule.ts';
import { bootServersByNode } from './boot-server-nodes.ts';

/** A boot server that no relay sends to does not help when the others are away; one that has not joined never answers. */
export const relayCoverage: Rule = {
  id: 'BERTH-315',
  title: 'DHCP relays send to every boot server that has joined, and to no other',
  severity: 'warning',
  *check(site) {
    const { bootServers, network } = site.site.value;
    const { dhcpRelay } = network;
    if (!dhcpRelay || !bootServers.some(({ joined }) => joined)) return; // BERTH-304 says that none has.
    const servers = bootServersByNode(site);
    for (const [index, target] of dhcpRelay.targets.entries()) {
      const server = servers.get(target);
      if (!server || server.joined) continue;
      yield {
        place: site.site.placeOf('network', 'dhcpRelay', 'targets', index),
        message: `the relay target ${target} is ${server.name}, which has not joined`,
        hint: `set joined: true when ${server.name} serves, or remove the target`,
      };
    }
    // Whoever serves can hold a VIP; and a target that is nobody's (BERTH-309) may be meant for whom we would miss.
    if (dhcpRelay.targets.some((target) => !servers.has(target))) return;
    const targets = new Set(dhcpRelay.targets);
    for (const [node, { name, joined }] of servers) {
      if (!joined || targets.has(node)) continue;
      yield {
        place: site.site.placeOf('network', 'dhcpRelay', 'targets'),
        message: `relays do not send to ${node}, which is ${name} and has joined`,
        hint: `add ${node}, and set up the ToRs with it`,
      };
    }
  },
};
