import { contains, ipv4, network } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';
import { serviceFault } from './service-range.ts';

/** Where each node runs a cache of its own for its pods, it mostly has one of these, and no service has. */
const linkLocal = network('169.254.0.0/16');

/** Every pod is told this address; if no service can have it, no pod resolves a name. */
export const clusterDns: Rule = {
  id: 'BERTH-603',
  title: "the address of the cluster's DNS is one that a service can have",
  *check({ site, cluster }) {
    const address = cluster?.value.clusterDns;
    if (!cluster || address === undefined || contains(linkLocal, ipv4(address))) return;
    const { services } = site.value.network;
    const fault = serviceFault(services, ipv4(address));
    if (fault === null) return;
    yield {
      place: cluster.placeOf('clusterDns'),
      message: `clusterDns ${address} ${fault}`,
      hint: 'choose another address of network.services, and give it to the service of the DNS, too',
    };
  },
};
