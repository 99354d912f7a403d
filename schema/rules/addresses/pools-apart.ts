import { formatPlace } from '../../diagnostic.ts';
import { overlaps } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';
import { type Pool, poolsOf } from './pools.ts';

/** Two uses of one address break routing in ways that are hard to see. */
export const poolsApart: Rule = {
  id: 'BERTH-202',
  title: 'address pools do not overlap',
  *check(site) {
    const earlier: Pool[] = [];
    for (const pool of poolsOf(site)) {
      for (const other of earlier) {
        if (!overlaps(pool.net, other.net)) continue;
        yield {
          place: pool.place(),
          message: `${pool.name} ${pool.text} overlaps ${other.name} ${other.text} at ${formatPlace(other.place())}`,
          hint: 'give each pool addresses of its own',
        };
      }
      earlier.push(pool);
    }
  },
};
