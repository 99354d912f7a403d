// Rules about autonomous systems, switches and boot servers, in the order of their ids.
import type { Rule } from '../rule.ts';
import { bootServerRacks } from './boot-server-racks.ts';
import { rackAsns } from './rack-asns.ts';
import { spineLinks } from './spine-links.ts';
import { torRanges } from './tor-ranges.ts';

export const networkRules: readonly Rule[] = [rackAsns, torRanges, spineLinks, bootServerRacks];
