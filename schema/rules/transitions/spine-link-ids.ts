import { addressPlan, linkAddresses, showAddress } from '../../address-plan.ts';
import type { Transition } from './transition.ts';

/** A link's addresses follow from its id: with another one, the BGP session over it is down until both ends follow. */
export const spineLinkIds: Transition = {
  id: 'BERTH-910',
  title: 'spine links that stay keep their id',
  severity: 'warning',
  *check(base, site) {
    const plan = addressPlan(base.site.value.network);
    for (const [name, rack] of site.racks) {
      const tors = new Map(base.racks.get(name)?.value.tors.map((tor) => [tor.name, tor]));
      for (const [index, tor] of rack.value.tors.entries()) {
        const links = new Map(Object.entries(tors.get(tor.name)?.links ?? {}));
        for (const [spine, id] of Object.entries(tor.links)) {
          const old = links.get(spine);
          if (old === undefined || old === id) continue;
          const [from, to] = [old, id].map((each) => showAddress(linkAddresses(plan, each).tor));
          yield {
            place: rack.placeOf('tors', index, 'links', spine),
            message: `the link of ${tor.name} to ${spine} was ${old} and is ${id} now: ${from} → ${to}`,
            hint: 'give the id back, and take a free one for the link that is new',
          };
        }
      }
    }
  },
};
