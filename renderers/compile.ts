// Site → Blueprint. Pure and deterministic: the same site gives the same digests everywhere.
import {
  type AddressPlan,
  addressPlan,
  bmcAddress,
  linkAddresses,
  nodeAddress,
  torAddress,
} from '../schema/address-plan.ts';
import { type Digest, digestOf, sha256 } from '../schema/canonical.ts';
import { compareDiagnostics, type Diagnostic, formatPlace, isError } from '../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../schema/document.ts';
import { formatIpv4 } from '../schema/ipv4.ts';
import type { Site } from '../schema/load.ts';
import { type DeclaredMachine, racksInOrder } from '../schema/machines.ts';
import { layersOf, type SettingsInEffect, saysSettings, settingsInEffect } from '../schema/settings.ts';
import type { BlueprintObject } from '../schema/state/blueprint-object.ts';
import type { BootConfiguration, MachineObject } from '../schema/types/machine-object.ts';
import type { Machine, RackDocument } from '../schema/types/rack.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { Asset } from '../schema/types/releases.ts';
import type { AssetPin, ReleasesObject } from '../schema/types/releases-object.ts';
import type { BootServer, SiteObject } from '../schema/types/site-object.ts';
import { type Blueprint, ObjectWriter } from './blueprint.ts';
import { ignitionScope, type SiteHead } from './ignition.ts';
import { renderCluster } from './kubernetes.ts';
import { RoleIgnition } from './role-ignition.ts';

/** Objects larger than this do not fit etcd's requests well (1.5 MiB). */
const maxObjectBytes = 1 << 20;
const tooLargeHints: Readonly<Record<BlueprintObject['kind'], string>> = {
  site: 'make roles and racks fewer',
  releases: 'remove pins that nothing boots',
  ignition: 'move large files into a release asset',
  rack: 'spread its machines over two racks',
  machine: 'shorten labels and arguments, its own and those of its role',
  cluster: 'put several small resources into one',
  resource: 'split it, or let a program in the cluster fetch what is large',
};

export interface CompileResult {
  /** Null when there are errors. */
  readonly blueprint: Blueprint | null;
  /** Every object of the blueprint as canonical JSON, by digest. */
  readonly objects: ReadonlyMap<Digest, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compile a site that keeps every rule. What only rendering can find comes back as diagnostics. */
export function compile(site: Site): CompileResult {
  return new Compiler(site).run();
}

/** What one role gives to each of its machines. */
interface RoleOutput {
  readonly name: string;
  readonly settings: SettingsInEffect;
  readonly ignition: RoleIgnition;
  /** Of the Ignition source. */
  readonly digest: Digest;
}

class Compiler {
  private readonly writer = new ObjectWriter();
  private readonly plan: AddressPlan;
  private readonly diagnostics: Diagnostic[] = [];

  constructor(private readonly site: Site) {
    this.plan = addressPlan(site.site.value.network);
  }

  run(): CompileResult {
    const releases = this.releases();
    const roles = this.roles();
    const head: SiteHead = {
      ...this.siteHead(),
      releases: this.add(releases, this.site.releases),
      ignition: Object.fromEntries([...roles].map(([role, { digest }]) => [role, digest])),
    };
    const racks = new Map<string, RackObject>();
    const machines = new Map<string, MachineObject>();
    const rackDigests: Record<string, Digest> = {};
    for (const [name, document] of racksInOrder(this.site)) {
      const rack: RackObject = { ...this.rack(name, document.value), machines: {} };
      const inSlotOrder = [...document.value.machines.entries()].sort(([, a], [, b]) => a.slot - b.slot);
      for (const [index, machine] of inSlotOrder) {
        const role = roles.get(machine.role);
        if (!role) continue; // BERTH-401 has said so.
        const object = this.machine({ rack: document, index, machine }, rack, role, head);
        machines.set(object.serial, object);
        rack.machines[object.serial] = this.add(object, document);
      }
      racks.set(name, rack);
      rackDigests[name] = this.add(rack, document);
    }
    const kubernetes = renderCluster(this.site, (object, document) => this.add(object, document));
    const cluster = kubernetes && this.site.cluster && this.add(kubernetes.cluster, this.site.cluster);
    const siteObject: SiteObject = { ...head, racks: rackDigests, ...(cluster === null ? {} : { cluster }) };
    const root = this.add(siteObject, this.site.site);
    const used = new Set([...machines.values()].map(({ role }) => role));
    for (const role of roles.values()) if (!used.has(role.name)) this.rehearse(role, head, [...racks.values()][0]);
    const diagnostics = this.findings(roles.values());
    const ignition = new Map([...roles].map(([name, role]) => [name, role.ignition.source]));
    const blueprint: Blueprint = { root, site: siteObject, releases, ignition, racks, machines, kubernetes };
    return { blueprint: diagnostics.some(isError) ? null : blueprint, objects: this.writer.objects, diagnostics };
  }

