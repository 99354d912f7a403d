// Blueprints of a few racks, made by hand: what the planner looks at, and nothing else in them means anything.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { type Digest, digestOf, sha256 } from '../../../schema/canonical.ts';
import type { IgnitionSource } from '../../../schema/types/ignition-object.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { ObservedServer } from '../../../schema/types/observed-server.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import type { RackObject } from '../../../schema/types/rack-object.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';

export interface Racks {
  /** Serials by rack, in the order of their slots: `{ r0: ['A', 'B'] }`. */
  readonly racks: Readonly<Record<string, readonly string[]>>;
  readonly policy?: Partial<RolloutPolicy>;
  /** What a machine boots; `old` when nothing is said. */
  readonly config?: (serial: string) => string;
  /** `cs` when nothing is said. */
  readonly role?: (serial: string) => string;
  readonly labels?: (serial: string) => Readonly<Record<string, string>>;
  readonly servers?: readonly { readonly name: string; readonly joined: boolean }[];
}

const somePolicy: RolloutPolicy = { racksAtOnce: 1, maxUnavailablePerRack: 2, canaries: 1, deadlineSeconds: 600 };
const someServers = [
  { name: 'boot-0', joined: true },
  { name: 'boot-1', joined: true },
  { name: 'boot-2', joined: false },
];

export function blueprintOf(site: Racks): Blueprint {
  const racks = new Map<string, RackObject>();
  const machines = new Map<string, MachineObject>();
  for (const [name, serials] of Object.entries(site.racks)) {
    const number = racks.size;
    const inRack = serials.map((serial, index) => machineOf(site, name, number, serial, index));
    for (const machine of inRack) machines.set(machine.serial, machine);
    racks.set(name, {
      kind: 'rack',
      name,
      rack: number,
      asn: 64600 + number,
      powerFeed: number % 2 === 0 ? 'A' : 'B',
      tors: [],
      machines: Object.fromEntries(inRack.map((machine) => [machine.serial, digestOf(machine)])),
    });
  }
  const blueprint: Omit<Blueprint, 'root'> = {
    site: {
      kind: 'site',
      site: 'test0',
      domain: 'test0.example.com',
      dns: [],
      ntp: [],
      leaseSeconds: 3600,
      servers: (site.servers ?? someServers).map((server, rack) => ({
        ...server,
        rack,
        node: `10.0.${rack}.3`,
        links: [],
      })),
      rollout: { ...somePolicy, ...site.policy },
      releases: '',
      ignition: {},
      racks: Object.fromEntries([...racks].map(([name, rack]) => [name, digestOf(rack)])),
    },
    releases: { kind: 'releases', os: {}, bootPrograms: {} },
    ignition: new Map<string, IgnitionSource>(),
    racks,
    machines,
    kubernetes: null,
  };
  return { ...blueprint, root: digestOf(blueprint.site) };
}

function machineOf(site: Racks, rack: string, number: number, serial: string, index: number): MachineObject {
  const slot = index + 4;
  const config = site.config?.(serial) ?? 'old';
  return {
    kind: 'machine',
    serial,
    name: `${rack}-${String(slot).padStart(2, '0')}`,
    rack,
    slot,
    role: site.role?.(serial) ?? 'cs',
    macs: [`02:00:00:00:${String(number).padStart(2, '0')}:${String(slot).padStart(2, '0')}`],
    node: `10.0.${number}.${slot}`,
    links: [{ tor: `${rack}-tor1`, address: `10.1.${number}.${slot}`, prefixLength: 26, gateway: `10.1.${number}.1` }],
    bmc: { type: 'redfish', address: `10.2.${number}.${slot}`, prefixLength: 20, gateway: '10.2.0.1' },
    labels: { ...site.labels?.(serial) },
    boot: {
      os: config,
      kernel: sha256(`kernel ${config}`),
      initrd: sha256(`initrd ${config}`),
      arguments: [],
      ignitionSource: sha256('source'),
      ignition: sha256(`ignition of ${serial}`),
    },
    bootDigest: bootDigest(serial, config),
  };
}

/** Digest of what a machine of {@link blueprintOf} boots. */
export function bootDigest(serial: string, config: string): Digest {
  return sha256(`${serial} boots ${config}`);
}

const someTime = '2026-01-01T00:00:00.000Z';

/** A report: by default of a machine that runs, from its first boot, what it boots in generation 1. */
export function reportOf(machine: MachineObject, report: Partial<ObservedMachine> = {}): ObservedMachine {
  const { serial, bootDigest: digest, node } = machine;
  return {
    serial,
    phase: 'running',
    bootDigest: digest,
    bootId: 'boot-1',
    generation: 1,
    address: node,
    server: 'boot-0',
    at: someTime,
    ...report,
  };
}

/** A restart of the machine, by default with power asked for, from its first boot. */
export function restartOf(machine: MachineObject, operation: Partial<Operation> = {}): Operation {
  const { serial, bootDigest: digest } = machine;
  return {
    serial,
    kind: 'restart',
    generation: 2,
    bootDigest: digest,
    bootIdBefore: 'boot-1',
    since: someTime,
    attempts: 1,
    ...operation,
  };
}

/** Boot servers that serve a generation. */
export function serversAt(
  names: readonly string[],
  { root }: Blueprint,
  generation: number,
): ReadonlyMap<string, ObservedServer> {
  return new Map(
    names.map((name) => [
      name,
      { name, generation, root, assets: [], url: 'http://127.0.0.1', version: '0', at: someTime },
    ]),
  );
}

export const since = Date.parse(someTime);
