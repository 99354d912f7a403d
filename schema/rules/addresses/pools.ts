// The address pools of site.yaml, and the parts that some of them are cut into.
import type { Place } from '../../diagnostic.ts';
import type { ValuePath } from '../../document.ts';
import { type Network, network } from '../../ipv4.ts';
import type { Site } from '../../load.ts';

export interface Pool {
  /** As messages call it: its path below `network` in site.yaml. */
  readonly name: string;
  /** In CIDR form. */
  readonly text: string;
  readonly net: Network;
  /** Where it stands; asked for only when something is wrong with it. */
  readonly place: () => Place;
}

/** Every pool, in one order for all messages. */
export function poolsOf(site: Site): readonly Pool[] {
  const { network: plan } = site.site.value;
  return [
    pool(site, ['node', 'pool'], plan.node.pool),
    pool(site, ['bmc', 'pool'], plan.bmc.pool),
    pool(site, ['bootServerVips'], plan.bootServerVips),
    pool(site, ['bastion'], plan.bastion),
    pool(site, ['pods'], plan.pods),
    pool(site, ['services'], plan.services),
    pool(site, ['loadBalancers'], plan.loadBalancers),
    pool(site, ['egress'], plan.egress),
    pool(site, ['spineLinks'], plan.spineLinks),
  ];
}

/** One pool. */
export function poolOf(site: Site, key: 'bootServerVips' | 'bastion' | 'loadBalancers' | 'egress'): Pool {
  return pool(site, [key], site.site.value.network[key]);
}

/** The named parts of a pool, as they stand in site.yaml. */
export function partsOf(site: Site, key: 'loadBalancerPools' | 'egressPools'): readonly Pool[] {
  return Object.entries(site.site.value.network[key] ?? {}).map(([name, text]) => pool(site, [key, name], text));
}

function pool(site: Site, path: ValuePath, text: string): Pool {
  return { name: path.join('.'), text, net: network(text), place: () => site.site.placeOf('network', ...path) };
}
