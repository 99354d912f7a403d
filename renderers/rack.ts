// Racks of a site → the objects of racks and machines. What they are made from is gathered first, as plain data, so
// that a digest can name all of it; nothing else goes in.
import {
  type AddressPlan,
  addressPlan,
  bmcAddress,
  linkAddresses,
  nodeAddress,
  torAddress,
} from '../schema/address-plan.ts';
import { type Digest, digestOf, inCanonicalOrder, sha256 } from '../schema/canonical.ts';
import { formatIpv4 } from '../schema/ipv4.ts';
import { machineName } from '../schema/machines.ts';
import { type Layer, type SettingsInEffect, saysSettings, settingsInEffect } from '../schema/settings.ts';
import type { BootConfiguration, MachineObject } from '../schema/types/machine-object.ts';
import type { Machine, RackDocument } from '../schema/types/rack.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { ReleasesDocument } from '../schema/types/releases.ts';
import type { SiteDocument } from '../schema/types/site.ts';
import type { WrittenObject } from './blueprint.ts';
import { CompiledRack } from './compiled-rack.ts';
import { type IgnitionScope, ignitionScope, type TemplateSite } from './ignition.ts';
import type { RoleIgnition } from './role-ignition.ts';

/** What goes into every rack. */
export interface RackSurroundings {
  readonly network: SiteDocument['network'];
  readonly systems: ReleasesDocument['os'];
  readonly site: TemplateSite;
}

/** What a role gives to its machines. */
export interface RackRole {
  readonly name: string;
  /** Who says the settings of its machines, beside themselves. */
  readonly layers: readonly Layer[];
  /** What they come to. */
  readonly settings: SettingsInEffect;
  readonly ignition: RoleIgnition;
  /** Digest of the source that the Ignition is rendered from. */
  readonly source: Digest;
}

export class RackCompiler {
  readonly #surroundings: RackSurroundings;
  readonly #roles: ReadonlyMap<string, RackRole>;
  readonly #plan: AddressPlan;
  readonly #surroundingsDigest: Digest;
  readonly #roleDigests: ReadonlyMap<string, Digest>;
  /** Names what the Ignition of all racks is rendered from. */
  readonly ignitionKey: Digest;
  /** The roles whose templates name labels, or the OS. */
  readonly #rolesReading: { readonly labels: ReadonlySet<string>; readonly os: ReadonlySet<string> };

  constructor(surroundings: RackSurroundings, roles: ReadonlyMap<string, RackRole>) {
    this.#surroundings = surroundings;
    this.#roles = roles;
    this.#plan = addressPlan(surroundings.network);
    this.#surroundingsDigest = sha256(JSON.stringify(surroundings));
    this.#roleDigests = new Map([...roles].map(([name, role]) => [name, digestOfRole(role)]));
    const { network, site } = surroundings;
    const sources = [...roles].map(([name, { source }]) => [name, source]);
    this.ignitionKey = sha256(JSON.stringify([network, site, sources]));
    const reading = (name: string) =>
      [...roles].flatMap(([role, { ignition }]) => (ignition.reads(name) ? [role] : []));
    this.#rolesReading = { labels: new Set(reading('machine.labels')), os: new Set(reading('os')) };
  }

