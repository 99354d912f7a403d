import { patternFault } from '../../trust-paths.ts';
import type { Rule } from '../rule.ts';
import { signerPatterns, thresholdPatterns } from './patterns.ts';

/** Boot servers refuse a commit whose trust/signers.yaml has another kind of pattern. */
export const wellFormedPatterns: Rule = {
  id: 'BERTH-806',
  title: 'paths in trust/signers.yaml are files, folders ending in /, or **',
  *check(site) {
    for (const { pattern, path, who } of [...signerPatterns(site), ...thresholdPatterns(site)]) {
      const fault = patternFault(pattern);
      if (fault === null) continue;
      yield {
        place: site.signers.placeOf(...path),
        message: `${who} has the path ${pattern}: ${fault}`,
        hint: 'write racks/r0.yaml, racks/ or **; there are no wildcards inside a path',
      };
    }
  },
};
