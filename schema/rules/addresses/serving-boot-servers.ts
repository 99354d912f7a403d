import { addressPlan } from '../../address-plan.ts';
import { contains } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';
import { nodeHolders } from './node-holder.ts';
import { serversOf } from './servers.ts';

/** One that does not take part yet, or no more, may be away at any time. */
export const servingBootServers: Rule = {
  id: 'BERTH-218',
  title: 'boot servers that machines are given as servers have joined',
  severity: 'warning',
  *check(site) {
    const { bootServers, network } = site.site.value;
    if (!bootServers.some(({ joined }) => joined)) return; // BERTH-304 says so.
    const { nodePool } = addressPlan(network);
    const inside = [...serversOf(site)].filter(({ address }) => contains(nodePool, address));
    if (inside.length === 0) return;
    const holderOf = nodeHolders(site);
    for (const { name, text, address, place } of inside) {
      const holder = holderOf(address);
      if (holder.kind !== 'boot server' || holder.server.joined) continue;
      yield {
        place: place(),
        message: `the ${name} ${text} is ${holder.server.name}, which has not joined`,
        hint: `set joined: true when ${holder.server.name} serves, or name another one`,
      };
    }
  },
};
