import { declaredMachines } from '../../machines.ts';
import type { Transition } from './transition.ts';

/** Full names of machines stand in certificates, in records of DNS and in the heads of those who log in. */
export const domainKept: Transition = {
  id: 'BERTH-909',
  title: 'the domain does not change under machines',
  severity: 'warning',
  *check(base, site) {
    const [old, now] = [base.site.value.domain, site.site.value.domain];
    if (old === now || declaredMachines(base).next().done) return;
    yield {
      place: site.site.placeOf('domain'),
      message: `the domain was ${old} and is ${now} now: every machine gets another full name`,
      hint: 'see that names in DNS and in certificates follow',
    };
  },
};
