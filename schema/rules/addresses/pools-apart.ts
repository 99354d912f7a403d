import { formatPlace } from '../../diagnostic.ts';
import type { ValuePath } from '../../document.ts';
import { type Network, network, overlaps } from '../../ipv4.ts';
import type { Rule } from '../rule.ts';

/** Two uses of one address break routing in ways that are hard to see. */
export const poolsApart: Rule = {
  id: 'BERTH-202',
  title: 'address pools do not overlap',
  *check(site) {
    const { network: plan } = site.site.value;
    const pools: readonly (readonly [ValuePath, string])[] = [
      [['node', 'pool'], plan.node.pool],
      [['bmc', 'pool'], plan.bmc.pool],
      [['bootServerVips'], plan.bootServerVips],
      [['bastion'], plan.bastion],
      [['pods'], plan.pods],
      [['services'], plan.services],
      [['loadBalancers'], plan.loadBalancers],
      [['egress'], plan.egress],
      [['spineLinks'], plan.spineLinks],
    ];
    const earlier: { readonly path: ValuePath; readonly text: string; readonly pool: Network }[] = [];
    for (const [path, text] of pools) {
      const pool = network(text);
      for (const other of earlier) {
        if (!overlaps(pool, other.pool)) continue;
        const where = formatPlace(site.site.placeOf('network', ...other.path));
        yield {
          place: site.site.placeOf('network', ...path),
          message: `${path.join('.')} ${text} overlaps ${other.path.join('.')} ${other.text} at ${where}`,
          hint: 'give each pool addresses of its own',
        };
      }
      earlier.push({ path, text, pool });
    }
  },
};
