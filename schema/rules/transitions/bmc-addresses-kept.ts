import { addressPlan, bmcAddress, showAddress } from '../../address-plan.ts';
import { counted } from '../../words.ts';
import { keptMachines } from './kept-machines.ts';
import type { Transition } from './transition.ts';

/** A BMC that is not where berth thinks it is cannot be asked for power any more, or another one is asked. */
export const bmcAddressesKept: Transition = {
  id: 'BERTH-905',
  title: 'the formula of BMC addresses does not change under machines that stay',
  *check(base, site) {
    const [before, after] = [addressPlan(base.site.value.network), addressPlan(site.site.value.network)];
    if (before.bmcBase === after.bmcBase && before.bmcRangeSize === after.bmcRangeSize) return;
    let count = 0;
    let example = '';
    for (const { serial, before: old } of keptMachines(base, site)) {
      const [from, to] = [before, after].map((plan) => bmcAddress(plan, old.rack.value.rack, old.machine.slot));
      if (from === undefined || to === undefined || from === to) continue;
      count++;
      if (example === '') example = `${serial} ${showAddress(from)} → ${showAddress(to)}`;
    }
    if (count === 0) return;
    const [old, now] = [base.site.value.network.bmc, site.site.value.network.bmc];
    const path = (['pool', 'offset', 'rangeBits'] as const).find((key) => old[key] !== now[key]) ?? 'pool';
    yield {
      place: site.site.placeOf('network', 'bmc', path),
      message: `${counted(count, 'BMC')} would get other addresses, such as that of ${example}`,
      hint: 'BMCs take another address only when their machines boot: put it back as it was',
    };
  },
};
