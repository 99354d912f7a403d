// What must hold for a pool that site.yaml cuts into named parts.
import { formatPlace } from '../../diagnostic.ts';
import type { Site } from '../../load.ts';
import type { Finding } from '../rule.ts';
import { type Pool, partsOf, poolOf } from './pools.ts';

/** Each part lies inside the pool, and no two have an address in common. */
export function* wholeAndParts(
  site: Site,
  whole: 'loadBalancers' | 'egress',
  parts: 'loadBalancerPools' | 'egressPools',
): Generator<Finding> {
  const all = partsOf(site, parts);
  const { net, text } = poolOf(site, whole);
  for (const part of all) {
    if (part.net.first >= net.first && part.net.last <= net.last) continue;
    yield {
      place: part.place(),
      message: `${part.name} ${part.text} is not inside ${whole} ${text}`,
      hint: `choose a part of ${whole}, or enlarge network.${whole}`,
    };
  }
  yield* overlapping(all);
}

/** In the order of their first addresses, a network meets an earlier one if it meets the one that reaches furthest. */
function* overlapping(parts: readonly Pool[]): Generator<Finding> {
  const order = new Map(parts.map((part, index) => [part, index]));
  let furthest: Pool | null = null;
  for (const part of [...parts].sort((a, b) => a.net.first - b.net.first)) {
    if (furthest && part.net.first <= furthest.net.last) {
      const inFileOrder = (order.get(part) ?? 0) > (order.get(furthest) ?? 0);
      const [earlier, later]: [Pool, Pool] = inFileOrder ? [furthest, part] : [part, furthest];
      yield {
        place: later.place(),
        message: `${later.name} ${later.text} overlaps ${earlier.name} ${earlier.text} at ${formatPlace(earlier.place())}`,
        hint: 'give each part addresses of its own',
      };
    }
    if (!furthest || part.net.last > furthest.net.last) furthest = part;
  }
}
