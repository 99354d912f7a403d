// Finds what stands twice where it may stand once.
import { formatPlace, type Place } from '../diagnostic.ts';
import type { Finding } from './rule.ts';

export interface Occurrence {
  readonly key: string;
  /** Where it stands; asked for only when it is doubled. */
  readonly place: () => Place;
}

/**
 * One finding for each occurrence after the first, which names the place of the first.
 * @param what what the key is, before it in the message
 * @param said what is wrong with it, after it in the message
 */
export function* doubled(
  occurrences: Iterable<Occurrence>,
  what: string,
  hint: string,
  said = 'is taken already',
): Generator<Finding> {
  const first = new Map<string, Occurrence>();
  for (const occurrence of occurrences) {
    const earlier = first.get(occurrence.key);
    if (!earlier) first.set(occurrence.key, occurrence);
    else {
      const message = `${what} ${occurrence.key} ${said} at ${formatPlace(earlier.place())}`;
      yield { place: occurrence.place(), message, hint };
    }
  }
}

/**
 * The same for very many: it is cheap to see that all are different, and to remember where each of them stands is not.
 * @param keys of the occurrences
 */
export function* doubledOfMany(
  keys: readonly (string | number)[],
  occurrences: () => Iterable<Occurrence>,
  what: string,
  hint: string,
): Generator<Finding> {
  if (new Set(keys).size < keys.length) yield* doubled(occurrences(), what, hint);
}
