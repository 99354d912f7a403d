import { everyLayer } from '../../settings.ts';
import type { Rule } from '../rule.ts';

const name = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const domain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** A kubelet that is told to register with a taint that Kubernetes does not take does not start. */
export const taintNames: Rule = {
  id: 'BERTH-419',
  title: 'keys and values of taints are such that Kubernetes takes them',
  *check(site) {
    for (const { document, path, settings } of everyLayer(site)) {
      for (const [index, taint] of (settings.taints ?? []).entries()) {
        const why = whyNot(taint);
        if (why === null) continue;
        yield {
          place: document.placeOf(...path, 'taints', index),
          message: `the taint ${taint} ${why}`,
          hint: 'it is [<domain>/]<name>[=<value>]:<Effect>; name and value have at most 63 letters, digits, -, _ and .',
        };
      }
    }
  },
};

function whyNot(taint: string): string | null {
  const [key = '', value = ''] = taint.slice(0, taint.lastIndexOf(':')).split('=');
  const parts = key.split('/');
  const prefixed = parts.length === 2 && domain.test(parts[0] ?? '') && name.test(parts[1] ?? '');
  if (!prefixed && !name.test(key)) return `has the key ${key}, which Kubernetes does not take`;
  return value === '' || name.test(value) ? null : `has the value ${value}, which Kubernetes does not take`;
}
