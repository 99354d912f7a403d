import type { Rule } from '../rule.ts';
import { roomForBootServers } from './pools-of-boot-servers.ts';

/** Operators cannot log in to a boot server that has none. */
export const bastion: Rule = {
  id: 'BERTH-215',
  title: 'bastion has an address for each boot server',
  check: (site) => roomForBootServers(site, 'bastion'),
};
