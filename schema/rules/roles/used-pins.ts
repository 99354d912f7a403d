import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** Boot servers hold every file that is pinned, so what nobody boots costs their disks, and perhaps was meant to be. */
export const usedPins: Rule = {
  id: 'BERTH-403',
  title: 'every operating system and Kubernetes version that is pinned is used, or staged',
  severity: 'warning',
  *check(site) {
    const { releases, cluster } = site;
    const hint = 'remove it, or say staged: true where it is for later';
    const systems = usedSystems(site);
    const pinned = releases.value.os;
    // Where a name is not pinned (BERTH-402, BERTH-605), one that is not used may be what was meant.
    const systemsMissing = [...systems].some((name) => name !== undefined && !Object.hasOwn(pinned, name));
    const version = cluster?.value.version;
    const versionMissing = version !== undefined && !Object.hasOwn(releases.value.kubernetes ?? {}, version);
    for (const [name, { staged }] of Object.entries(pinned)) {
      if (staged || systemsMissing || systems.has(name)) continue;
      yield { place: releases.placeOfKey('os', name), message: `no machine boots ${name}`, hint };
    }
    for (const [name, { staged }] of Object.entries(releases.value.kubernetes ?? {})) {
      if (staged || versionMissing || name === version) continue;
      const runs = version !== undefined ? `the cluster runs ${version}` : 'the site has no cluster';
      const message = `nothing runs Kubernetes ${name}: ${runs}`;
      yield { place: releases.placeOfKey('kubernetes', name), message, hint };
    }
  },
};

/** What is named anywhere, be it for a role that has no machine yet. */
function usedSystems(site: Site): ReadonlySet<string | undefined> {
  const used = new Set([site.site.value.defaults?.os]);
  for (const role of site.roles.values()) used.add(role.value.os);
  for (const { machine } of declaredMachines(site)) used.add(machine.os);
  return used;
}
