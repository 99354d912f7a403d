// Site → Blueprint. Pure and deterministic: the same site gives the same digests everywhere.
import { type AddressPlan, addressPlan, nodeAddress } from '../schema/address-plan.ts';
import { type Digest, sha256 } from '../schema/canonical.ts';
import { compareDiagnostics, type Diagnostic, formatPlace, isError } from '../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../schema/document.ts';
import { formatIpv4 } from '../schema/ipv4.ts';
import type { Site } from '../schema/load.ts';
import { racksInOrder } from '../schema/machines.ts';
import { secretFiles } from '../schema/secret-files.ts';
import { layersOf, settingsInEffect } from '../schema/settings.ts';
import type { BlueprintObject } from '../schema/state/blueprint-object.ts';
import type { Asset } from '../schema/types/releases.ts';
import type { AssetPin, ReleasesObject } from '../schema/types/releases-object.ts';
import type { BootServer, SiteObject } from '../schema/types/site-object.ts';
import { type Blueprint, type WrittenObject, writeObject } from './blueprint.ts';
import type { RackCache } from './compiled-rack.ts';
import { renderCluster } from './kubernetes.ts';
import { RackCompiler, type RackRole, rolesOf } from './rack.ts';
import { compileRacks } from './racks.ts';
import { RoleIgnition } from './role-ignition.ts';
import { renderRollout } from './rollout.ts';
import { unreadVariables, variablesRead } from './unread-variables.ts';

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

/**
 * Compile a site that keeps every rule. What only rendering can find comes back as diagnostics.
 * @param cache of racks; what is compiled is the same with any, and without
 */
export function compile(site: Site, cache: RackCache | null = null): CompileResult {
  return new Compiler(site, cache).run();
}

