// What a transition is: something that must hold between a site as it is in force and the site that is to follow it.
import type { Site } from '../../load.ts';
import type { Finding } from '../rule.ts';

export interface Transition {
  /** `BERTH-nnn`; never reused for anything else. */
  readonly id: string;
  /** What must hold, in a few words. */
  readonly title: string;
  /** An error where it is not said. */
  readonly severity?: 'warning';
  /** Findings stand in the site that is to follow; where all is gone that they could stand at, in its site.yaml. */
  check(base: Site, site: Site): Iterable<Finding>;
}
