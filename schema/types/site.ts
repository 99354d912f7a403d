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
 * IANA time zone that windows and freezes of the roll-out policy are written in.
 */
export type TimeZone = string;
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
 * An IPv4 network in CIDR form; the host bits are zero.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "cidr".
 */
export type Cidr = string;
/**
 * An IPv4 network in CIDR form; the host bits are zero.
 */
export type Egress = string;
/**
 * An IPv4 address in dotted decimal, without leading zeros.
 */
export type KubernetesAPI = string;
/**
 * An IPv4 network in CIDR form; the host bits are zero.
 */
export type SpineLinks = string;
/**
 * Number of rack 0; rack r has this number + r.
 */
export type FirstRack = number;
/**
 * Number of all spines.
 */
export type Spines = number;
/**
 * Number of what lies beyond the spines.
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
 * Where relays send requests: node addresses of boot servers that have joined, or boot server VIPs.
 *
 * @minItems 1
 */
export type Targets = Ipv4[];
/**
 * Shortest interval in which packets are taken.
 */
export type ReceiveInterval = number;
/**
 * Shortest interval in which packets are sent.
 */
export type TransmitInterval = number;
/**
 * A neighbour is down after so many packets were missed.
 */
export type Multiplier = number;
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
 * How long the canaries, and then each wave, must have run before the next machines follow.
 */
export type Soak = number;
/**
 * A name: lower-case letters, digits and dashes.
 */
export type Name2 = string;
/**
 * Name of a file in roles/.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "role".
 */
export type Role = string;
/**
 * Machines of these roles.
 *
 * @minItems 1
 */
export type Roles = Role[];
/**
 * Machines of these racks, by the names of their files.
 *
 * @minItems 1
 */
export type Racks = string[];
/**
 * These machines, by serial.
 *
 * @minItems 1
 */
export type Machines = string[];
/**
 * Machines in this order: each wave follows when the one before it is done and has soaked. What no wave names comes last.
 */
export type Waves = Wave[];
/**
 * Roles that it holds for; all where none are named.
 *
 * @minItems 1
 */
export type Roles1 = Role[];
/**
 * On which it opens.
 *
 * @minItems 1
 */
export type Days = ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
/**
 * When it opens, in quotes: "22:00".
 */
export type From = string;
/**
 * When it closes, in quotes; on the next day when it is not after from.
 */
export type To = string;
/**
 * When machines may be restarted; at any time where there are none for their role.
 */
export type Windows = Window[];
/**
 * Its first minute, in the time zone of the site.
 */
export type From1 = string;
/**
 * The minute at which it is over.
 */
export type To1 = string;
/**
 * Shown in plans.
 */
export type Reason = string;
/**
 * Roles that it holds for; all where none are named.
 *
 * @minItems 1
 */
export type Roles2 = Role[];
/**
 * When no machine may be restarted.
 */
export type Freezes = Freeze[];
/**
 * In the whole site.
 */
export type Site = number;
/**
 * On each power feed.
 */
export type PowerFeed = number;
/**
 * How many machines may be retired within 24 hours.
 */
export type DestructiveChangesPerDay = number;
/**
 * What machines boot. Key of an operating system in releases.yaml.
 */
export type OperatingSystem = string;
/**
 * They come before those of the role. Each is one argument, name or name=value.
 */
export type KernelArguments = string[];
/**
 * Of every machine. Kubernetes node taints, key=value:Effect.
 */
export type Taints = string[];
/**
 * Hours and minutes.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "timeOfDay".
 */
export type TimeOfDay = string;
/**
 * A minute of a day: year-month-dayThours:minutes.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "minute".
 */
export type Minute = string;

/**
 * site.yaml: what holds for the whole site: its id, names, address plan, spines, boot servers and roll-out policy.
 */
export interface SiteDocument {
  format: Format;
  site: SiteId;
  domain: Domain;
  timeZone?: TimeZone;
  dns: DNSServers;
  ntp: NTPServers;
  proxy?: HTTPProxy;
  network: Network;
  bootServers: BootServers;
  rollout: RollOutPolicy;
  defaults?: Defaults;
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
  loadBalancerPools?: LoadBalancerPools;
  egress: Egress;
  egressPools?: EgressPools;
  apiServer?: KubernetesAPI;
  spineLinks: SpineLinks;
  asn: AutonomousSystems;
  spines: Spines1;
  dhcpRelay?: DHCPRelay;
  bfd?: BFD;
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
 * Parts of the load balancers' pool by name, for services that ask for one.
 */
export interface LoadBalancerPools {
  [k: string]: Cidr;
}
/**
 * Parts of the egress pool by name, for gateways that ask for one.
 */
export interface EgressPools {
  [k: string]: Cidr;
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
 * What the relay agents of the ToRs are set up with.
 */
export interface DHCPRelay {
  targets: Targets;
}
/**
 * Bidirectional Forwarding Detection (RFC 5880) between machines and ToRs.
 */
export interface BFD {
  minReceiveMilliseconds?: ReceiveInterval;
  minTransmitMilliseconds?: TransmitInterval;
  multiplier?: Multiplier;
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
  soakSeconds?: Soak;
  waves?: Waves;
  windows?: Windows;
  freezes?: Freezes;
  budgets?: Budgets;
  maxDestructivePerDay?: DestructiveChangesPerDay;
}
/**
 * Machines that restart together; those that match every key.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "wave".
 */
export interface Wave {
  name: Name2;
  roles?: Roles;
  racks?: Racks;
  machines?: Machines;
}
/**
 * A span of time on days of the week, in the time zone of the site. It may go past midnight.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "window".
 */
export interface Window {
  roles?: Roles1;
  days: Days;
  from: From;
  to: To;
}
/**
 * A span of time in which nothing restarts.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "freeze".
 */
export interface Freeze {
  from: From1;
  to: To1;
  reason: Reason;
  roles?: Roles2;
}
/**
 * How many machines may be away at once in each failure domain, beside the budget of each rack.
 *
 * This interface was referenced by `SiteDocument`'s JSON-Schema
 * via the `definition` "budgets".
 */
export interface Budgets {
  site?: Site;
  powerFeed?: PowerFeed;
  roles?: Roles3;
}
/**
 * Of a role, by its name.
 */
export interface Roles3 {
  [k: string]: number;
}
/**
 * What holds for every machine unless its role or the machine itself says otherwise.
 */
export interface Defaults {
  os?: OperatingSystem;
  arguments?: KernelArguments;
  labels?: Labels;
  taints?: Taints;
  variables?: Variables;
}
/**
 * Of every machine. Shown in status and given to Kubernetes.
 */
export interface Labels {
  [k: string]: string;
}
/**
 * For every machine. Values for {{ variables.<name> }} in Ignition.
 */
export interface Variables {
  [k: string]: string | number | boolean;
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
