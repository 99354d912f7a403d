import type { Site } from '../../load.ts';
import { covers, patternFault } from '../../trust-paths.ts';
import type { Finding, Rule } from '../rule.ts';
import { signerPatterns, thresholdPatterns } from './patterns.ts';

/** Signatures that a commit carries. */
const mostSignatures = 1;

/** A threshold that no commit reaches closes its paths for good; boot servers refuse such a file. */
export const reachableThresholds: Rule = {
  id: 'BERTH-805',
  title: 'thresholds can be reached',
  *check(site): Generator<Finding> {
    for (const [index, { signatures, paths }] of (site.signers.value.thresholds ?? []).entries()) {
      if (signatures <= mostSignatures) continue;
      yield {
        place: site.signers.placeOf('thresholds', index, 'signatures'),
        message: `a commit carries one signature, so that none ever has the ${signatures} asked for at ${paths.join(', ')}`,
        hint: 'lower it to 1, and let the review on your Git host ask for a second person',
      };
    }
    for (const { pattern, path } of thresholdPatterns(site)) {
      if (patternFault(pattern) !== null || isReachable(site, pattern)) continue;
      yield {
        place: site.signers.placeOf(...path),
        message: `there is a threshold for ${pattern}, but no signer who may change it`,
        hint: 'give a signer the path, or remove it here',
      };
    }
  },
};

/** Whether somebody may change all of it or a part. */
function isReachable(site: Site, pattern: string): boolean {
  for (const { pattern: own } of signerPatterns(site)) {
    if (covers(own, pattern) || covers(pattern, own)) return true;
  }
  return false;
}
