import { declaredMachines } from '../../machines.ts';
import { suggest } from '../../suggest.ts';
import type { Rule } from '../rule.ts';

/** What a machine boots and becomes is said by its role. */
export const knownRoles: Rule = {
  id: 'BERTH-401',
  title: 'every machine has a role that is declared',
  *check(site) {
    for (const { rack, index, machine } of declaredMachines(site)) {
      if (site.roles.has(machine.role)) continue;
      const meant = suggest(machine.role, site.roles.keys());
      yield {
        place: rack.placeOf('machines', index, 'role'),
        message: `${machine.serial} has the role ${machine.role}, but there is no roles/${machine.role}.yaml`,
        hint: meant === null ? `roles are: ${[...site.roles.keys()].join(', ')}` : `did you mean ${meant}?`,
      };
    }
  },
};
