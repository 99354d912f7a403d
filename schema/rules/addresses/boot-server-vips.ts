import type { Rule } from '../rule.ts';
import { roomForBootServers } from './pools-of-boot-servers.ts';

/** Those without one get no DHCP requests through it, even when all others are away. */
export const bootServerVips: Rule = {
  id: 'BERTH-214',
  title: 'bootServerVips has an address for each boot server',
  check: (site) => roomForBootServers(site, 'bootServerVips'),
};
