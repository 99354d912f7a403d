// Which kinds of object lie in a namespace, and which belong to the cluster as a whole.
import type { Site } from '../../load.ts';
import { resourceName } from '../../resource-name.ts';
import type { ResourceDocument } from '../../types/resource.ts';
import { definitionsOf, kindKey } from './definitions.ts';

export type Scope = 'Namespaced' | 'Cluster';

/** Kinds of Kubernetes itself, by API group. */
const namespaced: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'PersistentVolumeClaim', 'Pod', 'PodTemplate'],
    ...['ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
  ],
  apps: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'coordination.k8s.io': ['Lease'],
  'discovery.k8s.io': ['EndpointSlice'],
  'events.k8s.io': ['Event'],
  'networking.k8s.io': ['Ingress', 'NetworkPolicy'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['Role', 'RoleBinding'],
  'storage.k8s.io': ['CSIStorageCapacity'],
};
const ofCluster: Readonly<Record<string, readonly string[]>> = {
  '': ['Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    ...['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding', 'MutatingWebhookConfiguration'],
    ...['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration'],
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['IPAddress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  policy: ['PodSecurityPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
};

const builtIn: ReadonlyMap<string, Scope> = new Map([
  ...keysOf(namespaced).map((key) => [key, 'Namespaced'] as const),
  ...keysOf(ofCluster).map((key) => [key, 'Cluster'] as const),
]);

function keysOf(kinds: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(kinds).flatMap(([group, names]) => names.map((kind) => `${kind}.${group}`));
}

/** Tells the scope of an object; null for kinds that neither Kubernetes nor the site defines. */
export function scopesOf(site: Site): (resource: Pick<ResourceDocument, 'apiVersion' | 'kind'>) => Scope | null {
  const definitions = definitionsOf(site);
  return (resource) => {
    const key = kindKey(resource);
    return builtIn.get(key) ?? definitions.get(key)?.scope ?? null;
  };
}

/** Tells the name that Kubernetes knows an object by: in the namespace that it puts it in, be that said or not. */
export function namesInCluster(site: Site): (resource: ResourceDocument) => string {
  const scopeOf = scopesOf(site);
  return (resource) => {
    const { namespace, ...names } = resource.metadata;
    const scope = scopeOf(resource);
    const home = scope === 'Cluster' ? undefined : (namespace ?? (scope === 'Namespaced' ? 'default' : undefined));
    return resourceName({ ...resource, metadata: home === undefined ? names : { ...names, namespace: home } });
  };
}