  private siteHead(): Omit<SiteObject, 'racks' | 'releases' | 'ignition' | 'cluster'> {
    const { site, domain, dns, ntp, proxy, network: plan, bootServers, rollout } = this.site.site.value;
    const servers: BootServer[] = bootServers.map(({ name, rack, joined }) => {
      const slot = plan.node.bootServerSlot;
      return {
        name,
        rack,
        joined,
        node: formatIpv4(nodeAddress(this.plan, rack, slot, 0)),
        links: this.torRanges().map((k) => formatIpv4(nodeAddress(this.plan, rack, slot, k))),
      };
    });
    return {
      kind: 'site',
      site,
      domain,
      dns,
      ntp,
      ...(proxy === undefined ? {} : { proxy }),
      leaseSeconds: plan.node.leaseSeconds ?? 3600,
      servers,
      rollout: {
        racksAtOnce: rollout.racksAtOnce ?? 1,
        maxUnavailablePerRack: rollout.maxUnavailablePerRack,
        canaries: rollout.canaries ?? 1,
        deadlineSeconds: rollout.deadlineSeconds,
      },
    };
  }

  private releases(): ReleasesObject {
    const { os, bootPrograms } = this.site.releases.value;
    return {
      kind: 'releases',
      os: Object.fromEntries(
        Object.entries(os).map(([name, { kernel, initrd }]) => [name, { kernel: pin(kernel), initrd: pin(initrd) }]),
      ),
      bootPrograms: Object.fromEntries(Object.entries(bootPrograms).map(([arch, asset]) => [arch, pin(asset)])),
    };
  }

  private roles(): Map<string, RoleOutput> {
    const roles = new Map<string, RoleOutput>();
    for (const [name, document] of this.site.roles) {
      const settings = settingsInEffect(layersOf(this.site, name));
      const ignition = new RoleIgnition(name, document, settings.variables, this.site.ignition);
      const digest = this.add(ignition.source, document);
      roles.set(name, { name, settings, ignition, digest });
    }
    return roles;
  }

  private rack(name: string, { rack, powerFeed, tors }: RackDocument): Omit<RackObject, 'machines'> {
    return {
      kind: 'rack',
      name,
      rack,
      asn: this.site.site.value.network.asn.rackBase + rack,
      powerFeed,
      tors: tors.map((tor, index) => ({
        name: tor.name,
        address: formatIpv4(torAddress(this.plan, rack, index + 1)),
        prefixLength: this.plan.rangePrefixLength,
        links: Object.entries(tor.links)
          .sort(([, a], [, b]) => a - b)
          .map(([spine, id]) => {
            const ends = linkAddresses(this.plan, id);
            return { spine, id, spineAddress: formatIpv4(ends.spine), torAddress: formatIpv4(ends.tor) };
          }),
      })),
    };
  }

  private machine(
    declared: Pick<DeclaredMachine, 'rack' | 'index' | 'machine'>,
    rack: RackObject,
    role: RoleOutput,
    head: SiteHead,
  ): MachineObject {
    const { machine } = declared;
    const settings = saysSettings(machine)
      ? settingsInEffect(layersOf(this.site, role.name, declared))
      : role.settings;
    const object = this.unrendered(machine, rack, role, settings);
    const rendered = role.ignition.render(ignitionScope(head, rack, object, role.ignition.source), object);
    const boot = { ...object.boot, ignition: sha256(rendered ?? '') };
    return { ...object, boot, bootDigest: bootDigestOf(boot) };
  }

