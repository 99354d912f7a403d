import { formatPlace } from '../../diagnostic.ts';
import { contains, ipv4 } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';
import { poolsOf } from './pools.ts';

/** Healthy control plane nodes announce it as a /32: whatever else had it would be cut off, or take its traffic. */
export const apiServer: Rule = {
  id: 'BERTH-213',
  title: 'the address of the Kubernetes API lies in no pool',
  *check(site) {
    const { apiServer: text } = site.site.value.network;
    if (text === undefined) return;
    const pool = poolsOf(site).find(({ net }) => contains(net, ipv4(text)));
    if (!pool) return;
    yield {
      place: site.site.placeOf('network', 'apiServer'),
      message: `apiServer ${text} lies in ${pool.name} ${pool.text} at ${formatPlace(pool.place())}, which may give it to others`,
      hint: 'choose an address that no pool holds',
    };
  },
};
