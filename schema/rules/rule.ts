// What a rule is: something that must hold across the documents of a site.
import type { Place } from '../diagnostic.ts';
import type { Site } from '../load.ts';

export interface Finding {
  readonly place: Place;
  readonly message: string;
  readonly hint?: string;
}

export interface Rule {
  /** `BERTH-nnn`; never reused for anything else. */
  readonly id: string;
  /** What must hold, in a few words. */
  readonly title: string;
  /** An error where it is not said. */
  readonly severity?: 'warning';
  check(site: Site): Iterable<Finding>;
}
