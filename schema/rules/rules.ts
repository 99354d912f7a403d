// Every rule, and how they are run over a site.
import { compareDiagnostics, type Diagnostic } from '../diagnostic.ts';
import type { Site } from '../load.ts';
import { addressesInPools } from './addresses-in-pools.ts';
import { bmcAddresses } from './bmc-addresses.ts';
import { bmcCapacity } from './bmc-capacity.ts';
import { bootServerRacks } from './boot-server-racks.ts';
import { controlPlane } from './control-plane.ts';
import { knownIgnition } from './known-ignition.ts';
import { knownRoles } from './known-roles.ts';
import { knownSystems } from './known-systems.ts';
import { machineSlots } from './machine-slots.ts';
import { poolsApart } from './pools-apart.ts';
import { rackAsns } from './rack-asns.ts';
import { rangeAlignment } from './range-alignment.ts';
import type { Rule } from './rule.ts';
import { slotLayout } from './slot-layout.ts';
import { spineLinks } from './spine-links.ts';
import { torRanges } from './tor-ranges.ts';
import { uniqueLinks } from './unique-links.ts';
import { uniqueMacs } from './unique-macs.ts';
import { uniqueNames } from './unique-names.ts';
import { uniqueRacks } from './unique-racks.ts';
import { uniqueSerials } from './unique-serials.ts';
import { uniqueSigners } from './unique-signers.ts';
import { uniqueSlots } from './unique-slots.ts';

/** In the order of their ids. */
export const rules: readonly Rule[] = [
  uniqueSerials,
  uniqueMacs,
  uniqueSlots,
  machineSlots,
  uniqueRacks,
  uniqueNames,
  addressesInPools,
  poolsApart,
  slotLayout,
  bmcCapacity,
  uniqueLinks,
  bmcAddresses,
  rangeAlignment,
  rackAsns,
  torRanges,
  spineLinks,
  bootServerRacks,
  knownRoles,
  knownSystems,
  knownIgnition,
  controlPlane,
  uniqueSigners,
];

/** What breaks any rule, in the order of files and lines. */
export function checkRules(site: Site): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const rule of rules) {
    for (const finding of rule.check(site)) diagnostics.push({ rule: rule.id, severity: 'error', ...finding });
  }
  return diagnostics.sort(compareDiagnostics);
}
