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
import { type Settings, saysSettings, settingsInEffect } from '../schema/settings.ts';
import type { BootConfiguration, MachineObject } from '../schema/types/machine-object.ts';
import type { Machine, RackDocument } from '../schema/types/rack.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { ReleasesDocument } from '../schema/types/releases.ts';
import type { SiteDocument } from '../schema/types/site.ts';
import { CompiledRack, type WrittenObject } from './compiled-rack.ts';
import { type IgnitionScope, ignitionScope, type TemplateSite } from './ignition.ts';
import type { RoleIgnition } from './role-ignition.ts';

/** What goes into every rack. */
export interface RackSurroundings {
  readonly network: SiteDocument['network'];
  readonly defaults: Settings;
  readonly systems: ReleasesDocument['os'];
  readonly site: TemplateSite;
}

/** What a role gives to its machines. */
export interface RackRole {
  readonly name: string;
  /** What its own document says. */
  readonly settings: Settings;
  /** Digest of its Ignition source. */
  readonly source: Digest;
  /** Made from that source. */
  readonly ignition: RoleIgnition;
}

export class RackCompiler {
  readonly #surroundings: RackSurroundings;
  readonly #roles: ReadonlyMap<string, RackRole>;
  readonly #plan: AddressPlan;
  readonly #surroundingsText: string;
  readonly #roleTexts: ReadonlyMap<string, string>;

  constructor(surroundings: RackSurroundings, roles: ReadonlyMap<string, RackRole>) {
    this.#surroundings = surroundings;
    this.#roles = roles;
    this.#plan = addressPlan(surroundings.network);
    this.#surroundingsText = sha256(JSON.stringify(surroundings));
    const textOf = ({ settings, source }: RackRole) => JSON.stringify({ settings, source });
    this.#roleTexts = new Map([...roles].map(([name, role]) => [name, textOf(role)]));
  }

  /** Names all that a rack is made from. */
  keyOf(name: string, document: RackDocument): Digest {
    const roles = rolesOf(document).map((role) => this.#roleTexts.get(role) ?? null);
    return sha256(JSON.stringify([this.#surroundingsText, roles, name, document]));
  }

  /**
   * @param write takes in an object as it becomes part of the blueprint
   */
  compile(name: string, document: RackDocument, write: (object: MachineObject | RackObject) => WrittenObject): CompiledRack {
    const rack: RackObject = { ...this.#rack(name, document), machines: {} };
    const objects: WrittenObject[] = [];
    for (const machine of [...document.machines].sort((a, b) => a.slot - b.slot)) {
      const role = this.#roles.get(machine.role);
      if (!role) continue; // BERTH-401 has said so.
      const written = write(this.#machine(machine, rack, role));
      rack.machines[machine.serial] = written[0];
      objects.push(written);
    }
    return new CompiledRack([...objects, write(rack)]);
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

  /** Most machines say nothing themselves, so that what holds for their role is found once. */
  #settings(machine: Machine, role: RackRole): SettingsInEffect {
    const layers = [...(saysSettings(machine) ? [machine] : []), role.settings, this.#surroundings.defaults];
    if (layers.length === 3) return settingsInEffect(layers);
    ...
  }
}

/** The roles that a rack's machines have, each once. */
function rolesOf({ machines }: RackDocument): readonly string[] {
  return [...new Set(machines.map(({ role }) => role))].sort();
}
