import type { Rule } from '../rule.ts';
import { rangeOf, wrongAsns } from './asns.ts';
import { reservedAsnRanges } from './reserved-asns.ts';

/** RFC 6996. */
const privateUse = [
  { first: 64512, last: 65534 },
  { first: 4200000000, last: 4294967294 },
];

/** What other rules say of a number is enough. */
const othersSayIt = [...reservedAsnRanges, { first: 4294967295, last: Number.POSITIVE_INFINITY }];
const passed = [...privateUse, ...othersSayIt];

/** A number that is somebody's on the Internet hides their routes, should they ever be heard here. */
export const privateAsns: Rule = {
  id: 'BERTH-306',
  title: 'AS numbers are for private use',
  severity: 'warning',
  check: (site) =>
    wrongAsns(
      site,
      'if the number is your own, nothing needs to be done; else choose 64512 to 65534, or 4200000000 to 4294967294',
      (number) => (rangeOf(passed, number) ? null : 'which is not for private use (RFC 6996)'),
    ),
};
