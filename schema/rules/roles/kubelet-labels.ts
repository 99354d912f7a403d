import { everyLayer } from '../../settings.ts';
import type { Rule } from '../rule.ts';

/** What the admission plugin NodeRestriction lets a kubelet say of its own node among Kubernetes' own labels. */
const allowed = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
]);

/** With any other label of these prefixes, the kubelet does not start. */
export const kubeletLabels: Rule = {
  id: 'BERTH-411',
  title: 'labels are such that a kubelet may give to its own node',
  *check(site) {
    for (const { document, path, settings } of everyLayer(site)) {
      for (const label of Object.keys(settings.labels ?? {})) {
        if (mayBeSet(label)) continue;
        yield {
          place: document.placeOfKey(...path, 'labels', label),
          message: `a kubelet may not give the label ${label} to its own node`,
          hint: 'use a prefix of your own domain, or node.kubernetes.io/',
        };
      }
    }
  },
};

function mayBeSet(label: string): boolean {
  const prefix = label.slice(0, Math.max(label.indexOf('/'), 0));
  if (!isIn(prefix, 'kubernetes.io') && !isIn(prefix, 'k8s.io')) return true;
  return allowed.has(label) || isIn(prefix, 'node.kubernetes.io') || isIn(prefix, 'kubelet.kubernetes.io');
}

function isIn(prefix: string, domain: string): boolean {
  return prefix === domain || prefix.endsWith(`.${domain}`);
}
