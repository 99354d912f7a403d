import { isDeepStrictEqual } from 'node:util';
import type { SiteDocumentFile } from '../../document.ts';
import { apiGroup, resourceName } from '../../resource-name.ts';
import type { ResourceDocument } from '../../types/resource.ts';
import { namesInCluster } from '../kubernetes/scopes.ts';
import { valueAt } from '../kubernetes/unchecked.ts';
import type { Finding } from '../rule.ts';
import type { Transition } from './transition.ts';

/** By kind and API group: what the API server takes when an object is made, and never again. */
const immutable: ReadonlyMap<string, readonly string[]> = new Map([
  ['DaemonSet.apps', ['spec.selector']],
  ['Deployment.apps', ['spec.selector']],
  ['ReplicaSet.apps', ['spec.selector']],
  ['StatefulSet.apps', ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy', 'spec.volumeClaimTemplates']],
  ['Job.batch', ['spec.selector', 'spec.template', 'spec.completionMode']],
  ['Service', ['spec.clusterIP']],
  ['PersistentVolumeClaim', ['spec.accessModes', 'spec.selector', 'spec.storageClassName', 'spec.volumeMode']],
  ['Secret', ['type']],
  ['StorageClass.storage.k8s.io', ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode']],
  ['IngressClass.networking.k8s.io', ['spec.controller']],
  ['PriorityClass.scheduling.k8s.io', ['value', 'preemptionPolicy']],
  ['RoleBinding.rbac.authorization.k8s.io', ['roleRef.kind', 'roleRef.name']],
  ['ClusterRoleBinding.rbac.authorization.k8s.io', ['roleRef.kind', 'roleRef.name']],
  ['CustomResourceDefinition.apiextensions.k8s.io', ['spec.scope', 'spec.group']],
]);

type Document = SiteDocumentFile<ResourceDocument>;

/** The API server would refuse the change, in the middle of a roll-out. */
export const immutableFields: Transition = {
  id: 'BERTH-924',
  title: 'fields of Kubernetes objects that cannot change do not',
  *check(base, site) {
    const [nameBefore, nameNow] = [namesInCluster(base), namesInCluster(site)];
    const before = new Map(base.resources.map(({ document }) => [nameBefore(document.value), document]));
    for (const { document } of site.resources) {
      const old = before.get(nameNow(document.value));
      if (!old || old.value === document.value) continue;
      yield* changedFields(old, document);
      yield* changedContent(old, document);
    }
  },
};

function* changedFields(old: Document, document: Document): Generator<Finding> {
  const { kind } = document.value;
  const group = apiGroup(document.value);
  for (const field of immutable.get(group === '' ? kind : `${kind}.${group}`) ?? []) {
    const path = field.split('.');
    const [from, to] = [valueAt(old.value, ...path), valueAt(document.value, ...path)];
    // What only one of them says, the other one may have by default.
    if (from === undefined || to === undefined || isDeepStrictEqual(from, to)) continue;
    yield {
      place: document.placeOf(...path),
      message: `${field} of ${resourceName(document.value)} changes, which Kubernetes does not let it`,
      hint: 'put it back, or declare an object with another name',
    };
  }
}

/** A ConfigMap or Secret that says so itself. */
function* changedContent(old: Document, document: Document): Generator<Finding> {
  const { kind } = document.value;
  if ((kind !== 'ConfigMap' && kind !== 'Secret') || old.value.immutable !== true) return;
  const fields = ['immutable', 'data', 'binaryData', 'stringData'];
  const field = fields.find((each) => !isDeepStrictEqual(valueAt(old.value, each), valueAt(document.value, each)));
  if (field === undefined) return;
  yield {
    place: document.placeOf(field),
    message: `${field} of ${resourceName(document.value)} changes, which has said immutable: true`,
    hint: 'declare an object with another name, and let what reads it name that',
  };
}
