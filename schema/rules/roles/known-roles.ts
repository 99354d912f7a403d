import { type DeclaredMachine, declaredMachines } from '../../machines.ts';
import { suggest } from '../../suggest.ts';
import type { Rule } from '../rule.ts';

/** What a machine boots and becomes is said by its role. A role that is missing is missing once, for all of its machines. */
export const knownRoles: Rule = {
  id: 'BERTH-401',
  title: 'every machine has a role that is declared',
  *check(site) {
    const unknown = new Map<string, DeclaredMachine[]>();
    for (const declared of declaredMachines(site)) {
      const { role } = declared.machine;
      if (site.roles.has(role)) continue;
      const others = unknown.get(role);
      if (others) others.push(declared);
      else unknown.set(role, [declared]);
    }
    for (const [role, [first, ...others]] of unknown) {
      if (!first) continue;
      const { rack, index, machine } = first;
      const meant = suggest(role, site.roles.keys());
      const who = others.length === 0 ? `${machine.serial} has` : `${machine.serial} and ${others.length} more have`;
      yield {
        place: rack.placeOf('machines', index, 'role'),
        message: `${who} the role ${role}, but there is no roles/${role}.yaml`,
        hint: meant === null ? `roles are: ${[...site.roles.keys()].join(', ')}` : `did you mean ${meant}?`,
      };
    }
  },
};
