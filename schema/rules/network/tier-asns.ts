import { formatPlace } from '../../diagnostic.ts';
import type { Rule } from '../rule.ts';

/** BGP drops a route that comes back to its AS: with one number for both, what racks announce ends at the spines. */
export const tierAsns: Rule = {
  id: 'BERTH-307',
  title: 'spines and core have different AS numbers',
  *check({ site }) {
    const { spine, core } = site.value.network.asn;
    if (spine !== core) return;
    yield {
      place: site.placeOf('network', 'asn', 'core'),
      message: `the core is AS ${core}, as are the spines at ${formatPlace(site.placeOf('network', 'asn', 'spine'))}`,
      hint: 'give each its own number',
    };
  },
};
