import { formatPlace } from '../../diagnostic.ts';
import { overlaps } from '../../ipv4.ts';
import type { Finding, Rule } from '../rule.ts';
import { type Pool, poolsOf } from './pools.ts';

/** Two uses of one address break routing in ways that are hard to see. */
export const poolsApart: Rule = {
  id: 'BERTH-202',
  title: 'address pools do not overlap',
  *check(site): Generator<Finding> {
    const pools = poolsOf(site);
    const meets = new Map(pools.map((pool) => [pool, pools.filter((other) => other !== pool && meet(pool, other))]));
    for (;;) {
      const [pool, others] = worstOf(meets);
      const [other, ...more] = others;
      if (!pool || !other) return;
      const rest = more.length === 0 ? '' : `, and ${more.map(({ name }) => name).join(', ')}`;
      yield {
        place: pool.place(),
        message: `${pool.name} ${pool.text} overlaps ${other.name} ${other.text} at ${formatPlace(other.place())}${rest}`,
        hint: 'give each pool addresses of its own',
      };
      meets.delete(pool);
      for (const [left, met] of meets)
        meets.set(
          left,
          met.filter((each) => each !== pool),
        );
    }
  },
};

function meet(one: Pool, other: Pool): boolean {
  return overlaps(one.net, other.net);
}

/** The pool that meets the most others, which is the one to change; of several, the last. */
function worstOf(meets: ReadonlyMap<Pool, readonly Pool[]>): readonly [Pool | null, readonly Pool[]] {
  let worst: readonly [Pool | null, readonly Pool[]] = [null, []];
  for (const entry of meets) if (entry[1].length >= worst[1].length) worst = entry;
  return worst;
}
