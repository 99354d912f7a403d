import { counted } from '../../words.ts';
import type { Transition } from './transition.ts';
import { versionChange } from './version-change.ts';

/**
 * What one minor version has written an older one cannot read, and parts of a control plane work together over one step
 * only (https://kubernetes.io/releases/version-skew-policy/).
 */
export const kubernetesMinor: Transition = {
  id: 'BERTH-911',
  title: 'Kubernetes goes up by one minor version at a time, and never down',
  *check(base, site) {
    const change = versionChange(base, site);
    if (!change || change.minors === 0 || change.minors === 1) return;
    const { from, to, minors, minor, place } = change;
    const message =
      minors < 0
        ? `Kubernetes would go down from ${from} to ${to}, which it does not support`
        : `Kubernetes would go from ${from} to ${to} and skip ${counted(minors - 1, 'minor version')}`;
    yield {
      place,
      message,
      hint: minors < 0 ? `stay at 1.${minor} or go up` : `go to a version of 1.${minor + 1} first`,
    };
  },
};
