// Generated from schema/site/site.schema.json by npm run generate. Do not edit.

/**
 * Version of the site repo's format.
 */
export type Format = 1;
/**
 * Name of this site. It is part of every key in etcd and of the root of its history; it never changes.
 */
export type SiteId = string;
/**
 * DNS domain of the machines.
 */
export type Domain = string;
/**
 * An IPv4 address in dotted decimal, without leading zeros.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "ipv4".
 */
export type Ipv4 = string;
/**
 * Resolvers that machines are given (DHCP option 6).
 *
 * @minItems 1
 */
export type DNSServers = Ipv4[];
/**
 * Time servers that machines are given (DHCP option 42).
 *
 * @minItems 1
 */
export type NTPServers = Ipv4[];
/**
 * Proxy that machines use to reach the outside, if any.
 */
export type HTTPProxy = string;
/**
 * An IPv4 network in CIDR form; the host bits are zero.
 */
export type Pool = string;
/**
 * An IPv4 address in dotted decimal, without leading zeros.
 */
export type Offset = string;
/**
 * A range holds 2^rangeBits addresses; its prefix length is 32 - rangeBits.
 */
export type RangeSize = number;
/**
 * 1 for the /32 node addresses and 1 for each ToR.
 */
export type RangesPerRack = number;
/**
 * The ToR's own address within its range.
 */
export type GatewaySlot = number;
/**
 * The boot server's place in its rack.
 */
export type BootServerSlot = number;
/**
 * First place, counted from the start of the range.
 */
export type First = number;
/**
 * Last place, counted from the start of the range.
 */
export type Last = number;
/**
 * DHCP lease time in seconds.
 */
export type LeaseTime = number;
/**
 * An IPv4 network in CIDR form; the host bits are zero.
 */
export type Pool1 = string;
/**
 * An IPv4 address in dotted decimal, without leading zeros.
 */
export type Offset1 = string;
/**
 * A rack holds 2^rangeBits BMC addresses.
 */
export type RangeSize1 = number;
/**
 * An IPv4 address in dotted decimal, without leading zeros.
 */
export type Gateway = string;
/**
 * Addresses that relays send DHCP to.
 */
export type BootServerVIPs = string;
/**
 * Addresses of boot servers towards operators.
 */
export type Bastion = string;
/**
 * Kubernetes pod addresses.
 */
export type Pods = string;
/**
 * Kubernetes service addresses.
 */
export type Services = string;
/**
 * Addresses of LoadBalancer services.
 */
export type LoadBalancers = string;
/**
 * Source addresses of NAT towards the outside.
 */
export type Egress = string;
/**
 * Pool of the /31 links between spines and ToRs. Link id n is pool + 2n (spine) and pool + 2n + 1 (ToR).
 */
export type SpineLinks = string;
/**
 * A BGP autonomous system number.
 */
export type FirstRack = number;
/**
 * A BGP autonomous system number.
 */
export type Spines = number;
/**
 * A BGP autonomous system number.
 */
export type Core = number;
/**
 * A BGP autonomous system number.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "asn".
 */
export type Asn = number;
/**
 * Numbers that no rack may get.
 */
export type Reserved = Asn[];
/**
 * A name: lower-case letters, digits and dashes.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "name".
 */
export type Name = string;
/**
 * Names of the spine switches.
 *
 * @minItems 1
 */
export type Spines1 = Name[];
/**
 * A name: lower-case letters, digits and dashes.
 */
export type Name1 = string;
/**
 * Number of the rack it stands in.
 */
export type RackNumber = number;
/**
 * Whether it takes part.
 */
export type Joined = boolean;
/**
 * Every boot server, at most one a rack. Those with joined: true serve; the others are declared for later.
 *
 * @minItems 1
 */
export type BootServers = BootServer[];
/**
 * How many racks may have machines restarting at the same time.
 */
export type RacksAtOnce = number;
/**
 * How many machines of a rack may be away at once.
 */
export type UnavailablePerRack = number;
/**
 * How many machines must come back first, one by one, before the rest follow.
 */
export type Canaries = number;
/**
 * A restarted machine that has not reported by then halts the roll-out.
 */
export type Deadline = number;
/**
 * An IPv4 network in CIDR form; the host bits are zero.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "cidr".
 */
export type Cidr = string;

/**
 * site.yaml: what holds for the whole site: its id, names, address plan, spines, boot servers and roll-out policy.
 */
export interface SiteDocument {
  format: Format;
  site: SiteId;
  domain: Domain;
  dns: DNSServers;
  ntp: NTPServers;
  proxy?: HTTPProxy;
  network: Network;
  bootServers: BootServers;
  rollout: RollOutPolicy;
}
/**
 * The address plan. Node k of machine i in rack r = pool + offset + 2^rangeBits * rangesPerRack * r + 2^rangeBits * k + i.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "network".
 */
export interface Network {
  node: NodeAddressPlan;
  bmc: BMCAddressPlan;
  bootServerVips: BootServerVIPs;
  bastion: Bastion;
  pods: Pods;
  services: Services;
  loadBalancers: LoadBalancers;
  egress: Egress;
  spineLinks: SpineLinks;
  asn: AutonomousSystems;
  spines: Spines1;
}
/**
 * Where machine addresses come from.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "nodePlan".
 */
export interface NodeAddressPlan {
  pool: Pool;
  offset?: Offset;
  rangeBits: RangeSize;
  rangesPerRack: RangesPerRack;
  gatewaySlot?: GatewaySlot;
  bootServerSlot: BootServerSlot;
  machineSlots: MachineSlots;
  leaseSlots: LeaseSlots;
  leaseSeconds?: LeaseTime;
}
/**
 * First and last place for machines.
 */
export interface MachineSlots {
  first: First;
  last: Last;
}
/**
 * First and last place kept for strangers' leases.
 */
export interface LeaseSlots {
  first: First;
  last: Last;
}
/**
 * BMC of machine i in rack r = pool + offset + 2^rangeBits * r + i.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "bmcPlan".
 */
export interface BMCAddressPlan {
  pool: Pool1;
  offset: Offset1;
  rangeBits: RangeSize1;
  gateway: Gateway;
}
/**
 * BGP numbers. Rack r has rackBase + r.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "asnPlan".
 */
export interface AutonomousSystems {
  rackBase: FirstRack;
  spine: Spines;
  core: Core;
  reserved?: Reserved;
}
/**
 * One boot server. Its addresses follow from its rack.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "bootServer".
 */
export interface BootServer {
  name: Name1;
  rack: RackNumber;
  joined: Joined;
}
/**
 * How changes that restart machines are carried out.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "rollout".
 */
export interface RollOutPolicy {
  racksAtOnce?: RacksAtOnce;
  maxUnavailablePerRack: UnavailablePerRack;
  canaries?: Canaries;
  deadlineSeconds: Deadline;
}
/**
 * An inclusive range of places in a rack.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "slotRange".
 */
export interface SlotRange {
  first: First;
  last: Last;
}
