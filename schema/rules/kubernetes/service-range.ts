// The addresses of network.services that a service can be given.
import { contains, type Ipv4, network } from '../../ipv4.ts';

/** Why an address is none for a service, to be read after it; null when it is one. @param services the pool, in CIDR form */
export function serviceFault(services: string, address: Ipv4): string | null {
  const { first, last } = network(services);
  const pool = `network.services ${services}`;
  if (!contains(network(services), address)) return `lies outside ${pool}`;
  if (address === first) return `is the first address of ${pool}, which no service gets`;
  if (address === first + 1) return `is the second address of ${pool}, which is the API server's own`;
  if (address === last) return `is the last address of ${pool}, which no service gets`;
  return null;
}
