import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import type { Wave } from '../../types/site.ts';
import type { Rule } from '../rule.ts';
import { doubled } from '../unique.ts';
import { siteNames } from './site-names.ts';
import { waveMembers } from './wave-members.ts';

/**
 * A wave without machines is done at once: what was meant to prove a change proves nothing. A site without machines is
 * only begun.
 */
export const fullWaves: Rule = {
  id: 'BERTH-707',
  title: 'waves have names of their own, and each is for some machine',
  *check(site) {
    const waves = site.site.value.rollout.waves ?? [];
    const names = waves.map(({ name }, index) => {
      return { key: name, place: () => site.site.placeOf('rollout', 'waves', index, 'name') };
    });
    yield* doubled(names, 'the wave', 'choose another name');
    if (declaredMachines(site).next().done) return;
    const empty = waveMembers(site).flatMap((members, index) => (members.length === 0 ? [index] : []));
    if (empty.length === 0) return;
    const isKnown = knownIn(site);
    for (const index of empty) {
      const wave = waves[index];
      // BERTH-702 says it of names that do not exist.
      if (!wave || !isKnown(wave)) continue;
      yield {
        place: site.site.placeOf('rollout', 'waves', index),
        message: `no machine is in the wave ${wave.name}: none matches every key of it`,
        hint: 'take away a key, or add the machines that are meant',
      };
    }
  },
};

function knownIn(site: Site): (wave: Wave) => boolean {
  const { role, rack, machine } = siteNames(site);
  return ({ roles = [], racks = [], machines = [] }) =>
    roles.every((name) => role.has(name)) &&
    racks.every((name) => rack.has(name)) &&
    machines.every((name) => machine.has(name));
}
