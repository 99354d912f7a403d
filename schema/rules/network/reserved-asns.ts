import type { Rule } from '../rule.ts';
import { rangeOf, wrongAsns } from './asns.ts';

/** By the IANA registry of AS numbers; what lies past its end is BERTH-301's. */
export const reservedAsnRanges = [
  { first: 23456, last: 23456, purpose: 'which stands for any four-byte number (RFC 6793)' },
  { first: 64496, last: 64511, purpose: 'which is for documentation (RFC 5398)' },
  { first: 65535, last: 65535, purpose: 'which is reserved (RFC 7300)' },
  { first: 65536, last: 65551, purpose: 'which is for documentation (RFC 5398)' },
  { first: 65552, last: 131071, purpose: 'which is reserved by IANA' },
];

/** Routers refuse some of these numbers, and filters drop routes with any of them. */
export const reservedAsns: Rule = {
  id: 'BERTH-305',
  title: 'no AS number is one that standards reserve',
  check: (site) =>
    wrongAsns(
      site,
      'choose numbers for private use: 64512 to 65534, or 4200000000 to 4294967294 (RFC 6996)',
      (number) => rangeOf(reservedAsnRanges, number)?.purpose ?? null,
    ),
};
