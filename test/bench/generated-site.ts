// A site of any size with what the example site's machines get: the same roles, Ignition and pins, in racks of their
// own. The same size always gives the same bytes, and they give no diagnostics.
import { parse, stringify } from 'yaml';
import { addressPlan, nodeAddress } from '../../schema/address-plan.ts';
import { formatIpv4 } from '../../schema/ipv4.ts';
import type { SiteFile, SiteFiles } from '../../schema/load.ts';
import type { ReleasesDocument } from '../../schema/types/releases.ts';
import type { RoleDocument } from '../../schema/types/role.ts';
import type { SiteDocument } from '../../schema/types/site.ts';

export interface SiteSize {
  /** At least 3, since the example's control plane takes so many; at most 200 for each rack. */
  readonly machines: number;
  /** At most 4096, since racks have numbers up to there. */
  readonly racks: number;
}

/** The example's first slot for machines; below it are the ToR, the boot server and two to spare. */
const firstSlot = 4;
const bootServers = 3;
const torsPerRack = 2;
/** Pools that hold 4096 racks of 200 machines each, beside what the example has in 10.0.0.0/16 and 10.64.0.0/12. */
const pools = {
  node: '10.128.0.0/10',
  bmc: '10.96.0.0/11',
  pods: '10.192.0.0/10',
  spineLinks: '10.32.0.0/15',
} as const;
/** Room for strangers' leases in a range. */
const leaseSlots = 16;

/**
 * Generate a site repo.
 * @param example files of the example site, for everything but site.yaml's plan and racks/
 * @throws {RangeError} for a size that no site can have
 */
export function generateSite(example: SiteFiles, size: SiteSize): SiteFiles {
  const { machines, racks } = size;
  const perRack = Math.ceil(machines / racks);
  const whole = Number.isInteger(machines) && Number.isInteger(racks);
  if (!whole || racks < 1 || racks > 4096 || machines < Math.max(3, racks) || perRack > 200) {
    throw new RangeError(`no site has ${machines} machines in ${racks} racks: at most 4096 racks of 1 to 200`);
  }
  // In racks of less than four, no machine is for storage.
  const unused = perRack < 4 ? /^(racks\/|roles\/ss\.yaml$|ignition\/ss\/)/ : /^racks\//;
  const files = new Map([...example].filter(([path]) => !unused.test(path)));
  const site = resized(parse(textOf(example, 'site.yaml')) as SiteDocument, racks, perRack);
  files.set('site.yaml', fileOf(stringify(site, { aliasDuplicateObjects: false })));
  for (let rack = 0, left = machines; rack < racks; rack++) {
    // What does not divide evenly is spread, so that no rack stays empty.
    const inRack = Math.ceil(left / (racks - rack));
    files.set(`racks/r${rack}.yaml`, fileOf(rackText(rack, inRack, site.network.spines)));
    left -= inRack;
  }
  return files;
}

/** The example's site.yaml with room for other racks. */
function resized(example: SiteDocument, racks: number, perRack: number): SiteDocument {
  const last = firstSlot + perRack - 1;
  const rangeBits = Math.max(6, Math.ceil(Math.log2(last + leaseSlots + 2)));
  const network: SiteDocument['network'] = {
    ...example.network,
    node: {
      ...example.network.node,
      pool: pools.node,
      rangeBits,
      rangesPerRack: 1 + torsPerRack,
      machineSlots: { first: firstSlot, last },
      leaseSlots: { first: last + 1, last: 2 ** rangeBits - 2 },
    },
    bmc: { pool: pools.bmc, offset: '0.0.1.0', rangeBits, gateway: '10.96.0.1' },
    pods: pools.pods,
    spineLinks: pools.spineLinks,
    // For private use (RFC 6996), since the two-byte ones do not reach for so many racks.
    asn: { ...example.network.asn, rackBase: 4_200_000_000 },
  };
  const plan = addressPlan(network);
  // Of two, etcd would need both.
  const servers = Array.from({ length: racks < bootServers ? 1 : bootServers }, (_, rack) => rack);
  const serverAddresses = servers.map((rack) => formatIpv4(nodeAddress(plan, rack, network.node.bootServerSlot, 0)));
  return {
    ...example,
    dns: serverAddresses,
    ntp: serverAddresses,
    network: { ...network, dhcpRelay: { targets: serverAddresses } },
    // No more than stand in a rack: a budget above that limits nothing.
    rollout: { ...example.rollout, maxUnavailablePerRack: Math.min(example.rollout.maxUnavailablePerRack, perRack) },
    bootServers: servers.map((rack) => ({ name: `boot-${rack}`, rack, joined: true })),
  };
}

