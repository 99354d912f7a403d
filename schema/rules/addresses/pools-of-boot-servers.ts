// What must hold for a pool that has an address for each boot server.
import type { Site } from '../../load.ts';
import type { Finding } from '../rule.ts';
import { poolOf } from './pools.ts';

/** Its addresses are used as /32 each, so that the first and the last count too. */
export function* roomForBootServers(site: Site, name: 'bootServerVips' | 'bastion'): Generator<Finding> {
  const { net, text, place } = poolOf(site, name);
  const addresses = net.last - net.first + 1;
  const servers = site.site.value.bootServers.length;
  if (servers <= addresses) return;
  const bits = Math.ceil(Math.log2(servers));
  const held = addresses === 1 ? '1 address' : `${addresses} addresses`;
  yield {
    place: place(),
    message: `${name} ${text} has ${held} for ${servers} boot servers`,
    hint: `choose a network of ${2 ** bits} addresses, which is a /${32 - bits}, or a larger one`,
  };
}
