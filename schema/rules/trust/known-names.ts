import type { Rule } from '../rule.ts';
import { trustFaults } from './site-trust.ts';

/** A misspelt member could change less than is said; a threshold for a misspelt group would be out of reach. */
export const knownNames: Rule = {
  id: 'BERTH-808',
  title: 'members and groups that trust/signers.yaml names are in it',
  check: (site) => trustFaults(site, 'unknown-name'),
};
