import type { Rule } from '../rule.ts';
import { wholeAndParts } from './pool-parts.ts';

/** Answers to an address outside of the whole pool find no way back. */
export const egressPools: Rule = {
  id: 'BERTH-212',
  title: 'egress pools are parts of egress that do not overlap',
  check: (site) => wholeAndParts(site, 'egress', 'egressPools'),
};
