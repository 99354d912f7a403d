import type { Rule } from '../rule.ts';

/** What the cluster runs is pinned by digest, like everything that boots. */
export const knownVersion: Rule = {
  id: 'BERTH-605',
  title: "the cluster's version is pinned in releases.yaml",
  *check({ cluster, releases }) {
    if (!cluster) return;
    const { version } = cluster.value;
    const pinned = Object.keys(releases.value.kubernetes ?? {});
    if (pinned.includes(version)) return;
    yield {
      place: cluster.placeOf('version'),
      message: `the cluster is of version ${version}, which releases.yaml does not pin`,
      hint: pinned.length === 0 ? 'add it to kubernetes: in releases.yaml' : `pinned are: ${pinned.join(', ')}`,
    };
  },
};
