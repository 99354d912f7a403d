import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { doubled, type Occurrence } from '../unique.ts';

/** A key under two names stays when one of them goes. */
export const uniqueRecipients: Rule = {
  id: 'BERTH-833',
  title: 'every recipient has a name and a key of its own',
  *check(site) {
    const hint = 'leave one of the two; for another key of the same person, name the key too';
    yield* doubled(field(site, 'name'), 'the recipient', hint);
    yield* doubled(field(site, 'key'), 'the key', hint);
  },
};

function* field({ recipients }: Site, name: 'name' | 'key'): Generator<Occurrence> {
  for (const [index, recipient] of (recipients?.value.recipients ?? []).entries()) {
    if (recipients) yield { key: recipient[name], place: () => recipients.placeOf('recipients', index, name) };
  }
}
