import { signersPath } from '../../trust/trusted-keys.ts';
import type { Rule } from '../rule.ts';
import { coverage } from './patterns.ts';

/** Else nobody can ever let anybody in, take out a lost key, or mend any other fault of that file. */
export const changeableSigners: Rule = {
  id: 'BERTH-804',
  title: 'somebody may change trust/signers.yaml',
  *check(site) {
    if (coverage(site)(signersPath)) return;
    yield {
      place: site.signers.placeOf('signers'),
      message: `no signer may change ${signersPath}: it would stay as it is for good`,
      hint: `give one of them whose key is not revoked the path ${signersPath}, or **`,
    };
  },
};
