import type { Rule } from '../rule.ts';
import { trustFaults } from './site-trust.ts';

/** A key that ends before it begins never counts; a day that is not in the calendar could mean any other one. */
export const keyTimes: Rule = {
  id: 'BERTH-809',
  title: 'times in trust/signers.yaml exist, and keys end after they begin',
  check: (site) => trustFaults(site, 'bad-time'),
};
