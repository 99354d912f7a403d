import type { ValuePath } from '../../document.ts';
import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';

interface Budget {
  readonly path: ValuePath;
  readonly value: number | undefined;
  /** How many there are of what the budget counts. */
  readonly all: number;
  /** Where they are, and what they are. */
  readonly owner: string;
  readonly unit?: 'racks';
}

/** A limit above all that there is limits nothing: it is a slip, or the site has shrunk. */
export const budgetSizes: Rule = {
  id: 'BERTH-706',
  severity: 'warning',
  title: 'no number of the roll-out policy is larger than what it counts',
  *check(site) {
    for (const { path, value, all, owner, unit = 'machines' } of budgets(site)) {
      // Where there is nothing yet, the policy is for what will come.
      if (value === undefined || all === 0 || value <= all) continue;
      yield {
        place: site.site.placeOf('rollout', ...path),
        message: `${path.join('.')} is ${value}, but ${owner} has ${all} ${all === 1 ? unit.slice(0, -1) : unit}`,
        hint: 'lower it to what you can do without at the same time',
      };
    }
  },
};

function* budgets(site: Site): Generator<Budget> {
  const { racksAtOnce, maxUnavailablePerRack, canaries, budgets: domains } = site.site.value.rollout;
  const { machines, largestRack, largestFeed, roles } = countsOf(site);
  const whole = 'the site';
  yield { path: ['racksAtOnce'], value: racksAtOnce, all: site.racks.size, owner: whole, unit: 'racks' };
  yield { path: ['maxUnavailablePerRack'], value: maxUnavailablePerRack, all: largestRack, owner: 'the largest rack' };
  yield { path: ['canaries'], value: canaries, all: machines, owner: whole };
  yield { path: ['budgets', 'site'], value: domains?.site, all: machines, owner: whole };
  yield {
    path: ['budgets', 'powerFeed'],
    value: domains?.powerFeed,
    all: largestFeed,
    owner: 'the largest power feed',
  };
  for (const [role, value] of Object.entries(domains?.roles ?? {})) {
    yield { path: ['budgets', 'roles', role], value, all: roles.get(role) ?? 0, owner: `role ${role}` };
  }
}

/** How many machines there are. */
function countsOf(site: Site) {
  const roles = new Map<string, number>();
  const feeds = new Map<string, number>();
  let machines = 0;
  let largestRack = 0;
  for (const rack of site.racks.values()) {
    const { powerFeed, machines: list } = rack.value;
    machines += list.length;
    largestRack = Math.max(largestRack, list.length);
    feeds.set(powerFeed, (feeds.get(powerFeed) ?? 0) + list.length);
    for (const { role } of list) roles.set(role, (roles.get(role) ?? 0) + 1);
  }
  return { machines, largestRack, largestFeed: Math.max(0, ...feeds.values()), roles };
}
