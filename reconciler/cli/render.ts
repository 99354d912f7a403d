// berth render: what one machine gets from the boot service.
import type { Blueprint } from '../../renderers/blueprint.ts';
import { suggest } from '../../schema/suggest.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import { dhcpAnswer, machineIgnition, machineScript, pretty } from '../plan/rendered/machine.ts';
import { CliError } from './cli-error.ts';
import { compileFiles, orPrint, readSiteFolder } from './site-folder.ts';

type Renderer = (machine: MachineObject, blueprint: Blueprint) => string;

const renderers: Readonly<Record<string, Renderer>> = {
  ignition: (machine, blueprint) => pretty(JSON.parse(machineIgnition(blueprint, machine))),
  ipxe: (machine, blueprint) => machineScript(blueprint, machine),
  dhcp: (machine, blueprint) => dhcpAnswer(blueprint, machine),
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

export function findMachine(blueprint: Blueprint, name: string): MachineObject {
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
