// Budgets of the roll-out policy: how many machines may be away at once in each failure domain, for whatever reason.
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';
import { ownOf } from '../diff/field-change.ts';

/** Counts up as machines are let go. A roll-out asks it for every machine, again and again: nothing is made for that. */
export class Budgets {
  readonly #limits: NonNullable<RolloutPolicy['budgets']>;
  readonly #powerFeedOf: (rack: string) => string;
  #away = 0;
  readonly #awayOnFeeds = new Map<string, number>();
  readonly #awayOfRoles = new Map<string, number>();

  /** @param away machines that are missed just now @param powerFeedOf power feed of a rack */
  constructor(policy: RolloutPolicy, away: Iterable<MachineObject>, powerFeedOf: (rack: string) => string) {
    this.#limits = policy.budgets ?? {};
    this.#powerFeedOf = powerFeedOf;
    for (const machine of away) this.take(machine);
  }

  /** What keeps one more machine from going away; null when nothing does. */
  whyFull({ rack, role }: MachineObject): string | null {
    const { site, powerFeed, roles } = this.#limits;
    if (site !== undefined && this.#away >= site) return spent('the site', site);
    if (powerFeed !== undefined) {
      const feed = this.#powerFeedOf(rack);
      if ((this.#awayOnFeeds.get(feed) ?? 0) >= powerFeed) return spent(`power feed ${feed}`, powerFeed);
    }
    const ofRole = roles && ownOf(roles, role);
    if (ofRole !== undefined && (this.#awayOfRoles.get(role) ?? 0) >= ofRole) return spent(`role ${role}`, ofRole);
    return null;
  }

  /** The machine goes away. */
  take({ rack, role }: MachineObject): void {
    this.#away++;
    countUp(this.#awayOnFeeds, this.#powerFeedOf(rack));
    countUp(this.#awayOfRoles, role);
  }
}

function countUp(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function spent(domain: string, limit: number): string {
  return `${domain} may have ${limit} away at a time`;
}
