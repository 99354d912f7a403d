import { network } from '../../ipv4.ts';
import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** The default of podsPerNode, which is that of Kubernetes. */
const defaultPodsPerNode = 110;

/** Each node gets a range of its own, whose size is a power of two; the node that gets none runs no pods. */
export const podAddresses: Rule = {
  id: 'BERTH-604',
  title: 'the pod pool has a range for every node',
  *check(site) {
    if (!site.cluster) return;
    const podsPerNode = site.cluster.value.podsPerNode ?? defaultPodsPerNode;
    const rangeSize = 2 ** Math.ceil(Math.log2(podsPerNode));
    const { pods } = site.site.value.network;
    const { first, last } = network(pods);
    const ranges = Math.floor((last - first + 1) / rangeSize);
    let nodes = 0;
    for (const { machine } of declaredMachines(site)) if (site.roles.get(machine.role)?.value.kubernetes) nodes++;
    if (nodes <= ranges) return;
    yield {
      place: site.site.placeOf('network', 'pods'),
      message: `${pods} has ranges of ${rangeSize} addresses for ${ranges} nodes, but the site has ${nodes} (podsPerNode is ${podsPerNode})`,
      hint: 'enlarge network.pods, or lower podsPerNode in kubernetes/cluster.yaml',
    };
  },
};
