// Refuses to forget machines: one that has run would go on running, unseen, because its lines are gone.
import type { Blueprint } from '../../renderers/blueprint.ts';
import type { Place } from '../../schema/diagnostic.ts';
import type { Observed } from './observed.ts';
import type { Origin } from './origin.ts';

/** Something that the site repo asks for and that is not done: it would destroy. */
export interface Refusal {
  readonly rule: string;
  readonly serial: string;
  readonly message: string;
  readonly hint: string;
  /** Where the lines were; null when their file is gone, too. */
  readonly place: Place | null;
}

/** Machines of the base that the target no longer has, but for those that never reported and those that have retired. */
export function refuseRemovals(base: Blueprint, target: Blueprint, observed: Observed, origin: Origin): Refusal[] {
  const refusals: Refusal[] = [];
  for (const { serial, name, rack, retire } of base.machines.values()) {
    if (retire || target.machines.has(serial) || !observed.machines.has(serial)) continue;
    refusals.push({
      rule: 'BERTH-901',
      serial,
      message: `${name} (${serial}) has run, and racks/${rack}.yaml no longer lists it`,
      hint: 'put its lines back with `retire: { reason: … }`, and remove them in a later commit',
      place: origin(null, `racks.${rack}.machines`),
    });
  }
  return refusals;
}
