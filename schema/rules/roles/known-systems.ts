import type { Place } from '../../diagnostic.ts';
import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import { suggest } from '../../suggest.ts';
import type { Finding, Rule } from '../rule.ts';

/** What boots is pinned, and every role boots something. */
export const knownSystems: Rule = {
  id: 'BERTH-402',
  title: 'the operating system of a role is pinned in releases.yaml',
  *check(site): Generator<Finding> {
    const systems = Object.keys(site.releases.value.os);
    for (const { who, os, place } of named(site)) {
      if (systems.includes(os)) continue;
      const meant = suggest(os, systems);
      yield {
        place: place(),
        message: `${who} boots ${os}, which releases.yaml does not pin`,
        hint: meant === null ? `pinned are: ${systems.join(', ')}` : `did you mean ${meant}?`,
      };
    }
    if (site.site.value.defaults?.os !== undefined) return;
    for (const [name, role] of site.roles) {
      if (role.value.os !== undefined) continue;
      const message = `role ${name} does not say what its machines boot`;
      yield { place: role.placeOf(), message, hint: 'add os: here, or to defaults: in site.yaml' };
    }
  },
};

/** Every operating system that is asked for, and by whom. */
function* named(site: Site): Generator<{ readonly who: string; readonly os: string; readonly place: () => Place }> {
  const os = site.site.value.defaults?.os;
  if (os !== undefined) yield { who: 'by default a machine', os, place: () => site.site.placeOf('defaults', 'os') };
  for (const [name, role] of site.roles) {
    const { os } = role.value;
    if (os !== undefined) yield { who: `role ${name}`, os, place: () => role.placeOf('os') };
  }
  for (const { rack, index, machine } of declaredMachines(site)) {
    const { serial, os } = machine;
    if (os !== undefined) yield { who: serial, os, place: () => rack.placeOf('machines', index, 'os') };
  }
}
