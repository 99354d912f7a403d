import type { Rule } from '../rule.ts';

/** Without a cluster nobody applies them, and nobody would notice. */
export const clusterForResources: Rule = {
  id: 'BERTH-618',
  title: 'resources have a cluster',
  *check({ cluster, resources: [first, ...others] }) {
    if (cluster || !first) return;
    const what = others.length === 0 ? 'this resource' : `this resource and ${others.length} more`;
    yield {
      place: first.document.placeOf(),
      message: `nothing applies ${what}: the site has no kubernetes/cluster.yaml`,
      hint: 'add kubernetes/cluster.yaml, or remove kubernetes/resources/',
    };
  },
};
