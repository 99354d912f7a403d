import type { Rule } from '../rule.ts';

/** A folder that no role merges reaches no machine. */
export const usedIgnition: Rule = {
  id: 'BERTH-405',
  title: 'every Ignition folder is used by a role',
  severity: 'warning',
  *check(site) {
    const used = new Set([...site.roles.values()].flatMap(({ value }) => value.ignition));
    for (const [name, { document }] of site.ignition) {
      if (used.has(name)) continue;
      const message = `no role takes its Ignition from ${name}`;
      yield { place: document.placeOf(), message, hint: 'add it to ignition: of a role, or remove the folder' };
    }
  },
};
