// A generation as the boot service holds it: complete, verified, and ready to answer from memory.
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { BootBlueprint } from '../renderers/blueprint.ts';
import { ipxeScript } from '../renderers/boot.ts';
import { type DhcpTables, renderDhcp } from '../renderers/dhcp.ts';
import { type IgnitionRenderer, ignitionScope, prepareIgnition } from '../renderers/ignition.ts';
import { sha256 } from '../schema/canonical.ts';
import type { MachineObject } from '../schema/types/machine-object.ts';
import type { AssetPin } from '../schema/types/releases-object.ts';
import type { Target } from '../schema/types/target.ts';

/** Machines verified before others get their turn: some milliseconds' work, less than a DHCP client notices. */
const machinesAtOnce = 50;

/**
 * Why a generation is not served. When it cannot be, the one before stays in force; a server that the site does not
 * name, or that has not joined, is to serve nothing at all.
 */
export class GenerationError extends Error {
  override readonly name = 'GenerationError';
  readonly code: 'GENERATION' | 'NOT_JOINED';

  constructor(code: GenerationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The boot server that serves. */
export interface ServerIdentity {
  /** As site.yaml names it. */
  readonly name: string;
  /** Base of its URLs without a slash at the end; null for its node address and `httpPort`. */
  readonly baseUrl: string | null;
  readonly httpPort: number;
}

export interface Generation {
  readonly target: Target;
  readonly blueprint: BootBlueprint;
  readonly dhcp: DhcpTables;
  /** Every file that machines of this generation may ask for, by digest. */
  readonly assets: ReadonlyMap<string, AssetPin>;
  ipxe(machine: MachineObject): string;
  ignition(machine: MachineObject): string;
}

/**
 * Make a blueprint ready to serve. Every machine is rendered once and compared with the digest that the reconciler
 * planned: what is served is what was reviewed.
 * @throws {GenerationError} when a machine cannot be served just so
 */
export async function prepareGeneration(
  target: Target,
  blueprint: BootBlueprint,
  server: ServerIdentity,
): Promise<Generation> {
  const { site, releases, racks, machines } = blueprint;
  const self = site.servers.find(({ name }) => name === server.name);
  if (!self?.joined) {
    const why = self ? 'has not joined' : 'is none of its boot servers';
    throw new GenerationError('NOT_JOINED', `this is ${server.name}, which by site ${site.site} ${why}`);
  }
  const baseUrl = server.baseUrl ?? `http://${self.node}:${server.httpPort}`;
  const renderers = new Map<string, IgnitionRenderer>();
  for (const [role, source] of blueprint.ignition) renderers.set(role, prepareIgnition(source));
  const generation: Generation = {
    target,
    blueprint,
    dhcp: renderDhcp(
      { site, racks: [...racks.values()], machines: [...machines.values()], releases },
      { serverId: self.node, baseUrl },
    ),
    assets: assetsOf(blueprint),
    ipxe: (machine) => ipxeScript(machine, releases, { baseUrl, generation: target.generation }),
    ignition: (machine) => {
      const rack = racks.get(machine.rack);
      const source = blueprint.ignition.get(machine.role);
      const render = renderers.get(machine.role);
      if (!rack || !source || !render)
        throw new GenerationError('GENERATION', `${machine.serial} has no rack or no role`);
      return render(ignitionScope(site, rack, machine, source));
    },
  };
  let sinceYield = 0;
  for (const machine of machines.values()) {
    verifyMachine(generation, machine);
    if (++sinceYield % machinesAtOnce === 0) await yieldToEvents();
  }
  return generation;
}

function verifyMachine(generation: Generation, machine: MachineObject): void {
  try {
    generation.ipxe(machine);
    const rendered = sha256(generation.ignition(machine));
    if (rendered === machine.boot.ignition) return;
    const { boot } = machine;
    throw new Error(
      `its Ignition has the digest ${rendered.slice(0, 12)}, but ${boot.ignition.slice(0, 12)} was planned`,
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GenerationError('GENERATION', `${machine.name} (${machine.serial}) cannot be served: ${why}`, { cause });
  }
}

function assetsOf({ releases }: BootBlueprint): Map<string, AssetPin> {
  const pins = [...Object.values(releases.bootPrograms)];
  for (const { kernel, initrd } of Object.values(releases.os)) pins.push(kernel, initrd);
  return new Map(pins.map((pin) => [pin.sha256, pin]));
}
