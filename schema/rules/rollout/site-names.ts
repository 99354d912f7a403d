// What the roll-out policy can name.
import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';

export type NamedKind = 'role' | 'rack' | 'machine';

/** The names of roles and racks, which are those of their files, and the serials of machines. */
export function siteNames(site: Site): Readonly<Record<NamedKind, ReadonlySet<string>>> {
  const serials = new Set<string>();
  for (const { machine } of declaredMachines(site)) serials.add(machine.serial);
  return { role: new Set(site.roles.keys()), rack: new Set(site.racks.keys()), machine: serials };
}
