import { addressPlan, showAddress } from '../../address-plan.ts';
import type { Rule } from '../rule.ts';

/** A range is a network with a prefix length: begun elsewhere than at a multiple of its size, it would be two halves. */
export const rangeAlignment: Rule = {
  id: 'BERTH-207',
  title: 'ranges of node addresses begin at multiples of their size',
  *check(site) {
    const { nodeBase, rangeSize } = addressPlan(site.site.value.network);
    if (nodeBase % rangeSize === 0) return;
    yield {
      place: site.site.placeOf('network', 'node', 'offset'),
      message: `the first range would begin at ${showAddress(nodeBase)}, no multiple of ${rangeSize} addresses`,
      hint: `choose an offset that is a multiple of ${rangeSize} addresses`,
    };
  },
};
