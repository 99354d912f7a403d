import type { Wave } from '../../types/site.ts';
import type { Rule } from '../rule.ts';
import { waveMembers } from './wave-members.ts';

/** A machine restarts with the first wave that it is in; that it is in a second one is seldom meant. */
export const oneWave: Rule = {
  id: 'BERTH-709',
  severity: 'warning',
  title: 'a machine is in one wave',
  *check(site) {
    const waves = site.site.value.rollout.waves ?? [];
    /** By serial, the first wave of each machine. */
    const first = new Map<string, Wave>();
    for (const [index, members] of waveMembers(site).entries()) {
      const wave = waves[index];
      const again = members.filter(({ machine }) => first.has(machine.serial));
      for (const { machine } of members) if (wave && !first.has(machine.serial)) first.set(machine.serial, wave);
      const [example] = again;
      const earlier = example && first.get(example.machine.serial);
      // One without keys is for all that is left.
      if (!wave || !earlier || !(wave.roles || wave.racks || wave.machines)) continue;
      const more = again.length === 1 ? '' : ` and ${again.length - 1} more`;
      yield {
        place: site.site.placeOf('rollout', 'waves', index),
        message: `${example.machine.serial}${more} of the wave ${wave.name} restarts in an earlier one already: ${earlier.name}`,
        hint: 'name other machines in one of the two waves',
      };
    }
  },
};
