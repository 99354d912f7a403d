import { formatPlace } from '../../diagnostic.ts';
import { everyLayer, taintKey } from '../../settings.ts';
import type { Rule } from '../rule.ts';

/** Between documents the more specific one wins; within one, nobody could say which. Kubernetes takes no two. */
export const singleTaints: Rule = {
  id: 'BERTH-412',
  title: 'a document has one taint for each key and effect',
  *check(site) {
    for (const { document, path, settings } of everyLayer(site)) {
      const first = new Map<string, number>();
      for (const [index, taint] of (settings.taints ?? []).entries()) {
        const key = taintKey(taint);
        const other = first.get(key);
        if (other === undefined) first.set(key, index);
        else {
          const at = formatPlace(document.placeOf(...path, 'taints', other));
          yield {
            place: document.placeOf(...path, 'taints', index),
            message: `the taint ${key} stands already at ${at}`,
            hint: 'remove one of the two',
          };
        }
      }
    }
  },
};
