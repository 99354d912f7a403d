import type { Rule } from '../rule.ts';

/** API version, kinds of it (all where none are named), the minor version of Kubernetes 1 that lost them, what to write. */
type Removal = readonly [apiVersion: string, kinds: readonly string[], minor: number, instead: string];

/** From the deprecation guide of Kubernetes. */
const removals: readonly Removal[] = [
  ['extensions/v1beta1', ['DaemonSet', 'Deployment', 'ReplicaSet'], 16, 'apps/v1'],
  ['extensions/v1beta1', ['NetworkPolicy'], 16, 'networking.k8s.io/v1'],
  ['extensions/v1beta1', ['Ingress'], 22, 'networking.k8s.io/v1'],
  ['extensions/v1beta1', ['PodSecurityPolicy'], 16, ''],
  ['apps/v1beta1', [], 16, 'apps/v1'],
  ['apps/v1beta2', [], 16, 'apps/v1'],
  [
    'admissionregistration.k8s.io/v1beta1',
    ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    22,
    'admissionregistration.k8s.io/v1',
  ],
  ['apiextensions.k8s.io/v1beta1', [], 22, 'apiextensions.k8s.io/v1'],
  ['apiregistration.k8s.io/v1beta1', [], 22, 'apiregistration.k8s.io/v1'],
  ['certificates.k8s.io/v1beta1', ['CertificateSigningRequest'], 22, 'certificates.k8s.io/v1'],
  ['coordination.k8s.io/v1beta1', ['Lease'], 22, 'coordination.k8s.io/v1'],
  ['networking.k8s.io/v1beta1', ['Ingress', 'IngressClass'], 22, 'networking.k8s.io/v1'],
  ['rbac.authorization.k8s.io/v1beta1', [], 22, 'rbac.authorization.k8s.io/v1'],
  ['scheduling.k8s.io/v1beta1', ['PriorityClass'], 22, 'scheduling.k8s.io/v1'],
  ['storage.k8s.io/v1beta1', ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'], 22, 'storage.k8s.io/v1'],
  ['autoscaling/v2beta1', [], 25, 'autoscaling/v2'],
  ['batch/v1beta1', [], 25, 'batch/v1'],
  ['discovery.k8s.io/v1beta1', [], 25, 'discovery.k8s.io/v1'],
  ['events.k8s.io/v1beta1', [], 25, 'events.k8s.io/v1'],
  ['node.k8s.io/v1beta1', [], 25, 'node.k8s.io/v1'],
  ['policy/v1beta1', ['PodDisruptionBudget'], 25, 'policy/v1'],
  ['policy/v1beta1', ['PodSecurityPolicy'], 25, ''],
  ['autoscaling/v2beta2', [], 26, 'autoscaling/v2'],
  ['flowcontrol.apiserver.k8s.io/v1beta1', [], 26, 'flowcontrol.apiserver.k8s.io/v1'],
  ['storage.k8s.io/v1beta1', ['CSIStorageCapacity'], 27, 'storage.k8s.io/v1'],
  ['flowcontrol.apiserver.k8s.io/v1beta2', [], 29, 'flowcontrol.apiserver.k8s.io/v1'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', [], 32, 'flowcontrol.apiserver.k8s.io/v1'],
];

/** The cluster refuses what it does not know any more. */
export const removedApis: Rule = {
  id: 'BERTH-617',
  title: "no resource is of an API that the cluster's version does not have any more",
  *check({ cluster, resources }) {
    if (!cluster) return;
    const minor = Number(cluster.value.version.split('.')[1]);
    for (const { document } of resources) {
      const { apiVersion, kind } = document.value;
      const removal = removals.find(
        ([version, kinds, lost]) =>
          version === apiVersion && lost <= minor && (kinds.length === 0 || kinds.includes(kind)),
      );
      if (!removal) continue;
      const [, , lost, instead] = removal;
      yield {
        place: document.placeOf('apiVersion'),
        message: `Kubernetes has no ${kind} of ${apiVersion} from 1.${lost} on, and the cluster is of ${cluster.value.version}`,
        hint: instead === '' ? 'remove it: nothing takes its place' : `write it as ${instead}; fields may differ, too`,
      };
    }
  },
};
