// Finds what stands twice where it may stand once.
import { formatPlace, type Place } from '../diagnostic.ts';
import type { Finding } from './rule.ts';

export interface Occurrence {
  readonly key: string;
  /** Where it stands; asked for only when it is doubled. */
  readonly place: () => Place;
}

/** One finding for each occurrence after the first, which names the place of the first. */
export function* doubled(occurrences: Iterable<Occurrence>, what: string, hint: string): Generator<Finding> {
  const first = new Map<string, Occurrence>();
  for (const occurrence of occurrences) {
    const earlier = first.get(occurrence.key);
    if (!earlier) first.set(occurrence.key, occurrence);
    else {
      const message = `${what} ${occurrence.key} is taken already at ${formatPlace(earlier.place())}`;
      yield { place: occurrence.place(), message, hint };
    }
  }
}
