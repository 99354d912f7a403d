// Machines that stand in two sites: where they were, and where they are to be.
import type { Site } from '../../load.ts';
import { type DeclaredMachine, declaredMachines } from '../../machines.ts';

export interface KeptMachine {
  readonly serial: string;
  readonly before: DeclaredMachine;
  readonly after: DeclaredMachine;
}

const known = new WeakMap<Site, ReadonlyMap<string, DeclaredMachine>>();

/** In the order of racks and slots; made once for a site, since many rules ask. */
export function machinesBySerial(site: Site): ReadonlyMap<string, DeclaredMachine> {
  let machines = known.get(site);
  if (!machines) {
    machines = new Map([...declaredMachines(site)].map((declared) => [declared.machine.serial, declared]));
    known.set(site, machines);
  }
  return machines;
}

/** In the order of the site in force. */
export function* keptMachines(base: Site, site: Site): Generator<KeptMachine> {
  const now = machinesBySerial(site);
  for (const [serial, before] of machinesBySerial(base)) {
    const after = now.get(serial);
    if (after) yield { serial, before, after };
  }
}
