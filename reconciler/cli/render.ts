// berth render: what one machine gets from the boot service.

import type { Blueprint } from '../../renderers/blueprint.ts';
import { ipxeScript } from '../../renderers/boot.ts';
import { ignitionScope, prepareIgnition } from '../../renderers/ignition.ts';
import { suggest } from '../../schema/suggest.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import { CliError } from './cli-error.ts';
import { compileFiles, orPrint, readSiteFolder } from './site-folder.ts';

type Renderer = (machine: MachineObject, blueprint: Blueprint) => string;

const renderers: Readonly<Record<string, Renderer>> = {
  ignition: renderIgnition,
  ipxe: renderIpxe,
  dhcp: renderDhcpAnswer,
  machine: (machine) => pretty(machine),
};

export async function render(what: string, machine: string, folder: string): Promise<number> {
  const renderer = Object.hasOwn(renderers, what) ? renderers[what] : undefined;
  if (!renderer) {
    const known = Object.keys(renderers);
    throw new CliError(`${what} cannot be rendered: it is none of ${known.join(', ')}${didYouMean(what, known)}`);
  }
  const compiled = orPrint(await compileFiles(readSiteFolder(folder)), folder);
  if (!compiled) return 1;
  process.stdout.write(renderer(findMachine(compiled.blueprint, machine), compiled.blueprint));
  return 0;
}

function findMachine(blueprint: Blueprint, name: string): MachineObject {
  const machines = [...blueprint.machines.values()];
  const found = blueprint.machines.get(name) ?? machines.find((machine) => machine.name === name);
  if (found) return found;
  const known = [...machines.map((machine) => machine.name), ...blueprint.machines.keys()];
  throw new CliError(`no machine has the serial or name ${name}${didYouMean(name, known)}`);
}

function didYouMean(word: string, known: readonly string[]): string {
  const meant = suggest(word, known);
  return meant === null ? '' : `; did you mean ${meant}?`;
}

function renderIgnition(machine: MachineObject, blueprint: Blueprint): string {
  const rack = blueprint.racks.get(machine.rack);
  const source = blueprint.ignition.get(machine.role);
  if (!rack || !source) throw new CliError(`${machine.name} has no rack or no role`);
  const rendered = prepareIgnition(source)(ignitionScope(blueprint.site, rack, machine, source));
  return pretty(JSON.parse(rendered));
}

/** Before a boot server serves it, its address and the generation are not known. */
function renderIpxe(machine: MachineObject, { site, releases }: Blueprint): string {
  const server = site.servers.find(({ joined }) => joined);
  return ipxeScript(machine, releases, { baseUrl: `http://${server?.node ?? 'boot-server'}`, generation: 1 });
}

/** What a DHCP answer holds, by the relay that the request comes through. */
function renderDhcpAnswer(machine: MachineObject, { site }: Blueprint): string {
  return pretty({
    macs: machine.macs,
    hostName: machine.name,
    domainName: site.domain,
    dns: site.dns,
    ntp: site.ntp,
    leaseSeconds: site.leaseSeconds,
    links: machine.links.map(({ tor, address, prefixLength, gateway }) => ({
      relay: gateway,
      tor,
      address,
      prefixLength,
      gateway,
    })),
  });
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
