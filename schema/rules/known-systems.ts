import { suggest } from '../suggest.ts';
import type { Rule } from './rule.ts';

/** A role boots an operating system that is pinned. */
export const knownSystems: Rule = {
  id: 'BERTH-402',
  title: 'the operating system of a role is pinned in releases.yaml',
  *check(site) {
    const systems = Object.keys(site.releases.value.os);
    for (const [name, role] of site.roles) {
      if (systems.includes(role.value.os)) continue;
      const meant = suggest(role.value.os, systems);
      yield {
        place: role.placeOf('os'),
        message: `role ${name} boots ${role.value.os}, which releases.yaml does not pin`,
        hint: meant === null ? `pinned are: ${systems.join(', ')}` : `did you mean ${meant}?`,
      };
    }
  },
};
