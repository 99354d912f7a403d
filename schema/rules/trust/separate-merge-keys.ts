import type { Rule } from '../rule.ts';
import { trustFaults } from './site-trust.ts';

/** The Git host would sign as that person, and whatever limits merge keys would be void. */
export const separateMergeKeys: Rule = {
  id: 'BERTH-811',
  title: 'a merge key is no key of a signer',
  check: (site) => trustFaults(site, 'merge-and-signer'),
};
