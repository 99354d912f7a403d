// Rules about the address plan and all that follows from it, in the order of their ids.
import type { Rule } from '../rule.ts';
import { addressesInPools } from './addresses-in-pools.ts';
import { bmcAddresses } from './bmc-addresses.ts';
import { bmcCapacity } from './bmc-capacity.ts';
import { poolsApart } from './pools-apart.ts';
import { rangeAlignment } from './range-alignment.ts';
import { slotLayout } from './slot-layout.ts';
import { uniqueLinks } from './unique-links.ts';

export const addressesRules: readonly Rule[] = [
  addressesInPools,
  poolsApart,
  slotLayout,
  bmcCapacity,
  uniqueLinks,
  bmcAddresses,
  rangeAlignment,
];
