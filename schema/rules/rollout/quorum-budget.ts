import type { ValuePath } from '../../document.ts';
import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';

/** With half of its members away, the etcd of the cluster takes no writes, and the API server stands still. */
export const quorumBudget: Rule = {
  id: 'BERTH-708',
  title: 'the roll-out policy leaves the control plane its quorum',
  *check(site) {
    if (!site.cluster) return;
    const { role, count } = site.cluster.value.controlPlane;
    // Where other machines have the role, too, the policy does not say which of them are away. One member has no quorum.
    if (count === 1 || site.roles.get(role)?.value.kubernetes?.role !== 'control-plane') return;
    const spare = (count - 1) / 2;
    const { away, path } = mostAway(site, role);
    if (away <= spare) return;
    yield {
      place: site.site.placeOf(...path),
      message: `${away} machines of role ${role} may restart at once, but of ${count} members of the control plane ${spare} may be away`,
      hint: `set rollout.budgets.roles.${role} to ${spare}`,
    };
  },
};

/** How many machines of a role may be away at once, and what lets so many. */
function mostAway({ site, racks }: Site, role: string): { readonly away: number; readonly path: ValuePath } {
  const { racksAtOnce = 1, maxUnavailablePerRack, budgets } = site.value.rollout;
  const inRacks = [...racks.values()].map(({ value }) => {
    return Math.min(value.machines.filter((machine) => machine.role === role).length, maxUnavailablePerRack);
  });
  const worst = inRacks.sort((a, b) => b - a).slice(0, racksAtOnce);
  const byRacks = Math.min(
    worst.reduce((sum, own) => sum + own, 0),
    budgets?.site ?? Number.POSITIVE_INFINITY,
  );
  const budget = budgets?.roles && Object.hasOwn(budgets.roles, role) ? budgets.roles[role] : undefined;
  if (budget !== undefined) return { away: Math.min(budget, byRacks), path: ['rollout', 'budgets', 'roles', role] };
  return { away: byRacks, path: ['rollout', racksAtOnce > 1 ? 'racksAtOnce' : 'maxUnavailablePerRack'] };
}
