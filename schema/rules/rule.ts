// What a rule is: something that must hold across the documents of a site.
import type { Diagnostic } from '../diagnostic.ts';
import type { Site } from '../load.ts';

/** A diagnostic without what its rule says of itself. */
export type Finding = Omit<Diagnostic, 'rule' | 'severity'>;

export interface Rule {
  /** `BERTH-nnn`; never reused for anything else. */
  readonly id: string;
  /** What must hold, in a few words. */
  readonly title: string;
  /** An error where it is not said. */
  readonly severity?: 'warning';
  check(site: Site): Iterable<Finding>;
}
