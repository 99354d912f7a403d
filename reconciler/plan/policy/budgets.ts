// Budgets of the roll-out policy: how many machines may be away at once in each failure domain, for whatever reason.
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';

/** Counts up as machines are let go. */
export class Budgets {
  readonly #limits: NonNullable<RolloutPolicy['budgets']>;
  readonly #ofRoles: ReadonlyMap<string, number>;
  readonly #powerFeedOf: (rack: string) => string;
  readonly #away = new Map<string, number>();

  /** @param away machines that are missed just now @param powerFeedOf power feed of a rack */
  constructor(policy: RolloutPolicy, away: Iterable<MachineObject>, powerFeedOf: (rack: string) => string) {
    this.#limits = policy.budgets ?? {};
    this.#ofRoles = new Map(Object.entries(this.#limits.roles ?? {}));
    this.#powerFeedOf = powerFeedOf;
    for (const machine of away) this.take(machine);
  }

  /** What keeps one more machine from going away; null when nothing does. */
  whyFull(machine: MachineObject): string | null {
    const full = this.#domainsOf(machine).find(({ key, limit }) => (this.#away.get(key) ?? 0) >= limit);
    return full === undefined ? null : `${full.name} may have ${full.limit} away at a time`;
  }

  /** The machine goes away. */
  take(machine: MachineObject): void {
    for (const { key } of this.#domainsOf(machine)) this.#away.set(key, (this.#away.get(key) ?? 0) + 1);
  }

  /** The domains that have a budget. */
  #domainsOf({ rack, role }: MachineObject) {
    const feed = this.#powerFeedOf(rack);
    const domains = [
      { key: 'site', name: 'the site', limit: this.#limits.site },
      { key: `feed ${feed}`, name: `power feed ${feed}`, limit: this.#limits.powerFeed },
      { key: `role ${role}`, name: `role ${role}`, limit: this.#ofRoles.get(role) },
    ];
    return domains.flatMap(({ key, name, limit }) => (limit === undefined ? [] : [{ key, name, limit }]));
  }
}