  /** What nobody has may be broken all the same: the role is rendered for a machine that could be. */
  private rehearse(role: RoleOutput, head: SiteHead, rack: RackObject | undefined): void {
    if (!rack) return;
    const machine: Machine = {
      serial: 'none',
      slot: this.site.site.value.network.node.machineSlots.first,
      role: role.name,
      macs: rack.tors.map(() => '02:00:00:00:00:00'),
      bmc: { type: 'redfish' },
    };
    const object = this.unrendered(machine, rack, role, role.settings);
    role.ignition.rehearse(ignitionScope(head, rack, object, role.ignition.source));
  }

  /** All of a machine but what needs its rendered Ignition. */
  private unrendered(
    machine: Machine,
    rack: RackObject,
    { digest }: RoleOutput,
    settings: SettingsInEffect,
  ): MachineObject {
    const { labels, taints } = settings;
    const os = settings.os ?? '';
    const system = this.site.releases.value.os[os];
    const boot: BootConfiguration = {
      os,
      kernel: system?.kernel.sha256 ?? '',
      initrd: system?.initrd.sha256 ?? '',
      arguments: [...settings.arguments],
      ignitionSource: digest,
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
      node: formatIpv4(nodeAddress(this.plan, rack.rack, machine.slot, 0)),
      links: rack.tors.map((tor, index) => ({
        tor: tor.name,
        address: formatIpv4(nodeAddress(this.plan, rack.rack, machine.slot, index + 1)),
        prefixLength: tor.prefixLength,
        gateway: tor.address,
      })),
      bmc: {
        type: machine.bmc.type,
        address: formatIpv4(bmcAddress(this.plan, rack.rack, machine.slot)),
        prefixLength: this.plan.bmcPool.prefixLength,
        gateway: formatIpv4(this.plan.bmcGateway),
      },
      labels,
      ...(taints.length === 0 ? {} : { taints: [...taints] }),
      ...(machine.variables === undefined ? {} : { variables: machine.variables }),
      ...(machine.retire === undefined ? {} : { retire: machine.retire }),
      boot,
      bootDigest: '',
    };
  }

  private torRanges(): number[] {
    return Array.from({ length: this.plan.rangesPerRack - 1 }, (_, index) => index + 1);
  }

  private add(object: BlueprintObject, document: SiteDocumentFile<unknown>): Digest {
    const digest = this.writer.add(object);
    const bytes = Buffer.byteLength(this.writer.objects.get(digest) ?? '');
    if (bytes > maxObjectBytes) {
      const message = `the ${object.kind} object has ${bytes} bytes, more than the ${maxObjectBytes} that fit etcd`;
      const hint = tooLargeHints[object.kind];
      this.diagnostics.push({ rule: 'BERTH-506', severity: 'error', place: document.placeOf(), message, hint });
    }
    return digest;
  }

  /** In the order of files and lines. What roles share, they find each for itself, and it is said once. */
  private findings(roles: Iterable<RoleOutput>): readonly Diagnostic[] {
    const found = new Map<string, Diagnostic>();
    const all = [...this.diagnostics, ...[...roles].flatMap(({ ignition }) => [...ignition.diagnostics])];
    for (const diagnostic of all) {
      const key = `${diagnostic.rule} ${formatPlace(diagnostic.place)} ${diagnostic.message}`;
      if (!found.has(key)) found.set(key, diagnostic);
    }
    return [...found.values()].sort(compareDiagnostics);
  }
}

/**
 * What a machine must be running: a digest over all that a restart puts into force. The names by which the kernel and
 * the Ignition were found do not count, so that renaming a pin restarts nothing.
 */
export function bootDigestOf({ kernel, initrd, arguments: args, ignition }: BootConfiguration): Digest {
  return digestOf({ kernel, initrd, arguments: args, ignition });
}

function pin({ source, sha256: digest, sizeBytes }: Asset): AssetPin {
  return { name: source.slice(source.lastIndexOf('/') + 1), source, sha256: digest, sizeBytes };
}
