// Which machines each wave is for.
import type { Site } from '../../load.ts';
import { type DeclaredMachine, declaredMachines } from '../../machines.ts';
import type { Wave } from '../../types/site.ts';

/** The machines of each wave, those that match every key of it. Looks only at machines that one of the keys names. */
export function waveMembers(site: Site): readonly (readonly DeclaredMachine[])[] {
  const waves = site.site.value.rollout.waves ?? [];
  if (waves.length === 0) return [];
  const all = [...declaredMachines(site)];
  const bySerial = grouped(all, ({ machine }) => machine.serial);
  const byRack = grouped(all, ({ rackName }) => rackName);
  const byRole = grouped(all, ({ machine }) => machine.role);
  return waves.map((wave) => {
    const { roles, racks, machines } = wave;
    if (machines) return pick(bySerial, machines).filter(matching(wave));
    if (racks) return pick(byRack, racks).filter(matching(wave));
    return roles ? pick(byRole, roles) : all;
  });
}

function matching({ roles, racks }: Wave): (declared: DeclaredMachine) => boolean {
  const wantedRoles = roles && new Set(roles);
  const wantedRacks = racks && new Set(racks);
  return ({ rackName, machine }) => (wantedRoles?.has(machine.role) ?? true) && (wantedRacks?.has(rackName) ?? true);
}

function grouped(
  all: readonly DeclaredMachine[],
  keyOf: (declared: DeclaredMachine) => string,
): ReadonlyMap<string, readonly DeclaredMachine[]> {
  const groups = new Map<string, DeclaredMachine[]>();
  for (const declared of all) {
    const group = groups.get(keyOf(declared));
    if (group) group.push(declared);
    else groups.set(keyOf(declared), [declared]);
  }
  return groups;
}

function pick(
  groups: ReadonlyMap<string, readonly DeclaredMachine[]>,
  names: readonly string[],
): readonly DeclaredMachine[] {
  return [...new Set(names)].flatMap((name) => groups.get(name) ?? []);
}
