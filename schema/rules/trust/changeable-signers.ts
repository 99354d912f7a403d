import type { Rule } from '../rule.ts';
import { coverage } from './patterns.ts';

const signersFile = 'trust/signers.yaml';

/** Else nobody can ever let anybody in, take out a lost key, or mend any other fault of that file. */
export const changeableSigners: Rule = {
  id: 'BERTH-804',
  title: 'somebody may change trust/signers.yaml',
  *check(site) {
    if (coverage(site)(signersFile)) return;
    yield {
      place: site.signers.placeOf('signers'),
      message: `no signer may change ${signersFile}: it would stay as it is for good`,
      hint: `give one of them the path ${signersFile}, or **`,
    };
  },
};
