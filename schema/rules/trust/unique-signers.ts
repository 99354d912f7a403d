import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';

/** A key that stands twice hides whose it is and what it may change. */
export const uniqueSigners: Rule = {
  id: 'BERTH-801',
  title: 'every signer has a name and a key of its own',
  *check(site) {
    yield* doubled(field(site, 'name'), 'the signer', 'give each signer one entry with all of its paths');
    yield* doubled(field(site, 'key'), 'the key', 'give each key one entry with all of its paths');
  },
};

function* field(site: Site, name: 'name' | 'key'): Generator<Occurrence> {
  for (const [index, signer] of site.signers.value.signers.entries()) {
    yield { key: signer[name], place: () => site.signers.placeOf('signers', index, name) };
  }
}
