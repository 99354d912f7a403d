import type { Site } from '../../load.ts';
import { covers } from '../../trust-paths.ts';
import type { Transition } from './transition.ts';

const trustFile = 'trust/signers.yaml';

/** A commit is judged by its parents' signers: when none of today's is left, only new ones can mend what is wrong. */
export const lastSigner: Transition = {
  id: 'BERTH-916',
  title: 'a signer who may change trust/signers.yaml today may do so tomorrow',
  *check(base, site) {
    const today = trustees(base);
    if (today.size === 0) return;
    const tomorrow = trustees(site);
    if ([...today.keys()].some((key) => tomorrow.has(key))) return;
    yield {
      place: site.signers.placeOf('signers'),
      message: `none of those who may change ${trustFile} today would be left: ${[...today.values()].join(', ')}`,
      hint: 'add the new keys first, and remove the old ones in a later commit that a new key has signed',
    };
  },
};

/** Key to name of those whose paths cover the file of signers. */
function trustees(site: Site): ReadonlyMap<string, string> {
  const able = site.signers.value.signers.filter(({ paths }) => paths.some((path) => covers(path, trustFile)));
  return new Map(able.map(({ key, name }) => [key, name]));
}
