import { resourceName } from '../../resource-name.ts';
import { namesInCluster } from '../kubernetes/scopes.ts';
import type { Transition } from './transition.ts';

/** What goes with an object of a kind. */
const takenAlong: ReadonlyMap<string, string> = new Map([
  ['Namespace', 'everything in it'],
  ['CustomResourceDefinition', 'every object of its kind'],
  ['PersistentVolume', 'the way to its data'],
  ['PersistentVolumeClaim', 'its data, unless its volume is retained'],
]);

/** An object that is declared no more is deleted in the cluster; some kinds take more with them than their own lines. */
export const goneResources: Transition = {
  id: 'BERTH-922',
  title: 'no Kubernetes object goes that takes others or data with it',
  severity: 'warning',
  *check(base, site) {
    // Without a cluster nothing is deleted in it.
    if (!site.cluster) return;
    const [nameBefore, nameNow] = [namesInCluster(base), namesInCluster(site)];
    const now = new Set(site.resources.map(({ document }) => nameNow(document.value)));
    for (const { document } of base.resources) {
      const taken = takenAlong.get(document.value.kind);
      if (taken === undefined || now.has(nameBefore(document.value))) continue;
      const { file } = document;
      yield {
        place: site.files.has(file) ? { file, line: 1, column: 1 } : site.site.placeOf(),
        message: `${resourceName(document.value)} is gone from ${file}: it is deleted in the cluster, and ${taken} with it`,
        hint: 'put it back unless that is what you want',
      };
    }
  },
};
