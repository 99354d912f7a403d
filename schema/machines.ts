// Walks the machines of a site in the order of their racks' numbers and slots.
import type { SiteDocumentFile } from './document.ts';
import type { Site } from './load.ts';
import type { Machine, RackDocument } from './types/rack.ts';

export interface DeclaredMachine {
  /** Name of the rack's file. */
  readonly rackName: string;
  readonly rack: SiteDocumentFile<RackDocument>;
  /** Index in the rack's list of machines. */
  readonly index: number;
  readonly machine: Machine;
}

/** The racks by number; racks that share a number by name. */
export function racksInOrder(site: Site): readonly (readonly [string, SiteDocumentFile<RackDocument>])[] {
  return [...site.racks].sort(([, a], [, b]) => a.value.rack - b.value.rack);
}

const machinesOfSites = new WeakMap<Site, readonly DeclaredMachine[]>();

/** Every machine, as its rack's file lists it. The list is made once for a site: dozens of rules walk it. */
export function declaredMachines(site: Site): IterableIterator<DeclaredMachine> {
  let machines = machinesOfSites.get(site);
  if (!machines) {
    machines = racksInOrder(site).flatMap(([rackName, rack]) =>
      rack.value.machines.map((machine, index) => ({ rackName, rack, index, machine })),
    );
    machinesOfSites.set(site, machines);
  }
  return machines.values();
}

/** The host name of a machine: its rack's name and its slot, with two digits at least. */
export function machineName(rackName: string, slot: number): string {
  return `${rackName}-${String(slot).padStart(2, '0')}`;
}
