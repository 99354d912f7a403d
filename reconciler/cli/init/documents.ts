// The documents of a new site repo, as a person would write them. Pure.
import { stringify } from 'yaml';
import { spines, torsPerRack } from './address-layout.ts';
import { bootServersOf, type NewAsset, type NewSite, onlyRole, rolesOf } from './new-site.ts';

/** A key that nobody has the private half of: it was thrown away. */
const nobodysKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s';

/** The documents but those of Ignition, by path. */
export function documentsOf(site: NewSite): ReadonlyMap<string, string> {
  const files = new Map([
    ['site.yaml', siteDocument(site)],
    ['releases.yaml', releasesDocument(site)],
    ['trust/signers.yaml', signersDocument(site)],
  ]);
  for (let rack = 0; rack < site.racks; rack++) files.set(`racks/r${rack}.yaml`, rackDocument(site, rack));
  for (const role of rolesOf(site)) files.set(`roles/${role}.yaml`, roleDocument(role));
  return files;
}

function siteDocument(site: NewSite): string {
  const { addresses, racks } = site;
  const { node, bmc } = addresses;
  const servers = bootServersOf(racks);
  const bootServers = Array.from(
    { length: servers },
    (_, rack) => `  - { name: boot-${rack}, rack: ${rack}, joined: true }`,
  );
  return `# The site: its names, its address plan, who boots it, and how changes roll out.
format: 1
site: ${scalar(site.site)} # part of every key in etcd; it never changes
domain: ${scalar(site.domain)}

# Machines carry these in their configuration: a change restarts them.
dns: ${list(site.dns)}
ntp: ${list(site.ntp)}

network:
  # Rack r has ${node.rangesPerRack} ranges of ${2 ** node.rangeBits} addresses: the /32 node addresses, then one range for each ToR.
  node:
    pool: ${node.pool}
    rangeBits: ${node.rangeBits}
    rangesPerRack: ${node.rangesPerRack}
    gatewaySlot: ${node.gatewaySlot}
    bootServerSlot: ${node.bootServerSlot}
    machineSlots: ${slots(node.machineSlots)}
    leaseSlots: ${slots(node.leaseSlots)} # for machines that the site does not know
    leaseSeconds: ${node.leaseSeconds}
  # Each rack has ${2 ** bmc.rangeBits} addresses, from pool + offset on.
  bmc:
    pool: ${bmc.pool}
    offset: ${bmc.offset}
    rangeBits: ${bmc.rangeBits}
    gateway: ${bmc.gateway}

  bootServerVips: ${addresses.bootServerVips}
  bastion: ${addresses.bastion}
  pods: ${addresses.pods}
  services: ${addresses.services}
  loadBalancers: ${addresses.loadBalancers}
  egress: ${addresses.egress}
  spineLinks: ${addresses.spineLinks}

  # Rack r is AS rackBase + r.
  asn:
    rackBase: ${rackBase(racks)}
    spine: 64599
    core: 64597
  spines: ${list(spines)}

# Their addresses follow from their racks.
bootServers:
${bootServers.join('\n')}

# One machine first; when it is back, the rest, one after the other.
rollout:
  racksAtOnce: 1
  maxUnavailablePerRack: 1
  canaries: 1
  deadlineSeconds: 900

# What every machine gets unless its role, or the machine itself, says otherwise.
defaults:
  os: ${scalar(site.releases.os)}
  arguments:
    - flatcar.first_boot=1
    - console=tty0
    - console=ttyS0,115200n8
`;
}

/** Private numbers of two bytes while they last, then of four (RFC 6996). */
function rackBase(racks: number): number {
  return racks <= 256 ? 64600 : 4_200_000_000;
}

function rackDocument({ machines }: NewSite, rack: number): string {
  const rows = Array.from({ length: torsPerRack }, (_, tor) => {
    const links = spines.map((spine, index) => `${spine}: ${(rack * torsPerRack + tor) * spines.length + index}`);
    return `  - { name: r${rack}-tor${tor + 1}, links: { ${links.join(', ')} } }`;
  });
  const own = machines.filter((machine) => machine.rack === rack);
  const lines = own.map(
    ({ serial, slot, role, macs }) =>
      `  - { serial: ${scalar(serial)}, slot: ${slot}, role: ${scalar(role)}, macs: ${list(macs)}, bmc: { type: redfish } }`,
  );
  const empty = `machines: [] # in the place of [], one line a machine:
#  - { serial: FQ7K2D${rack}, slot: 4, role: ${onlyRole}, macs: ${list(exampleMacs(rack))}, bmc: { type: redfish } }`;
  return `# Rack ${rack}. Link ids are the rack's own for good, so that a new rack renumbers nothing.
rack: ${rack}
powerFeed: ${rack % 2 === 0 ? 'A' : 'B'}
tors:
${rows.join('\n')}
${own.length > 0 ? `machines:\n${lines.join('\n')}` : empty}
`;
}

/** Made up, and of the rack's own: what is copied from one rack to another stays right. */
function exampleMacs(rack: number): readonly string[] {
  const number = rack.toString(16).padStart(4, '0');
  const start = `02:be:${number.slice(0, 2)}:${number.slice(2)}`;
  return Array.from({ length: torsPerRack }, (_, card) => `${start}:04:0${card + 1}`);
}

function roleDocument(role: string): string {
  return `# Machines of the role ${role}.
ignition: [common]
labels:
  berth.dev/role: ${scalar(role)}
`;
}

function releasesDocument({ releases }: NewSite): string {
  const { os, kernel, initrd, bootProgram } = releases;
  return `# Every pin of the site. Boot servers fetch each file once, from its source, and serve nothing whose digest differs.
os:
  ${scalar(os)}:
    kernel:
${asset(kernel, 6)}
    initrd:
${asset(initrd, 6)}

# iPXE, which firmware loads first.
bootPrograms:
  x64:
${asset(bootProgram, 4)}
`;
}

function asset({ source, sha256, sizeBytes, standIn }: NewAsset, indent: number): string {
  const note = standIn ? ['# A stand-in: there is no such file. Pin your own before a machine boots.'] : [];
  const rows = [...note, `source: ${source}`, `sha256: ${scalar(sha256)}`, `sizeBytes: ${sizeBytes}`];
  return rows.map((row) => `${' '.repeat(indent)}${row}`).join('\n');
}

function signersDocument({ signer }: NewSite): string {
  const note =
    signer.key === null
      ? `#
# The key below is nobody's: its private half was thrown away. Put your own here, the first two words of the .pub file
# that ssh-keygen -t ed25519 makes, before you set up a boot server.
`
      : '';
  return `# Whose signature lets a change in. A commit is judged by this file as it stands in the commit's parents, so nobody can
# let themselves in.
${note}signers:
  - name: ${scalar(signer.name)}
    key: ${signer.key ?? nobodysKey}
    paths: ['**']
`;
}

function slots({ first, last }: { readonly first: number; readonly last: number }): string {
  return `{ first: ${first}, last: ${last} }`;
}

/** A list on one line; what YAML might take for something else than text is in quotes. */
function list(values: readonly string[]): string {
  const options = { collectionStyle: 'flow', flowCollectionPadding: false, compat: 'yaml-1.1', lineWidth: 0 } as const;
  return stringify(values, options).trimEnd();
}

function scalar(text: string): string {
  return list([text]).slice(1, -1);
}
