// Site, racks, machines and pins → the tables that a boot server answers DHCP from.
// Everything is resolved here (addresses as numbers, URLs as text), so that an answer is a look-up.
import { type Ipv4, ipv4 } from '../schema/ipv4.ts';
import type { MachineLink, MachineObject } from '../schema/types/machine-object.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { ReleasesObject } from '../schema/types/releases-object.ts';
import type { SiteObject } from '../schema/types/site-object.ts';
import { assetPath, scriptPath } from './boot.ts';

/** Architectures that boot programs are pinned for. */
export type BootArchitecture = 'x64' | 'arm64';

/** All that a boot server knows when it answers DHCP: plain data, replaced as a whole with each generation. */
export interface DhcpTables {
  /** Option 54 of this boot server: an address that outlives any of its links. */
  readonly serverId: Ipv4;
  readonly leaseSeconds: number;
  readonly domain: string;
  readonly dns: readonly Ipv4[];
  readonly ntp: readonly Ipv4[];
  /** The relay agents that requests are taken from, by giaddr. */
  readonly relays: ReadonlyMap<Ipv4, DhcpRelay>;
  /** Machines by each of their MAC addresses (lower case with colons). */
  readonly machines: ReadonlyMap<string, DhcpMachine>;
  /** URL of the boot program for UEFI HTTP boot; an architecture without one is absent. */
  readonly bootProgramUrls: Readonly<Partial<Record<BootArchitecture, string>>>;
}

/** A ToR switch that relays DHCP. */
export interface DhcpRelay {
  readonly rack: string;
  readonly tor: string;
}

export interface DhcpMachine {
  readonly serial: string;
  /** Host name without domain. */
  readonly name: string;
  readonly rack: string;
  /** One per ToR. */
  readonly links: readonly DhcpLink[];
  readonly ipxeScriptUrl: string;
}

/** A machine's address on the range of one ToR. */
export interface DhcpLink {
  readonly address: Ipv4;
  readonly subnetMask: Ipv4;
  /** The ToR's own address on the range. */
  readonly gateway: Ipv4;
}

/** The objects of one blueprint that DHCP is made from. */
export interface DhcpSources {
  readonly site: SiteObject;
  readonly racks: readonly RackObject[];
  readonly machines: readonly MachineObject[];
  readonly releases: ReleasesObject;
}

/** The boot server that the tables are for: its DHCP server id, and the base of its URLs without a slash at the end. */
export interface DhcpServerIdentity {
  readonly serverId: string;
  readonly baseUrl: string;
}

/**
 * Render the DHCP tables of one boot server.
 * @throws {RangeError} when an address in the objects is none; the schema of the objects rules that out
 */
export function renderDhcp(sources: DhcpSources, server: DhcpServerIdentity): DhcpTables {
  const { site, racks, machines, releases } = sources;
  return {
    serverId: ipv4(server.serverId),
    leaseSeconds: site.leaseSeconds,
    domain: site.domain,
    dns: site.dns.map(ipv4),
    ntp: site.ntp.map(ipv4),
    relays: relaysOf(racks),
    machines: machinesOf(machines, server.baseUrl),
    bootProgramUrls: bootProgramUrls(releases, server.baseUrl),
  };
}

function relaysOf(racks: readonly RackObject[]): ReadonlyMap<Ipv4, DhcpRelay> {
  const relays = new Map<Ipv4, DhcpRelay>();
  for (const rack of racks) {
    for (const tor of rack.tors) relays.set(ipv4(tor.address), { rack: rack.name, tor: tor.name });
  }
  return relays;
}

function machinesOf(objects: readonly MachineObject[], baseUrl: string): ReadonlyMap<string, DhcpMachine> {
  const machines = new Map<string, DhcpMachine>();
  for (const { serial, name, rack, links, macs } of objects) {
    const ipxeScriptUrl = baseUrl + scriptPath(serial);
    const machine = { serial, name, rack, links: links.map(dhcpLink), ipxeScriptUrl };
    for (const mac of macs) machines.set(mac, machine);
  }
  return machines;
}

function dhcpLink({ address, prefixLength, gateway }: MachineLink): DhcpLink {
  return { address: ipv4(address), subnetMask: subnetMask(prefixLength), gateway: ipv4(gateway) };
}

function subnetMask(prefixLength: number): Ipv4 {
  return 2 ** 32 - 2 ** (32 - prefixLength);
}

function bootProgramUrls({ bootPrograms }: ReleasesObject, baseUrl: string): DhcpTables['bootProgramUrls'] {
  const { x64, arm64 } = bootPrograms;
  return {
    ...(x64 === undefined ? {} : { x64: baseUrl + assetPath(x64) }),
    ...(arm64 === undefined ? {} : { arm64: baseUrl + assetPath(arm64) }),
  };
}
