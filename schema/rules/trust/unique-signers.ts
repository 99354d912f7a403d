import type { Rule } from '../rule.ts';
import { trustFaults } from './site-trust.ts';

/**
 * A key that stands twice hides whose it is; of two groups of a name, thresholds could mean either. Who may change a
 * list of signers could enter a key of their own in the name of somebody who may do more.
 */
export const uniqueSigners: Rule = {
  id: 'BERTH-801',
  title: 'every key and every group has one entry, and every name one file',
  check: (site) => trustFaults(site, 'doubled-key', 'doubled-group', 'taken-name'),
};
