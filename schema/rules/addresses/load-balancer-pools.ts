import type { Rule } from '../rule.ts';
import { wholeAndParts } from './pool-parts.ts';

/** Only addresses of the whole pool are announced: a service with another one is never reached. */
export const loadBalancerPools: Rule = {
  id: 'BERTH-211',
  title: 'load balancer pools are parts of loadBalancers that do not overlap',
  check: (site) => wholeAndParts(site, 'loadBalancers', 'loadBalancerPools'),
};