/** A rack as an engineer writes it down: a line for each machine, three quarters compute and one storage. */
function rackText(rack: number, machines: number, spines: readonly string[]): string {
  const lines = [`rack: ${rack}`, `powerFeed: ${rack % 2 === 0 ? 'A' : 'B'}`, 'tors:'];
  for (let tor = 0; tor < torsPerRack; tor++) {
    const links = spines.map((spine, index) => `${spine}: ${(rack * torsPerRack + tor) * spines.length + index}`);
    lines.push(`  - { name: r${rack}-tor${tor + 1}, links: { ${links.join(', ')} } }`);
  }
  lines.push('machines:');
  for (let index = 0; index < machines; index++) {
    const slot = firstSlot + index;
    const role = index % 4 === 3 ? 'ss' : 'cs';
    const macs = Array.from({ length: torsPerRack }, (_, card) => macAddress(rack, slot, card + 1));
    lines.push(
      `  - { serial: ${serialNumber(rack, slot)}, slot: ${slot}, role: ${role}, macs: [${macs.join(', ')}], bmc: { type: redfish } }`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Begins with a letter, since YAML takes 12E4567 for a number. */
function serialNumber(rack: number, slot: number): string {
  // An odd factor maps the 32-bit numbers one to one, so no two serials are the same.
  const scattered = Math.imul(rack * 256 + slot, 0x9e3779b1) >>> 0;
  return `S${scattered.toString(36).toUpperCase().padStart(7, '0')}`;
}

function macAddress(rack: number, slot: number, card: number): string {
  const bytes = [0x02, 0xbe, rack >> 8, rack & 255, slot, card];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** A change of one line, as an engineer makes it. */
export interface LineChange {
  readonly name: string;
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** The smallest change that restarts a machine, and one that restarts three quarters of them. */
export function lineChanges(files: SiteFiles): readonly LineChange[] {
  const { os } = parse(textOf(files, 'releases.yaml')) as ReleasesDocument;
  const role = parse(textOf(files, 'roles/cs.yaml')) as RoleDocument;
  const other = Object.keys(os).find((name) => name !== role.os);
  if (other === undefined) throw new RangeError('the example site pins only one operating system');
  return [
    { name: "one machine's role", path: 'racks/r0.yaml', from: 'role: cs', to: 'role: ss' },
    { name: "one role's OS", path: 'roles/cs.yaml', from: `os: ${role.os}`, to: `os: ${other}` },
  ];
}

/** The files with one line changed. @throws {RangeError} when that line is not there */
export function withChange(files: SiteFiles, { path, from, to }: LineChange): SiteFiles {
  const text = textOf(files, path);
  if (!text.includes(from)) throw new RangeError(`${path} has no ${from}`);
  return new Map([...files, [path, fileOf(text.replace(from, to))]]);
}

function textOf(files: SiteFiles, path: string): string {
  const file = files.get(path);
  if (!file) throw new RangeError(`the example site has no ${path}`);
  return new TextDecoder().decode(file.bytes);
}

function fileOf(text: string): SiteFile {
  return { bytes: new TextEncoder().encode(text), executable: false };
}
