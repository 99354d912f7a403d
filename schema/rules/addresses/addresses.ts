// Rules about the address plan and all that follows from it, in the order of their ids.
import type { Rule } from '../rule.ts';
import { addressesInPools } from './addresses-in-pools.ts';
import { apiServer } from './api-server.ts';
import { bastion } from './bastion.ts';
import { bmcAddresses } from './bmc-addresses.ts';
import { bmcCapacity } from './bmc-capacity.ts';
import { bootServerVips } from './boot-server-vips.ts';
import { egressPools } from './egress-pools.ts';
import { loadBalancerPools } from './load-balancer-pools.ts';
import { poolsApart } from './pools-apart.ts';
import { privatePools } from './private-pools.ts';
import { rangeAlignment } from './range-alignment.ts';
import { serverAddresses } from './server-addresses.ts';
import { serversOnce } from './servers-once.ts';
import { serversOutsideCluster } from './servers-outside-cluster.ts';
import { servingBootServers } from './serving-boot-servers.ts';
import { slotLayout } from './slot-layout.ts';
import { unicast } from './unicast.ts';
import { uniqueLinks } from './unique-links.ts';

export const addressesRules: readonly Rule[] = [
  addressesInPools,
  poolsApart,
  slotLayout,
  bmcCapacity,
  uniqueLinks,
  bmcAddresses,
  rangeAlignment,
  serverAddresses,
  unicast,
  privatePools,
  loadBalancerPools,
  egressPools,
  apiServer,
  bootServerVips,
  bastion,
  serversOutsideCluster,
  servingBootServers,
  serversOnce,
];
