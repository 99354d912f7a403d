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

/** Every machine, as its rack's file lists it. */
export function* declaredMachines(site: Site): Generator<DeclaredMachine> {
  for (const [rackName, rack] of racksInOrder(site)) {
    for (const [index, machine] of rack.value.machines.entries()) yield { rackName, rack, index, machine };
  }
}