  /** Names all that a rack is made from. */
  keyOf(name: string, document: RackDocument): Digest {
    const roles = [...rolesOf(document)].map((role) => this.#roleDigests.get(role) ?? null);
    return sha256(JSON.stringify([this.#surroundingsDigest, roles, name, document]));
  }

  /**
   * Names all that the Ignition of a rack's machines is rendered from ({@link ignitionScope}), beside what
   * {@link ignitionKey} names: not their arguments and taints, and labels and the OS only where templates read them.
   */
  keyOfIgnition(name: string, document: RackDocument): Digest {
    const machines = this.#inOrder(document).map(([machine, role]) => {
      const { serial, product, slot, macs, variables } = machine;
      const readsLabels = this.#rolesReading.labels.has(role.name);
      const readsOs = this.#rolesReading.os.has(role.name);
      const settings = readsLabels || readsOs ? this.#settings(machine, role) : null;
      const read = [readsLabels ? settings?.labels : null, readsOs ? settings?.os : null];
      return [role.name, serial, product, slot, macs, variables, read];
    });
    const { rack, powerFeed, tors } = document;
    const torNames = tors.map((tor) => tor.name);
    return sha256(JSON.stringify([name, rack, powerFeed, torNames, machines]));
  }

  /**
   * @param write takes in an object as it becomes part of the blueprint
   * @param known digests of its machines' Ignition in the order of their slots; null where it has to be rendered
   */
  compile(
    name: string,
    document: RackDocument,
    write: (object: MachineObject | RackObject) => WrittenObject,
    known: readonly Digest[] | null,
  ): { readonly rack: CompiledRack; readonly ignition: readonly Digest[] } {
    const rack: RackObject = { ...this.#rack(name, document), machines: {} };
    const objects: WrittenObject[] = [];
    const machines: MachineObject[] = [];
    for (const [index, [machine, role]] of this.#inOrder(document).entries()) {
      const object = this.#machine(machine, rack, role, known?.[index] ?? null);
      const written = write(object);
      rack.machines[machine.serial] = written[0];
      objects.push(written);
      machines.push(object);
    }
    const ordered = inCanonicalOrder(machines) ?? null;
    const ignition = machines.map(({ boot }) => boot.ignition);
    return { rack: CompiledRack.of([...objects, write(rack)], ordered), ignition };
  }

  /** What the templates of a role can name, for a machine that nobody has yet. */
  rehearsalScope(role: RackRole, name: string, document: RackDocument): IgnitionScope {
    const machine: Machine = {
      serial: 'none',
      slot: this.#surroundings.network.node.machineSlots.first,
      role: role.name,
      macs: document.tors.map(() => '02:00:00:00:00:00'),
      bmc: { type: 'redfish' },
    };
    const rack = { ...this.#rack(name, document), machines: {} };
    return this.#scope(this.#unrendered(machine, rack, role), rack, role);
  }

  /** Machines in the order of their slots, but for those of no role: BERTH-401 has said so. */
  #inOrder({ machines }: RackDocument): readonly (readonly [Machine, RackRole])[] {
    const inOrder = [...machines].sort((a, b) => a.slot - b.slot);
    return inOrder.flatMap((machine) => {
      const role = this.#roles.get(machine.role);
      return role ? [[machine, role] as const] : [];
    });
  }

  #scope(machine: MachineObject, rack: RackObject, { ignition }: RackRole): IgnitionScope {
    return ignitionScope(this.#surroundings.site, rack, machine, ignition.source);
  }

  #rack(name: string, { rack, powerFeed, tors }: RackDocument): Omit<RackObject, 'machines'> {
    return {
      kind: 'rack',
      name,
      rack,
      asn: this.#surroundings.network.asn.rackBase + rack,
      powerFeed,
      tors: tors.map((tor, index) => ({
        name: tor.name,
        address: formatIpv4(torAddress(this.#plan, rack, index + 1)),
        prefixLength: this.#plan.rangePrefixLength,
        links: Object.entries(tor.links)
          .sort(([, a], [, b]) => a - b)
          .map(([spine, id]) => {
            const ends = linkAddresses(this.#plan, id);
            return { spine, id, spineAddress: formatIpv4(ends.spine), torAddress: formatIpv4(ends.tor) };
          }),
      })),
    };
  }

  #machine(machine: Machine, rack: RackObject, role: RackRole, known: Digest | null): MachineObject {
    const object = this.#unrendered(machine, rack, role);
    const { boot } = object;
    boot.ignition = known ?? sha256(role.ignition.render(this.#scope(object, rack, role), object) ?? '');
    object.bootDigest = bootDigestOf(boot);
    return object;
  }

  /** All of a machine but what needs its rendered Ignition. */
  #unrendered(machine: Machine, rack: RackObject, role: RackRole): MachineObject {
    const plan = this.#plan;
    const { os, arguments: list, labels, taints } = this.#settings(machine, role);
    const system = this.#surroundings.systems[os ?? ''];
    // Members stand in the order of the canonical form, so that none of these objects is copied to be written.
    const boot: BootConfiguration = {
      arguments: [...list],
      ignition: '',
      ignitionSource: role.source,
      initrd: system?.initrd.sha256 ?? '',
      kernel: system?.kernel.sha256 ?? '',
      os: os ?? '',
    };
    return {
      bmc: {
        address: formatIpv4(bmcAddress(plan, rack.rack, machine.slot)),
        gateway: formatIpv4(plan.bmcGateway),
        prefixLength: plan.bmcPool.prefixLength,
        type: machine.bmc.type,
      },
      boot,
      bootDigest: '',
      kind: 'machine',
      labels,
      links: rack.tors.map((tor, index) => ({
        address: formatIpv4(nodeAddress(plan, rack.rack, machine.slot, index + 1)),
        gateway: tor.address,
        prefixLength: tor.prefixLength,
        tor: tor.name,
      })),
      macs: machine.macs,
      name: machineName(rack.name, machine.slot),
      node: formatIpv4(nodeAddress(plan, rack.rack, machine.slot, 0)),
      ...(machine.product === undefined ? {} : { product: machine.product }),
      rack: rack.name,
      ...(machine.retire === undefined ? {} : { retire: machine.retire }),
      role: machine.role,
      serial: machine.serial,
      slot: machine.slot,
      ...(taints.length === 0 ? {} : { taints: [...taints] }),
      ...(machine.variables === undefined ? {} : { variables: machine.variables }),
    };
  }

  #settings(machine: Machine, { layers, settings }: RackRole): SettingsInEffect {
    return saysSettings(machine) ? settingsInEffect([{ settings: machine }, ...layers]) : settings;
  }
}

/** The roles that a rack's machines have, each once. */
export function rolesOf({ machines }: RackDocument): ReadonlySet<string> {
  return new Set(machines.map(({ role }) => role));
}

function digestOfRole({ name, layers, source }: RackRole): Digest {
  return sha256(JSON.stringify([name, layers.map(({ settings }) => settings), source]));
}

/**
 * What a machine must be running: a digest over all that a restart puts into force. The names by which the kernel and
 * the Ignition were found do not count, so that renaming a pin restarts nothing.
 */
export function bootDigestOf({ kernel, initrd, arguments: args, ignition }: BootConfiguration): Digest {
  return digestOf({ arguments: args, ignition, initrd, kernel });
}
