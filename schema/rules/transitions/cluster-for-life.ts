import type { Place } from '../../diagnostic.ts';
import type { Site } from '../../load.ts';
import type { ClusterDocument } from '../../types/cluster.ts';
import type { Finding } from '../rule.ts';
import type { Transition } from './transition.ts';

/** These stand in certificates, in addresses that pods and services have, and in the configuration of every pod. */
export const clusterForLife: Transition = {
  id: 'BERTH-912',
  title: 'name, domain and address ranges of a cluster never change',
  *check(base, site): Generator<Finding> {
    if (!base.cluster) return;
    const { name } = base.cluster.value;
    if (!site.cluster) {
      const message = `kubernetes/cluster.yaml is gone, and with it the cluster ${name}`;
      yield { place: site.site.placeOf(), message, hint: 'put the file back' };
      return;
    }
    for (const { what, old, now, place } of fixed(base, site, base.cluster.value, site.cluster.value)) {
      if (old === undefined || old === now) continue;
      const change = now === undefined ? 'is gone' : `is ${now} now`;
      const message = `${what} of the cluster ${name} was ${old} and ${change}, but it is for life`;
      yield { place: place(), message, hint: 'put it back; a cluster with another one is a new cluster' };
    }
  },
};

interface Fixed {
  readonly what: string;
  readonly old: string | undefined;
  readonly now: string | undefined;
  readonly place: () => Place;
}

function fixed(base: Site, site: Site, old: ClusterDocument, now: ClusterDocument): readonly Fixed[] {
  const [before, after] = [base.site.value.network, site.site.value.network];
  const inCluster = (key: 'name' | 'clusterDomain' | 'clusterDns') => () => (site.cluster ?? site.site).placeOf(key);
  const inNetwork = (key: 'pods' | 'services' | 'apiServer') => () => site.site.placeOf('network', key);
  const [oldDomain, domain] = [old.clusterDomain ?? 'cluster.local', now.clusterDomain ?? 'cluster.local'];
  return [
    { what: 'the name', old: old.name, now: now.name, place: inCluster('name') },
    { what: 'clusterDomain', old: oldDomain, now: domain, place: inCluster('clusterDomain') },
    { what: 'clusterDns', old: old.clusterDns, now: now.clusterDns, place: inCluster('clusterDns') },
    { what: 'network.pods', old: before.pods, now: after.pods, place: inNetwork('pods') },
    { what: 'network.services', old: before.services, now: after.services, place: inNetwork('services') },
    { what: 'network.apiServer', old: before.apiServer, now: after.apiServer, place: inNetwork('apiServer') },
  ];
}
