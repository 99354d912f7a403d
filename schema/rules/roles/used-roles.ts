import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** A role that nobody has is mostly one that machines were meant to get. A site without machines is only begun. */
export const usedRoles: Rule = {
  id: 'BERTH-404',
  title: 'every role has a machine',
  severity: 'warning',
  *check(site) {
    const used = new Set<string>();
    for (const { machine } of declaredMachines(site)) used.add(machine.role);
    if (used.size === 0) return;
    for (const [name, role] of site.roles) {
      if (used.has(name)) continue;
      const plane = site.cluster?.value.controlPlane.role === name ? ', which is to carry the control plane' : '';
      const message = `no machine has the role ${name}${plane}`;
      yield { place: role.placeOf(), message, hint: 'give it to a machine in racks/, or remove the file' };
    }
  },
};
