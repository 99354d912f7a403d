import type { Rule } from '../rule.ts';
import { trustFaults } from './site-trust.ts';

/** Boot servers refuse a commit whose trust/signers.yaml has another kind of pattern. */
export const wellFormedPatterns: Rule = {
  id: 'BERTH-806',
  title: 'paths in trust/signers.yaml are files, folders ending in /, or **, with no wildcard but *',
  check: (site) => trustFaults(site, 'bad-pattern'),
};
