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
import { compareDiagnostics, type Diagnostic, type Place } from '../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../schema/document.ts';
import { formatIpv4, network } from '../schema/ipv4.ts';
import type { Site } from '../schema/load.ts';
import { racksInOrder } from '../schema/machines.ts';
import type { BlueprintObject } from '../schema/state/blueprint-object.ts';
import type { IgnitionSource } from '../schema/types/ignition-object.ts';
import type { BootConfiguration, MachineObject } from '../schema/types/machine-object.ts';
import type { Machine, RackDocument } from '../schema/types/rack.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { Asset } from '../schema/types/releases.ts';
import type { AssetPin, ReleasesObject } from '../schema/types/releases-object.ts';
import type { BootServer, SiteObject } from '../schema/types/site-object.ts';
import { type Blueprint, ObjectWriter } from './blueprint.ts';
import { IgnitionError, type IgnitionRenderer, ignitionScope, prepareIgnition, type SiteHead } from './ignition.ts';
import { mergeIgnition, type SourceOrigins } from './ignition-source.ts';

/** Objects larger than this do not fit etcd's requests well (1.5 MiB). */
const maxObjectBytes = 1 << 20;

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
  readonly source: IgnitionSource;
  readonly digest: Digest;
  readonly origins: SourceOrigins;
  readonly render: IgnitionRenderer | null;
}

class Compiler {
  private readonly writer = new ObjectWriter();
  private readonly plan: AddressPlan;
  /** By place and message: one fault in a role's Ignition is reported once, not for each machine. */
  private readonly diagnostics = new Map<string, Diagnostic>();

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
      const inSlotOrder = [...document.value.machines].sort((a, b) => a.slot - b.slot);
      for (const machine of inSlotOrder) {
        const role = roles.get(machine.role);
        if (!role) continue; // BERTH-401 has said so.
        const object = this.machine(machine, rack, role, head);
        machines.set(object.serial, object);
        rack.machines[object.serial] = this.writer.add(object);
      }
      racks.set(name, rack);
      rackDigests[name] = this.add(rack, document);
    }
    const siteObject: SiteObject = { ...head, racks: rackDigests };
    const root = this.add(siteObject, this.site.site);
    const diagnostics = [...this.diagnostics.values()].sort(compareDiagnostics);
    const ignition = new Map([...roles].map(([role, { source }]) => [role, source]));
    const blueprint: Blueprint = { root, site: siteObject, releases, ignition, racks, machines };
    return { blueprint: diagnostics.length > 0 ? null : blueprint, objects: this.writer.objects, diagnostics };
  }

  private siteHead(): Omit<SiteObject, 'racks' | 'releases' | 'ignition'> {
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
      const { source, origins, diagnostics } = mergeIgnition(name, document, this.site.ignition);
      for (const diagnostic of diagnostics) this.report(diagnostic);
      const digest = this.add(source, document);
      try {
        roles.set(name, { source, digest, origins, render: prepareIgnition(source) });
      } catch (error) {
        this.ignitionFailed(error, origins, document.placeOf('ignition'));
        roles.set(name, { source, digest, origins, render: null });
      }
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

  private machine(machine: Machine, rack: RackObject, role: RoleOutput, site: SiteHead): MachineObject {
    const document = this.site.roles.get(machine.role);
    const os = document?.value.os ?? '';
    const system = this.site.releases.value.os[os];
    const boot: BootConfiguration = {
      os,
      kernel: system?.kernel.sha256 ?? '',
      initrd: system?.initrd.sha256 ?? '',
      arguments: document?.value.arguments ?? [],
      ignitionSource: role.digest,
      ignition: '',
    };
    const object: MachineObject = {
      kind: 'machine',
      serial: machine.serial,
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
        prefixLength: network(this.site.site.value.network.bmc.pool).prefixLength,
        gateway: this.site.site.value.network.bmc.gateway,
      },
      labels: { ...document?.value.labels, ...machine.labels },
      boot,
      bootDigest: '',
    };
    try {
      boot.ignition = sha256(role.render?.(ignitionScope(site, rack, object, role.source)) ?? '');
    } catch (error) {
      this.ignitionFailed(error, role.origins, document?.placeOf('ignition'));
    }
    return { ...object, bootDigest: bootDigestOf(boot) };
  }

  private torRanges(): number[] {
    return Array.from({ length: this.plan.rangesPerRack - 1 }, (_, index) => index + 1);
  }

  private add(object: BlueprintObject, document: SiteDocumentFile<unknown>): Digest {
    const digest = this.writer.add(object);
    const bytes = Buffer.byteLength(this.writer.objects.get(digest) ?? '');
    if (bytes > maxObjectBytes) {
      const message = `the ${object.kind} object has ${bytes} bytes, more than the ${maxObjectBytes} that fit etcd`;
      const hint = object.kind === 'ignition' ? 'move large files into a release asset' : 'split the file';
      this.report({ rule: 'BERTH-506', severity: 'error', place: document.placeOf(), message, hint });
    }
    return digest;
  }

  private ignitionFailed(error: unknown, origins: SourceOrigins, fallback: Place | undefined): void {
    if (!(error instanceof IgnitionError)) throw error;
    const place = originOf(origins, error) ?? fallback ?? { file: 'ignition', line: 1, column: 1 };
    this.report({ rule: 'BERTH-503', severity: 'error', place, message: error.message });
  }

  private report(diagnostic: Diagnostic): void {
    const { place, rule, message } = diagnostic;
    this.diagnostics.set(`${place.file}:${place.line}:${place.column}:${rule}:${message}`, diagnostic);
  }
}

/**
 * What a machine must be running: a digest over all that a restart puts into force. The names by which the kernel and
 * the Ignition were found do not count, so that renaming a pin restarts nothing.
 */
export function bootDigestOf({ kernel, initrd, arguments: args, ignition }: BootConfiguration): Digest {
  return digestOf({ kernel, initrd, arguments: args, ignition });
}

/** The place of a template's fault: its own, or that of the nearest entry above it. */
function originOf(origins: SourceOrigins, { pointer, offset }: IgnitionError): Place | null {
  const exact = origins.get(pointer);
  if (exact) return exact(offset);
  for (let cut = pointer.lastIndexOf('/'); cut > 0; cut = pointer.lastIndexOf('/', cut - 1)) {
    const above = origins.get(pointer.slice(0, cut));
    if (above) return above(0);
  }
  return null;
}

function pin({ source, sha256: digest, sizeBytes }: Asset): AssetPin {
  return { name: source.slice(source.lastIndexOf('/') + 1), source, sha256: digest, sizeBytes };
}
