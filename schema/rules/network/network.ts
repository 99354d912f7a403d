// Rules about autonomous systems, switches and boot servers, in the order of their ids.
import type { Rule } from '../rule.ts';
import { bfdTimes } from './bfd-times.ts';
import { bootServerFeeds } from './boot-server-feeds.ts';
import { bootServerQuorum } from './boot-server-quorum.ts';
import { bootServerRacks } from './boot-server-racks.ts';
import { cardPerTor } from './card-per-tor.ts';
import { privateAsns } from './private-asns.ts';
import { rackAsns } from './rack-asns.ts';
import { relayCoverage } from './relay-coverage.ts';
import { relayTargets } from './relay-targets.ts';
import { reservedAsns } from './reserved-asns.ts';
import { spineLinks } from './spine-links.ts';
import { spinePairs } from './spine-pairs.ts';
import { tierAsns } from './tier-asns.ts';
import { torPairs } from './tor-pairs.ts';
import { torRanges } from './tor-ranges.ts';

export const networkRules: readonly Rule[] = [
  rackAsns,
  torRanges,
  spineLinks,
  bootServerRacks,
  reservedAsns,
  privateAsns,
  tierAsns,
  relayTargets,
  torPairs,
  spinePairs,
  bfdTimes,
  bootServerQuorum,
  bootServerFeeds,
  relayCoverage,
  cardPerTor,
];
