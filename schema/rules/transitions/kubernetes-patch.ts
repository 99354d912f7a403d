import type { Transition } from './transition.ts';
import { versionChange } from './version-change.ts';

/** To take a patch back is possible where the newer one is wrong, and a slip of the keyboard looks the same. */
export const kubernetesPatch: Transition = {
  id: 'BERTH-923',
  title: 'Kubernetes does not go back to an older patch version',
  severity: 'warning',
  *check(base, site) {
    const change = versionChange(base, site);
    if (change === null || change.minors !== 0 || change.patches >= 0) return;
    yield {
      place: change.place,
      message: `Kubernetes would go back from ${change.from} to ${change.to}`,
      hint: 'see in the release notes whether the older one can read what the newer one has written',
    };
  },
};
