import { formatPlace } from '../../diagnostic.ts';
import { contains } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';
import { poolsOf } from './pools.ts';
import { serversOf } from './servers.ts';

const ofTheCluster = new Set(['pods', 'services']);

/** A machine needs them before it is a node, and a cluster that is down needs them to come up. */
export const serversOutsideCluster: Rule = {
  id: 'BERTH-217',
  title: 'servers that machines are given can be reached without the cluster',
  severity: 'warning',
  *check(site) {
    const pools = poolsOf(site);
    for (const { name, text, address, place } of serversOf(site)) {
      const pool = pools.find(({ net }) => contains(net, address));
      if (!pool || !ofTheCluster.has(pool.name)) continue;
      const where = formatPlace(pool.place());
      yield {
        place: place(),
        message: `the ${name} ${text} lies in ${pool.name} ${pool.text} at ${where}, which only nodes of a running cluster reach`,
        hint: 'name one that is there while the first machine boots',
      };
    }
  },
};
