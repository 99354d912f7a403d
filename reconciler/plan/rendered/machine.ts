// What boot servers give to one machine, part by part, for people to read and to compare.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { ipxeScript } from '../../../renderers/boot.ts';
import { renderDhcp } from '../../../renderers/dhcp.ts';
import { type IgnitionRenderer, ignitionScope, prepareIgnition } from '../../../renderers/ignition.ts';
import { formatIpv4 } from '../../../schema/ipv4.ts';
import type { IgnitionSource } from '../../../schema/types/ignition-object.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import { ignitionParts } from './ignition.ts';

/** Texts by the names that they are shown under, in the order in which they are shown. */
export type Parts = ReadonlyMap<string, string>;

/** @throws {RangeError} when the blueprint lacks the machine's rack or role, which no compiled one does */
export function machineParts(blueprint: Blueprint, machine: MachineObject): Parts {
  return new Map([
    ['DHCP answer', dhcpAnswer(blueprint, machine)],
    ['iPXE script', oneArgumentPerLine(machineScript(blueprint, machine))],
    ...ignitionParts(machineIgnition(blueprint, machine)),
  ]);
}

/** What a DHCP answer holds, by the relay that the request comes through: as JSON. */
export function dhcpAnswer({ site, racks, releases }: Blueprint, machine: MachineObject): string {
  const { serverId, baseUrl } = exampleServer(site.servers);
  const rack = racks.get(machine.rack);
  const sources = { site, racks: rack ? [rack] : [], machines: [machine], releases };
  const tables = renderDhcp(sources, { serverId, baseUrl });
  const [answer] = tables.machines.values();
  const links = answer?.links.map(({ address, subnetMask, gateway }) => ({
    relay: formatIpv4(gateway),
    tor: tables.relays.get(gateway)?.tor,
    address: formatIpv4(address),
    subnetMask: formatIpv4(subnetMask),
    router: formatIpv4(gateway),
  }));
  return pretty({
    macs: machine.macs,
    serverId: formatIpv4(tables.serverId),
    leaseSeconds: tables.leaseSeconds,
    hostName: answer?.name,
    domainName: tables.domain,
    dns: tables.dns.map(formatIpv4),
    ntp: tables.ntp.map(formatIpv4),
    bootPrograms: tables.bootProgramUrls,
    ipxeScript: answer?.ipxeScriptUrl,
    links,
  });
}

/** The iPXE script. Before boot servers serve it, its generation is not known: it says 1. */
export function machineScript({ site, releases }: Blueprint, machine: MachineObject): string {
  return ipxeScript(machine, releases, { baseUrl: exampleServer(site.servers).baseUrl, generation: 1 });
}

/** The Ignition config: canonical JSON. */
export function machineIgnition(blueprint: Blueprint, machine: MachineObject): string {
  const rack = blueprint.racks.get(machine.rack);
  const source = blueprint.ignition.get(machine.role);
  if (!rack || !source) throw new RangeError(`${machine.name} has no rack or no role`);
  return rendererOf(source)(ignitionScope(blueprint.site, rack, machine, source));
}

const renderers = new WeakMap<IgnitionSource, IgnitionRenderer>();

function rendererOf(source: IgnitionSource): IgnitionRenderer {
  const renderer = renderers.get(source) ?? prepareIgnition(source);
  renderers.set(source, renderer);
  return renderer;
}

/** Each boot server answers with its own address; the first that has joined stands for all. */
function exampleServer(servers: Blueprint['site']['servers']): {
  readonly serverId: string;
  readonly baseUrl: string;
} {
  const node = servers.find(({ joined }) => joined)?.node;
  return { serverId: node ?? '0.0.0.0', baseUrl: `http://${node ?? 'boot-server'}` };
}

function oneArgumentPerLine(script: string): string {
  return script.replace(/^kernel .*$/m, (line) => line.split(' ').join('\n  ').replace('\n  ', ' '));
}

/** JSON for people. */
export function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
