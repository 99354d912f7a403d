// Address pools for a new site: as large as its racks need, with room to grow, none meeting another. Pure.
import { addressPlan, nodeAddress } from '../../../schema/address-plan.ts';
import { contains, formatIpv4, type Ipv4, type Network, network, overlaps } from '../../../schema/ipv4.ts';
import type { SiteDocument } from '../../../schema/types/site.ts';
import { CliError } from '../cli-error.ts';

export interface LayoutRequest {
  readonly racks: number;
  /** How many machines a rack has room for. */
  readonly machinesPerRack: number;
  /** In CIDR form, where they are not for us to choose. */
  readonly nodePool?: string;
  readonly bmcPool?: string;
  /** What else has an address already: resolvers, time servers. */
  readonly taken: readonly Ipv4[];
}

export const gatewaySlot = 1;
export const bootServerSlot = 3;
export const firstMachineSlot = 4;
export const spines = ['spine1', 'spine2'] as const;
/** ToRs of a rack; a machine has a card for each. */
export const torsPerRack = 2;

/** The keys of `network` in site.yaml that hold addresses. */
export type AddressLayout = Pick<
  SiteDocument['network'],
  'node' | 'bmc' | 'bootServerVips' | 'bastion' | 'pods' | 'services' | 'loadBalancers' | 'egress' | 'spineLinks'
>;

/** @throws {CliError} when a pool that was asked for is too small, or there is no room beside it */
export function layOutAddresses(request: LayoutRequest): AddressLayout {
  const { racks, machinesPerRack } = request;
  const lastMachineSlot = firstMachineSlot + machinesPerRack - 1;
  const rangeBits = bitsFor(lastMachineSlot + 1 + leases(machinesPerRack) + 1);
  const rackSize = 2 ** rangeBits * (1 + torsPerRack);
  const bmcBits = Math.max(3, bitsFor(lastMachineSlot + 1));
  const bmcSize = 2 ** bmcBits;
  // Twice as many racks fit as there are, and 16 at least.
  const roomForRacks = Math.max(16, 2 * racks);

  const space = new AddressSpace(request.taken);
  if (request.nodePool !== undefined) space.take('node', request.nodePool, rackSize * racks, request);
  if (request.bmcPool !== undefined) space.take('BMC', request.bmcPool, bmcSize * (1 + racks), request);
  const bmcPool = request.bmcPool ?? space.find('10.72.16.0', bmcSize * (1 + roomForRacks));
  return {
    node: {
      pool: request.nodePool ?? space.find('10.69.0.0', rackSize * roomForRacks),
      rangeBits,
      rangesPerRack: 1 + torsPerRack,
      gatewaySlot,
      bootServerSlot,
      machineSlots: { first: firstMachineSlot, last: lastMachineSlot },
      leaseSlots: { first: lastMachineSlot + 1, last: 2 ** rangeBits - 2 },
      leaseSeconds: 3600,
    },
    bmc: {
      pool: bmcPool,
      // What lies before the ranges of the racks is for the gateway.
      offset: formatIpv4(bmcSize),
      rangeBits: bmcBits,
      gateway: formatIpv4(network(bmcPool).first + 1),
    },
    bootServerVips: space.find('10.71.255.0', 8),
    bastion: space.find('10.72.48.0', 64),
    pods: space.find('10.64.0.0', 2 ** 18),
    services: space.find('10.68.0.0', 2 ** 16),
    loadBalancers: space.find('10.72.32.0', 4096),
    egress: space.find('10.72.49.0', 128),
    spineLinks: space.find('10.72.1.0', Math.max(256, 2 * roomForRacks * torsPerRack * spines.length)),
  };
}

/** Node addresses of the boot servers of the first racks. */
export function bootServerAddresses(layout: AddressLayout, count: number): readonly string[] {
  const plan = addressPlan({ ...layout, asn: { rackBase: 1, spine: 1, core: 1 }, spines: [...spines] });
  return Array.from({ length: count }, (_, rack) => formatIpv4(nodeAddress(plan, rack, bootServerSlot, 0)));
}

/** How many strangers a rack has addresses for: eight at least, and half as many as machines. */
function leases(machinesPerRack: number): number {
  return Math.max(8, Math.ceil(machinesPerRack / 2));
}

/** The smallest number of bits for so many addresses. */
function bitsFor(addresses: number): number {
  return Math.ceil(Math.log2(addresses));
}

/** Where private addresses are looked for (RFC 1918), in this order. */
const privateSpace: readonly Network[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(network);

/** Hands out networks that do not meet. */
class AddressSpace {
  readonly #taken: Network[] = [];
  readonly #hosts: readonly Ipv4[];

  /** @param hosts addresses that no network may hold */
  constructor(hosts: readonly Ipv4[]) {
    this.#hosts = hosts;
  }

  /** @throws {CliError} when the pool is too small, or meets another one */
  take(what: string, pool: string, needed: number, { racks, machinesPerRack }: LayoutRequest): void {
    const net = network(pool);
    if (net.last - net.first + 1 < needed) {
      const wanted = `${racks === 1 ? '1 rack' : `${racks} racks`} with room for ${machinesPerRack} machines each`;
      throw new CliError(`the ${what} pool ${pool} is too small: ${wanted} need a /${32 - bitsFor(needed)}`);
    }
    if (this.#taken.some((other) => overlaps(net, other))) {
      throw new CliError(`the ${what} pool ${pool} meets another one`);
    }
    this.#taken.push(net);
  }

  /** A free network for so many addresses, the first one from here on if there is one; it is taken then. */
  find(from: string, addresses: number): string {
    const prefixLength = 32 - bitsFor(addresses);
    const size = 2 ** (32 - prefixLength);
    const { first: start } = network(`${from}/32`);
    for (const space of privateSpace) {
      const begin = contains(space, start) ? Math.ceil(start / size) * size : space.first;
      const first = this.#firstFree(begin, size, space.last) ?? this.#firstFree(space.first, size, space.last);
      if (first === null) continue;
      this.#taken.push({ first, last: first + size - 1, prefixLength });
      return `${formatIpv4(first)}/${prefixLength}`;
    }
    throw new CliError(`there is no private network with ${size} free addresses beside those that are asked for`);
  }

  #firstFree(begin: Ipv4, size: number, last: Ipv4): Ipv4 | null {
    for (let first = begin; first + size - 1 <= last; ) {
      const net: Network = { first, last: first + size - 1, prefixLength: 32 - Math.log2(size) };
      const inTheWay = this.#inTheWay(net);
      if (inTheWay === null) return first;
      first = Math.floor(inTheWay / size + 1) * size;
    }
    return null;
  }

  /** The last address of what meets the network; null where nothing does. */
  #inTheWay(net: Network): Ipv4 | null {
    const other = this.#taken.find((taken) => overlaps(net, taken));
    if (other) return other.last;
    return this.#hosts.find((host) => contains(net, host)) ?? null;
  }
}
