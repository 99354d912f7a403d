import { signersPath } from '../../trust/trusted-keys.ts';
import type { Rule } from '../rule.ts';
import { coverage } from './patterns.ts';

/** A change of what nobody may change is refused by every boot server, however well it was reviewed. */
export const changeableFiles: Rule = {
  id: 'BERTH-807',
  severity: 'warning',
  title: 'somebody may change every file of the site repo',
  *check(site) {
    const isCovered = coverage(site);
    // BERTH-804 says it of trust/signers.yaml.
    const closed = [...site.files.keys()].filter((file) => file !== signersPath && !isCovered(file)).sort();
    const [first] = closed;
    if (first === undefined) return;
    const more = closed.length === 1 ? '' : ` and ${closed.length - 1} more of the ${site.files.size} files`;
    yield {
      place: site.signers.placeOf('signers'),
      message: `no signer may change ${first}${more}`,
      hint: 'give one of them a path that covers it, or **',
    };
  },
};
