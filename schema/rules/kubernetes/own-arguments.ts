import type { ClusterDocument } from '../../types/cluster.ts';
import type { Rule } from '../rule.ts';

type Component = 'apiServer' | 'controllerManager' | 'scheduler' | 'kubelet';

/** What berth sets itself, and what to change instead; empty where it is not for people to change. */
type OwnArguments = Readonly<Record<string, string>>;

const services = 'network.services in site.yaml';
const pods = 'network.pods in site.yaml';
const perNode = 'podsPerNode in kubernetes/cluster.yaml';
const serving: OwnArguments = { 'tls-cert-file': '', 'tls-private-key-file': '', 'client-ca-file': '' };
const kubeconfigs: OwnArguments = { kubeconfig: '', 'authentication-kubeconfig': '', 'authorization-kubeconfig': '' };

const byComponent: Readonly<Record<Component, OwnArguments>> = {
  apiServer: {
    ...serving,
    'advertise-address': '',
    'authorization-mode': '',
    'encryption-provider-config': '',
    'etcd-cafile': '',
    'etcd-certfile': '',
    'etcd-keyfile': '',
    'etcd-prefix': '',
    'etcd-servers': '',
    'kubelet-certificate-authority': '',
    'kubelet-client-certificate': '',
    'kubelet-client-key': '',
    'proxy-client-cert-file': '',
    'proxy-client-key-file': '',
    'requestheader-allowed-names': '',
    'requestheader-client-ca-file': '',
    'requestheader-extra-headers-prefix': '',
    'requestheader-group-headers': '',
    'requestheader-username-headers': '',
    'secure-port': '',
    'service-account-issuer': 'clusterDomain in kubernetes/cluster.yaml',
    'service-account-key-file': '',
    'service-account-signing-key-file': '',
    'service-cluster-ip-range': services,
  },
  controllerManager: {
    ...serving,
    ...kubeconfigs,
    'allocate-node-cidrs': '',
    'cluster-cidr': pods,
    'cluster-name': 'name in kubernetes/cluster.yaml',
    'cluster-signing-cert-file': '',
    'cluster-signing-key-file': '',
    'leader-elect': '',
    'node-cidr-mask-size': perNode,
    'node-cidr-mask-size-ipv4': perNode,
    'root-ca-file': '',
    'service-account-private-key-file': '',
    'service-cluster-ip-range': services,
    'use-service-account-credentials': '',
  },
  scheduler: { ...serving, ...kubeconfigs, config: '', 'leader-elect': '' },
  kubelet: {
    ...serving,
    'bootstrap-kubeconfig': '',
    'cluster-dns': 'clusterDns in kubernetes/cluster.yaml',
    'cluster-domain': 'clusterDomain in kubernetes/cluster.yaml',
    config: '',
    'container-runtime-endpoint': '',
    'hostname-override': '',
    kubeconfig: '',
    'max-pods': perNode,
    'node-ip': '',
    'node-labels': 'labels of the role or the machine',
    'pod-cidr': pods,
    'pod-manifest-path': '',
    'register-with-taints': 'taints of the role or the machine',
    'rotate-certificates': '',
  },
};
const components = Object.keys(byComponent) as Component[];

/** Two values for one flag: which of them holds would depend on their order. */
export const ownArguments: Rule = {
  id: 'BERTH-614',
  title: 'extraArguments set nothing that berth sets itself',
  *check({ cluster }) {
    if (!cluster) return;
    for (const component of components) {
      const own = byComponent[component];
      for (const name of Object.keys(extraArguments(cluster.value, component))) {
        if (!Object.hasOwn(own, name)) continue;
        const instead = own[name];
        yield {
          place: cluster.placeOfKey(component, 'extraArguments', name),
          message: `${component} is given ${name}, which berth sets itself`,
          hint: instead ? `change ${instead}` : 'remove it',
        };
      }
    }
  },
};

function extraArguments(cluster: ClusterDocument, component: Component): Readonly<Record<string, string>> {
  return cluster[component]?.extraArguments ?? {};
}
