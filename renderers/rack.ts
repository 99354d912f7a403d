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
import { type Digest, digestOf, sha256 } from '../schema/canonical.ts';
import { formatIpv4 } from '../schema/ipv4.ts';
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

  constructor(surroundings: RackSurroundings, roles: ReadonlyMap<string, RackRole>) {
    this.#surroundings = surroundings;
    this.#roles = roles;
    this.#plan = addressPlan(surroundings.network);
    this.#surroundingsDigest = sha256(JSON.stringify(surroundings));
    this.#roleDigests = new Map([...roles].map(([name, role]) => [name, digestOfRole(role)]));
  }

  /** Names all that a rack is made from. */
  keyOf(name: string, document: RackDocument): Digest {
    const roles = [...rolesOf(document)].map((role) => this.#roleDigests.get(role) ?? null);
    return sha256(JSON.stringify([this.#surroundingsDigest, roles, name, document]));
  }

  /** @param write takes in an object as it becomes part of the blueprint */
  compile(
    name: string,
    document: RackDocument,
    write: (object: MachineObject | RackObject) => WrittenObject,
  ): CompiledRack {
    const rack: RackObject = { ...this.#rack(name, document), machines: {} };
    const objects: WrittenObject[] = [];
    for (const machine of [...document.machines].sort((a, b) => a.slot - b.slot)) {
      const role = this.#roles.get(machine.role);
      if (!role) continue; // BERTH-401 has said so.
      const written = write(this.#machine(machine, rack, role));
      rack.machines[machine.serial] = written[0];
      objects.push(written);
    }
    return CompiledRack.of([...objects, write(rack)]);
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

  #machine(machine: Machine, rack: RackObject, role: RackRole): MachineObject {
    const object = this.#unrendered(machine, rack, role);
    const rendered = role.ignition.render(this.#scope(object, rack, role), object);
    const boot = { ...object.boot, ignition: sha256(rendered ?? '') };
    return { ...object, boot, bootDigest: bootDigestOf(boot) };
  }

  /** All of a machine but what needs its rendered Ignition. */
  #unrendered(machine: Machine, rack: RackObject, role: RackRole): MachineObject {
    const plan = this.#plan;
    const { os, arguments: list, labels, taints } = this.#settings(machine, role);
    const system = this.#surroundings.systems[os ?? ''];
    const boot: BootConfiguration = {
      os: os ?? '',
      kernel: system?.kernel.sha256 ?? '',
      initrd: system?.initrd.sha256 ?? '',
      arguments: [...list],
      ignitionSource: role.source,
      ignition: '',
    };
    return {
      kind: 'machine',
      serial: machine.serial,
      ...(machine.product === undefined ? {} : { product: machine.product }),
      name: `${rack.name}-${String(machine.slot).padStart(2, '0')}`,
      rack: rack.name,
      slot: machine.slot,
      role: machine.role,
      macs: machine.macs,
      node: formatIpv4(nodeAddress(plan, rack.rack, machine.slot, 0)),
      links: rack.tors.map((tor, index) => ({
        tor: tor.name,
        address: formatIpv4(nodeAddress(plan, rack.rack, machine.slot, index + 1)),
        prefixLength: tor.prefixLength,
        gateway: tor.address,
      })),
      bmc: {
        type: machine.bmc.type,
        address: formatIpv4(bmcAddress(plan, rack.rack, machine.slot)),
        prefixLength: plan.bmcPool.prefixLength,
        gateway: formatIpv4(plan.bmcGateway),
      },
      labels,
      ...(taints.length === 0 ? {} : { taints: [...taints] }),
      ...(machine.variables === undefined ? {} : { variables: machine.variables }),
      ...(machine.retire === undefined ? {} : { retire: machine.retire }),
      boot,
      bootDigest: '',
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
  return digestOf({ kernel, initrd, arguments: args, ignition });
}
