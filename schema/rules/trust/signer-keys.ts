import type { Rule } from '../rule.ts';
import { trustFaults } from './site-trust.ts';

/** Boot servers refuse every commit that follows a trust/signers.yaml with a key that they cannot use. */
export const signerKeys: Rule = {
  id: 'BERTH-802',
  title: 'the key of every signer is one that signatures can be checked with',
  check: (site) => trustFaults(site, 'one-key', 'unusable-key', 'missing-file', 'private-key', 'unusable-file'),
};
