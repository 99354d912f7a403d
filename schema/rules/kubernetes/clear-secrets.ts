import { resourceName } from '../../resource-name.ts';
import type { Rule } from '../rule.ts';
import { kindKey } from './definitions.ts';
import { valueAt } from './unchecked.ts';

/** Whoever can read the site repo, or any clone of it, can read this; base64 hides nothing. */
export const clearSecrets: Rule = {
  id: 'BERTH-612',
  title: 'no Secret stands in the clear',
  *check(site) {
    for (const { document } of site.resources) {
      if (kindKey(document.value) !== 'Secret.') continue;
      for (const field of ['data', 'stringData']) {
        const values = valueAt(document.value, field);
        if (typeof values !== 'object' || values === null || Object.keys(values).length === 0) continue;
        yield {
          place: document.placeOfKey(field),
          message: `${resourceName(document.value)} carries its values in the clear, in ${field}`,
          hint: 'seal it in secrets/<name>.age; if this was ever pushed, change what it protects: it is known',
          isSecret: true,
        };
      }
    }
  },
};
