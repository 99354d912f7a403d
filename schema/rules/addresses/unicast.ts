import type { Place } from '../../diagnostic.ts';
import { type Network, network, overlaps } from '../../ipv4.ts';
import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { type Pool, poolsOf } from './pools.ts';
import { serversOf } from './servers.ts';

/** Blocks of the IANA registry of special-purpose addresses (RFC 6890) in which no other host can be reached. */
const blocks: readonly (readonly [text: string, purpose: string])[] = [
  ['0.0.0.0/8', '"this network"'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local addresses'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'future use and broadcast'],
];
const special = blocks.map(([text, purpose]) => ({ text, purpose, net: network(text) }));

/** The block that a network has addresses of, if there is one. */
export function specialBlock(net: Network) {
  return special.find((block) => overlaps(block.net, net));
}

/** Kernels and switches drop what comes from or goes to such addresses. */
export const unicast: Rule = {
  id: 'BERTH-209',
  title: 'pools and servers have addresses that hosts can be reached at',
  *check(site) {
    for (const used of addressesUsed(site)) {
      const block = specialBlock(used.net);
      if (!block) continue;
      yield {
        place: used.place(),
        message: `${used.name} ${used.text} meets ${block.text}, which is for ${block.purpose}`,
        hint: 'private addresses lie in 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16',
      };
    }
  },
};

/** The proxy aside, which each machine may run for itself. */
function* addressesUsed(site: Site): Generator<Pool> {
  for (const { name, text, place } of serversOf(site)) {
    if (name !== 'proxy') yield { name: `the ${name}`, text, place, net: network(`${text}/32`) };
  }
  yield* poolsOf(site);
  const { apiServer: text } = site.site.value.network;
  const place = (): Place => site.site.placeOf('network', 'apiServer');
  if (text !== undefined) yield { name: 'apiServer', text, place, net: network(`${text}/32`) };
}
