import type { SiteDocumentFile } from '../../document.ts';
import type { RackDocument } from '../../types/rack.ts';
import type { Rule } from '../rule.ts';
import { doubledOfMany, type Occurrence } from '../unique.ts';

/** The slot makes the address: two machines in one slot would share theirs. */
export const uniqueSlots: Rule = {
  id: 'BERTH-103',
  title: 'slots are unique in their rack',
  *check(site) {
    for (const rack of site.racks.values()) {
      const keys = rack.value.machines.map(({ slot }) => slot);
      yield* doubledOfMany(keys, () => slots(rack), 'the slot', 'give the machine a free slot');
    }
  },
};

function* slots(rack: SiteDocumentFile<RackDocument>): Generator<Occurrence> {
  for (const [index, { slot }] of rack.value.machines.entries()) {
    yield { key: String(slot), place: () => rack.placeOf('machines', index, 'slot') };
  }
}
