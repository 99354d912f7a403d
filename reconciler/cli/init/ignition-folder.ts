// The Ignition folder that a new site repo begins with: names, addresses, a way out, and the report to the boot server.
// Pure.
import { torsPerRack } from './address-layout.ts';

/** What is the same in every site is taken from the example: path in the new site repo → path in the example. */
export const sharedFiles: ReadonlyMap<string, string> = new Map([
  ['ignition/common/bin/berth-node', 'ignition/common/bin/berth-node'],
  ['ignition/common/units/berth-node.timer', 'ignition/common/units/berth-node.timer'],
  ['.github/workflows/berth.yml', '.github/workflows/berth.yml'],
]);

/** Its files, by path in the site repo. */
export function ignitionFolder(): ReadonlyMap<string, string> {
  const links = Array.from({ length: torsPerRack }, (_, tor): readonly [string, string] => [
    `ignition/common/etc/systemd/network/20-tor${tor + 1}.network`,
    torNetwork(tor),
  ]);
  return new Map([
    ['ignition/common/ignition.yaml', ignitionDocument],
    ['ignition/common/etc/systemd/network/10-node0.netdev', '[NetDev]\nName=node0\nKind=dummy\n'],
    ['ignition/common/etc/systemd/network/10-node0.network', nodeNetwork],
    ...links,
    ['ignition/common/etc/systemd/resolved.conf.d/site.conf', resolvers],
    ['ignition/common/etc/systemd/timesyncd.conf.d/site.conf', '[Time]\nNTP={{ each site.ntp }}{{ item }} {{ end }}\n'],
    ['ignition/common/units/berth-node.service', reportService],
  ]);
}

const ignitionDocument = `# What every machine gets: names, addresses, a way out, and the report to the boot server that it is up. It is the least
# that a roll-out needs; the example site of berth shows routes by BGP, scratch disks, containerd and more.
storage:
  trees:
    - { local: etc, path: /etc }
  files:
    - path: /etc/hostname
      mode: "0644"
      overwrite: true
      contents:
        inline: |
          {{ machine.name }}
    - path: /etc/hosts
      mode: "0644"
      overwrite: true
      contents:
        inline: |
          127.0.0.1 localhost
          {{ machine.node }} {{ machine.name }}.{{ site.domain }} {{ machine.name }}
    - path: /opt/berth/bin/berth-node
      mode: "0755"
      contents: { local: bin/berth-node }

systemd:
  units:
    - { name: berth-node.service, contents_local: units/berth-node.service }
    - { name: berth-node.timer, enabled: true, contents_local: units/berth-node.timer }
    # berth updates machines, by booting them anew.
    - { name: update-engine.service, mask: true }
    - { name: locksmithd.service, mask: true }
`;

const nodeNetwork = `# The address that names the machine, whichever of its cards is up.
[Match]
Name=node0

[Network]
Address={{ machine.node }}/32
LinkLocalAddressing=no
`;

/** The first ToR is the way out while its card is up. */
function torNetwork(tor: number): string {
  const link = `machine.links.${tor}`;
  return `# The card that is wired to {{ ${link}.tor }}, whatever the kernel calls it.
[Match]
PermanentMACAddress={{ ${link}.mac }}

[Network]
Address={{ ${link}.address }}/{{ ${link}.prefixLength }}
DHCP=no
IPv6AcceptRA=no
LinkLocalAddressing=no

[Route]
Gateway={{ ${link}.gateway }}
Metric=${10 * (tor + 1)}
`;
}

const resolvers = `[Resolve]
DNS={{ each site.dns }}{{ item }} {{ end }}
Domains={{ site.domain }}
`;

const reportService = `[Unit]
Description=Report to the boot server
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
Environment=BERTH_ADDRESS={{ machine.node }}
ExecStart=/opt/berth/bin/berth-node
TimeoutStartSec=2min
# Runs as root: the serial number is readable by root alone.
CapabilityBoundingSet=
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_NETLINK AF_UNIX
`;
