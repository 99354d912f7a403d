// The address formula: every address of a machine is a function of its rack's number and its slot.
import { formatIpv4, type Ipv4, ipv4, type Network, network } from './ipv4.ts';
import type { SiteDocument } from './types/site.ts';

/** The plan of site.yaml with its defaults filled in, in numbers. */
export interface AddressPlan {
  readonly nodePool: Network;
  /** First address of rack 0's range 0. */
  readonly nodeBase: Ipv4;
  /** Addresses in a range. */
  readonly rangeSize: number;
  readonly rangePrefixLength: number;
  readonly rangesPerRack: number;
  readonly gatewaySlot: number;
  readonly bmcPool: Network;
  readonly bmcBase: Ipv4;
  /** BMC addresses in a rack. */
  readonly bmcRangeSize: number;
  readonly bmcGateway: Ipv4;
  readonly spineLinkPool: Network;
}

export function addressPlan(plan: SiteDocument['network']): AddressPlan {
  const nodePool = network(plan.node.pool);
  const bmcPool = network(plan.bmc.pool);
  return {
    nodePool,
    nodeBase: nodePool.first + ipv4(plan.node.offset ?? '0.0.0.0'),
    rangeSize: 2 ** plan.node.rangeBits,
    rangePrefixLength: 32 - plan.node.rangeBits,
    rangesPerRack: plan.node.rangesPerRack,
    gatewaySlot: plan.node.gatewaySlot ?? 1,
    bmcPool,
    bmcBase: bmcPool.first + ipv4(plan.bmc.offset),
    bmcRangeSize: 2 ** plan.bmc.rangeBits,
    bmcGateway: ipv4(plan.bmc.gateway),
    spineLinkPool: network(plan.spineLinks),
  };
}

/** Start of range `k` of rack `r`; k = 0 holds the /32 node addresses, k = 1, 2 … the ToRs' ranges. */
export function rangeStart(plan: AddressPlan, r: number, k: number): Ipv4 {
  return plan.nodeBase + plan.rangeSize * (plan.rangesPerRack * r + k);
}

/** Node k of machine i in rack r: pool + offset + 2^rangeBits · rangesPerRack · r + 2^rangeBits · k + i. */
export function nodeAddress(plan: AddressPlan, r: number, i: number, k: number): Ipv4 {
  return rangeStart(plan, r, k) + i;
}

/** The ToR of range k: gateway of the range, and the relay agent's address (giaddr). */
export function torAddress(plan: AddressPlan, r: number, k: number): Ipv4 {
  return nodeAddress(plan, r, plan.gatewaySlot, k);
}

/** BMC of machine i in rack r: pool + offset + 2^rangeBits · r + i. */
export function bmcAddress(plan: AddressPlan, r: number, i: number): Ipv4 {
  return plan.bmcBase + plan.bmcRangeSize * r + i;
}

/** The two ends of a spine link: the spine has the even address, the ToR the odd one (RFC 3021 /31). */
export function linkAddresses(plan: AddressPlan, id: number): { readonly spine: Ipv4; readonly tor: Ipv4 } {
  const spine = plan.spineLinkPool.first + 2 * id;
  return { spine, tor: spine + 1 };
}

/** The text of an address that may lie past the end of the address space, for messages. */
export function showAddress(address: Ipv4): string {
  return address > 0xffffffff ? 'an address past 255.255.255.255' : formatIpv4(address);
}
