// Rules about what tells machines, racks and switches apart, in the order of their ids.
import type { Rule } from '../rule.ts';
import { bmcMacs } from './bmc-macs.ts';
import { cardMacs } from './card-macs.ts';
import { machineNames } from './machine-names.ts';
import { machineSlots } from './machine-slots.ts';
import { placeholderSerials } from './placeholder-serials.ts';
import { rackFileNames } from './rack-file-names.ts';
import { retireDates } from './retire-dates.ts';
import { serialCase } from './serial-case.ts';
import { uniqueMacs } from './unique-macs.ts';
import { uniqueNames } from './unique-names.ts';
import { uniqueRacks } from './unique-racks.ts';
import { uniqueSerials } from './unique-serials.ts';
import { uniqueSlots } from './unique-slots.ts';

export const identityRules: readonly Rule[] = [
  uniqueSerials,
  uniqueMacs,
  uniqueSlots,
  machineSlots,
  uniqueRacks,
  uniqueNames,
  serialCase,
  cardMacs,
  bmcMacs,
  machineNames,
  rackFileNames,
  retireDates,
  placeholderSerials,
];
