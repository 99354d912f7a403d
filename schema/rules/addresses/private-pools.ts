import { network } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';
import { poolsOf } from './pools.ts';
import { specialBlock } from './unicast.ts';

/** RFC 1918, and the shared space of RFC 6598. */
const unrouted = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(network);

/** What faces the outside may well have public addresses. */
const outward = new Set(['loadBalancers', 'egress', 'bastion']);

/** With addresses that are somebody's on the Internet, that somebody cannot be reached from here. */
export const privatePools: Rule = {
  id: 'BERTH-210',
  title: 'pools that only the site sees are of private addresses',
  severity: 'warning',
  *check(site) {
    for (const { name, text, net, place } of poolsOf(site)) {
      if (outward.has(name) || unrouted.some(({ first, last }) => net.first >= first && net.last <= last)) continue;
      if (specialBlock(net)) continue; // BERTH-209 says so.
      yield {
        place: place(),
        message: `${name} ${text} is not all private (RFC 1918) or shared (RFC 6598) address space`,
        hint: 'if it is your own public space, nothing needs to be done; else choose part of 10.0.0.0/8',
      };
    }
  },
};
