import { declaredMachines } from '../../machines.ts';
import { suggest } from '../../suggest.ts';
import type { Rule } from '../rule.ts';

/** The control plane needs as many machines of its role as it has members. */
export const controlPlane: Rule = {
  id: 'BERTH-601',
  title: 'there are machines enough for the control plane',
  *check(site) {
    if (!site.cluster) return;
    const { role, count } = site.cluster.value.controlPlane;
    let machines = 0;
    for (const { machine } of declaredMachines(site)) if (machine.role === role) machines++;
    if (machines >= count) return;
    const meant = site.roles.has(role) ? null : suggest(role, site.roles.keys());
    yield {
      place: site.cluster.placeOf('controlPlane', 'role'),
      message: `the control plane takes ${count} machines of role ${role}, but the site has ${machines}`,
      hint: meant === null ? 'name a role that has machines enough, or lower the count' : `did you mean ${meant}?`,
    };
  },
};
