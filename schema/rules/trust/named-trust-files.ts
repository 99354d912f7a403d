import { filesOfTrust } from '../../trust/trusted-keys.ts';
import type { Rule } from '../rule.ts';

/** Whoever sees the file believes that the key counts. */
export const namedTrustFiles: Rule = {
  id: 'BERTH-812',
  severity: 'warning',
  title: 'files with keys are named in trust/signers.yaml',
  *check(site) {
    const named = new Set(filesOfTrust(site.signers.value));
    for (const file of [...site.files.keys()].sort()) {
      if (!/^trust\/(keys\/.*\.asc|allowed_signers)$/.test(file) || named.has(file)) continue;
      yield {
        place: { file, line: 1, column: 1 },
        message: 'nothing in trust/signers.yaml names this file: no key in it counts',
        hint: 'name it with a signer (openpgp) or a group (allowedSigners), or remove it',
      };
    }
  },
};