class Compiler {
  /** All but those of racks and machines. */
  private readonly objects = new Map<Digest, string>();
  private readonly plan: AddressPlan;
  private readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly site: Site,
    private readonly cache: RackCache | null,
  ) {
    this.plan = addressPlan(site.site.value.network);
  }

  run(): CompileResult {
    const releases = this.releases();
    const roles = this.roles();
    const head = {
      ...this.siteHead(),
      releases: this.add(releases, this.site.releases),
      ignition: Object.fromEntries([...roles].map(([role, { source }]) => [role, source])),
    };
    const { network } = this.site.site.value;
    const { site, domain, dns, ntp, proxy, servers } = head;
    const visible = { site, domain, dns, ntp, ...(proxy === undefined ? {} : { proxy }), servers };
    const compiler = new RackCompiler({ network, systems: this.site.releases.value.os, site: visible }, roles);
    const compiled = compileRacks({
      racks: racksInOrder(this.site),
      roles,
      compiler,
      cache: this.cache,
      write: (object, document) => this.write(object, document),
      findingCount: () => this.diagnostics.length,
    });
    const kubernetes = renderCluster(this.site, (object, document) => this.add(object, document));
    const cluster = kubernetes && this.site.cluster && this.add(kubernetes.cluster, this.site.cluster);
    const siteObject: SiteObject = {
      ...head,
      racks: Object.fromEntries(compiled.map(([name, { digest }]) => [name, digest])),
      ...(cluster === null ? {} : { cluster }),
      ...this.secrets(),
    };
    const root = this.add(siteObject, this.site.site);
    this.rehearseUnused(compiler, roles);
    const readBy = new Map([...roles].map(([name, { ignition }]) => [name, variablesRead(ignition.source)]));
    this.diagnostics.push(...unreadVariables(this.site, readBy));
    const diagnostics = this.findings(roles.values());
    const ignition = new Map([...roles].map(([name, role]) => [name, role.ignition.source]));
    const racks = new Map(compiled.map(([name, { rack }]) => [name, rack]));
    const others = this.objects;
    // Not everyone who compiles a site looks at its machines, and to read ten thousand takes its time.
    let machines: Blueprint['machines'] | null = null;
    let objects: CompileResult['objects'] | null = null;
    const blueprint: Blueprint = {
      root,
      site: siteObject,
      releases,
      ignition,
      racks,
      get machines() {
        machines ??= new Map(compiled.flatMap(([, rack]) => rack.machines.map((machine) => [machine.serial, machine])));
        return machines;
      },
      kubernetes,
    };
    return {
      blueprint: diagnostics.some(isError) ? null : blueprint,
      get objects() {
        objects ??= new Map([...others, ...compiled.flatMap(([, rack]) => rack.objects)]);
        return objects;
      },
      diagnostics,
    };
  }

  /** Digests only: who looks at a blueprint is not who may have the sealed files. */
  private secrets(): Pick<SiteObject, 'secrets'> {
    const secrets = [...secretFiles(this.site.files)].map(([path, bytes]) => ({ path, digest: sha256(bytes) }));
    return secrets.length === 0 ? {} : { secrets };
  }

  private siteHead(): Omit<SiteObject, 'racks' | 'releases' | 'ignition' | 'cluster' | 'secrets'> {
    const { site, domain, dns, ntp, proxy, network: plan, bootServers } = this.site.site.value;
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
      rollout: renderRollout(this.site.site.value),
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

  private roles(): Map<string, RackRole> {
    const roles = new Map<string, RackRole>();
    for (const [name, document] of this.site.roles) {
      const layers = layersOf(this.site, name);
      const settings = settingsInEffect(layers);
      const ignition = new RoleIgnition(name, document, settings.variables, this.site.ignition);
      const source = this.add(ignition.source, document);
      roles.set(name, { name, layers, settings, ignition, source });
    }
    return roles;
  }

  /** What nobody has may be broken all the same: the role is rendered for a machine that could be. */
  private rehearseUnused(compiler: RackCompiler, roles: ReadonlyMap<string, RackRole>): void {
    const inOrder = racksInOrder(this.site);
    const used = new Set(inOrder.flatMap(([, { value }]) => [...rolesOf(value)]));
    const [first] = inOrder;
    if (!first) return;
    const [name, document] = first;
    for (const role of roles.values()) {
      if (!used.has(role.name)) role.ignition.rehearse(compiler.rehearsalScope(role, name, document.value));
    }
  }

  private torRanges(): number[] {
    return Array.from({ length: this.plan.rangesPerRack - 1 }, (_, index) => index + 1);
  }

  private add(object: BlueprintObject, document: SiteDocumentFile<unknown>): Digest {
    const [digest, text] = this.write(object, document);
    this.objects.set(digest, text);
    return digest;
  }

  private write(object: BlueprintObject, document: SiteDocumentFile<unknown>): WrittenObject {
    const written = writeObject(object);
    const bytes = Buffer.byteLength(written[1]);
    if (bytes > maxObjectBytes) {
      const message = `the ${object.kind} object has ${bytes} bytes, more than the ${maxObjectBytes} that fit etcd`;
      const hint = tooLargeHints[object.kind];
      this.diagnostics.push({ rule: 'BERTH-506', severity: 'error', place: document.placeOf(), message, hint });
    }
    return written;
  }

  /** In the order of files and lines. What roles share, they find each for itself, and it is said once. */
  private findings(roles: Iterable<RackRole>): readonly Diagnostic[] {
    const found = new Map<string, Diagnostic>();
    const all = [...this.diagnostics, ...[...roles].flatMap(({ ignition }) => [...ignition.diagnostics])];
    for (const diagnostic of all) {
      const key = `${diagnostic.rule} ${formatPlace(diagnostic.place)} ${diagnostic.message}`;
      if (!found.has(key)) found.set(key, diagnostic);
    }
    return [...found.values()].sort(compareDiagnostics);
  }
}

function pin({ source, sha256: digest, sizeBytes }: Asset): AssetPin {
  return { name: source.slice(source.lastIndexOf('/') + 1), source, sha256: digest, sizeBytes };
}
