// The roll-out policy as its differences are shown: a line for each wave, and short texts for windows and freezes.
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';

/** All of the policy but its time zone, which is the site's. Paths in it are those of site.yaml. */
export function policyOutline({ waves = [], windows = [], freezes = [], budgets = {}, ...policy }: RolloutPolicy) {
  const { timeZone: _, ...plain } = policy;
  const { roles, ...limits } = budgets;
  return {
    ...plain,
    ...listed(
      'windows',
      windows.map(({ days, from, to, roles: of }) => `${days.join(' ')} ${from}-${to}${only(of)}`),
    ),
    ...listed(
      'freezes',
      freezes.map(({ from, to, reason, roles: of }) => `${from} to ${to}${only(of)}: ${reason}`),
    ),
    waves: Object.fromEntries(
      waves.map(({ name, ...members }, index) => [
        name,
        [`wave ${index + 1}:`, ...Object.entries(members).map(([key, names]) => `${key} ${names.join(' ')}`)].join(' '),
      ]),
    ),
    budgets: { ...limits, roles: { ...roles } },
  };
}

function listed(name: string, texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return texts.length === 0 ? {} : { [name]: texts };
}

function only(roles: readonly string[] | undefined): string {
  return roles === undefined ? '' : ` for ${roles.join(' ')}`;
}
