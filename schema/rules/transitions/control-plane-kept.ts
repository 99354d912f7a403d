import type { Transition } from './transition.ts';

/** etcd of the cluster keeps its quorum only when members come and go in small steps, each of which settles. */
export const controlPlaneKept: Transition = {
  id: 'BERTH-913',
  title: 'the control plane keeps its role and changes by at most two members at a time',
  *check(base, site) {
    const old = base.cluster?.value.controlPlane;
    if (!old || !site.cluster) return;
    const now = site.cluster.value.controlPlane;
    if (now.role !== old.role) {
      yield {
        place: site.cluster.placeOf('controlPlane', 'role'),
        message: `the control plane would move from the machines of role ${old.role} to those of ${now.role} at once`,
        hint: `put ${old.role} back: no member of today would be left`,
      };
    }
    if (Math.abs(now.count - old.count) <= 2) return;
    yield {
      place: site.cluster.placeOf('controlPlane', 'count'),
      message: `the control plane would go from ${old.count} members to ${now.count} at once`,
      hint: 'go to 3 first, and on when all of them are healthy',
    };
  },
};
