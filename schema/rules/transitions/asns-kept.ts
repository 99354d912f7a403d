import { racksInOrder } from '../../machines.ts';
import { counted } from '../../words.ts';
import type { Transition } from './transition.ts';

/** Both ends of a BGP session name the other's AS: no session comes up until every switch and machine has followed. */
export const asnsKept: Transition = {
  id: 'BERTH-918',
  title: 'autonomous systems do not change under racks that stay',
  *check(base, site) {
    const staying = racksInOrder(base).filter(([name]) => site.racks.has(name));
    const [first] = staying;
    if (!first) return;
    const [old, now] = [base.site.value.network.asn, site.site.value.network.asn];
    const racks = counted(staying.length, 'rack');
    const { rack } = first[1].value;
    const changes = {
      rackBase: `${racks} would get another AS, such as rack ${rack} ${old.rackBase + rack} → ${now.rackBase + rack}`,
      spine: `the AS of the spines was ${old.spine} and is ${now.spine} now, with ${racks} connected to them`,
      core: `the AS of the core was ${old.core} and is ${now.core} now, with ${racks} behind it`,
    };
    for (const key of ['rackBase', 'spine', 'core'] as const) {
      if (old[key] === now[key]) continue;
      const hint = 'put it back; berth has no way to change it in steps';
      yield { place: site.site.placeOf('network', 'asn', key), message: changes[key], hint };
    }
  },
};
