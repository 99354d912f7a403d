import type { Change } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

const racks = [0, 1, 2, 3];

/** The one file for which the second card of each machine is needed. */
const withoutSecondCard: Change = ['ignition/common/etc/systemd/network/20-tor2.network', '', null];

/** Links by id: of rack r, ToR t and spine s it is 4·r + 2·t + s. */
function withoutSecondSpine(): readonly Change[] {
  const links = racks.flatMap((rack) => [0, 1].map((tor) => [rack, 4 * rack + 2 * tor + 1] as const));
  return [
    ['site.yaml', 'spines: [spine1, spine2]', 'spines: [spine1]'],
    ...links.map(([rack, id]): Change => [`racks/r${rack}.yaml`, `, spine2: ${id} }`, ' }']),
  ];
}

/** Four racks with five machines each, which have one card. */
function withoutSecondTors(): readonly Change[] {
  const machine = (rack: number, slot: number): string =>
    `  - { serial: SN${rack}X${slot}, slot: ${slot}, role: ${slot === 8 ? 'ss' : 'cs'}, macs: ["02:be:00:0${rack}:0${slot}:01"], bmc: { type: redfish } }`;
  return [
    withoutSecondCard,
    ['site.yaml', 'rangesPerRack: 3', 'rangesPerRack: 2'],
    ...['dns', 'ntp', 'targets'].map(
      (key): Change => [
        'site.yaml',
        `${key}: [10.69.0.3, 10.69.0.195, 10.69.1.131]`,
        `${key}: [10.69.0.3, 10.69.0.131, 10.69.1.3]`,
      ],
    ),
    ...racks.map((rack): Change => {
      const tor = `  - { name: r${rack}-tor1, links: { spine1: ${2 * rack}, spine2: ${2 * rack + 1} } }`;
      const machines = [4, 5, 6, 7, 8].map((slot) => machine(rack, slot));
      const feed = rack % 2 === 0 ? 'A' : 'B';
      const lines = [`rack: ${rack}`, `powerFeed: ${feed}`, 'tors:', tor, 'machines:', ...machines];
      return [`racks/r${rack}.yaml`, '', `${lines.join('\n')}\n`];
    }),
  ];
}

export const rows: readonly BrokenSite[] = [
  {
    name: 'a boot server that others look for in the rack where it stood',
    change: [['site.yaml', 'boot-0, rack: 0', 'boot-0, rack: 9']],
    found: ['BERTH-304 site.yaml:61:27'],
    says: /^boot-0 stands in rack 9, which no file in racks\/ declares$/,
  },
  {
    name: 'two machines of a rack with one card each',
    change: [
      ['racks/r1.yaml', '[02:be:00:01:04:01, 02:be:00:01:04:02]', '[02:be:00:01:04:01]'],
      ['racks/r1.yaml', '[02:be:00:01:05:01, 02:be:00:01:05:02]', '[02:be:00:01:05:01]'],
      ['ignition/common/etc/systemd/network/20-tor2.network', '', null],
    ],
    found: ['BERTH-316 racks/r1.yaml:9:49'],
    says: /^QK5JWG4 and 1 more of the rack have no card for r1-tor2$/,
  },
  {
    name: 'a rack with a reserved AS',
    change: [['site.yaml', 'reserved: [64698', 'reserved: [64602']],
    found: ['BERTH-301 racks/r2.yaml:3:7'],
    says: /^rack 2 would be AS 64602, which is reserved$/,
  },
  {
    name: 'a rack with the AS of the spines',
    change: [['site.yaml', 'spine: 64599', 'spine: 64603']],
    found: ['BERTH-301 racks/r3.yaml:3:7'],
    says: /^rack 3 would be AS 64603, which is the AS of the spines$/,
  },
  {
    name: 'a rack past the last AS',
    change: [['site.yaml', 'rackBase: 64600', 'rackBase: 4294967292']],
    found: ['BERTH-301 racks/r3.yaml:3:7'],
    says: /^rack 3 would be AS 4294967295, which is past the last one, 4294967294$/,
  },
  {
    name: 'a rack with one ToR where ranges are for two',
    change: [['racks/r0.yaml', '  - { name: r0-tor2, links: { spine1: 2, spine2: 3 } }\n', '']],
    found: [
      'BERTH-302 racks/r0.yaml:6:3',
      ...[8, 9, 10, 11, 12, 13, 14, 15].map((line) => `BERTH-302 racks/r0.yaml:${line}:${line < 14 ? 49 : 50}`),
    ],
    says: /^the rack has 1 ToRs, but rangesPerRack 3 is for 2$/,
  },
  {
    name: 'a machine with more cards than its rack has ToRs',
    change: [['racks/r3.yaml', '02:be:00:03:09:02]', '02:be:00:03:09:02, 02:be:00:03:09:03]']],
    found: ['BERTH-302 racks/r3.yaml:17:11'],
    says: /^H2RQP02 has 3 cards, but the rack has 2 ToRs$/,
  },
  {
    name: 'a link to a spine that is not there',
    change: [['racks/r1.yaml', 'spine2: 5', 'spin2: 5']],
    found: ['BERTH-303 racks/r1.yaml:6:29', 'BERTH-303 racks/r1.yaml:6:42'],
    says: /^r1-tor1 has no link to spine2$/,
  },
  {
    name: 'a spine named like a member that every object has',
    change: [['site.yaml', 'spines: [spine1, spine2]', 'spines: [spine1, spine2, constructor]']],
    found: [0, 1, 2, 3].flatMap((rack) => [6, 7].map((line) => `BERTH-303 racks/r${rack}.yaml:${line}:29`)),
    says: /^r0-tor1 has no link to constructor$/,
  },
  {
    name: 'a boot server in a rack that is not there',
    change: [['site.yaml', 'rack: 3, joined', 'rack: 4, joined']],
    found: ['BERTH-304 site.yaml:64:27'],
    says: /^boot-3 stands in rack 4, which no file in racks\/ declares$/,
  },
  {
    name: 'two boot servers in a rack',
    change: [['site.yaml', 'rack: 3, joined', 'rack: 0, joined']],
    found: ['BERTH-304 site.yaml:64:27'],
    says: /^boot-3 and boot-0 stand in rack 0 both$/,
  },
  {
    name: 'no boot server that serves',
    change: [0, 1, 2].map(
      (rack) => ['site.yaml', `rack: ${rack}, joined: true`, `rack: ${rack}, joined: false`] as const,
    ),
    found: ['BERTH-304 site.yaml:61:3'],
    says: /^no boot server has joined$/,
  },
  {
    name: 'a rack with the AS of the core',
    change: [['site.yaml', 'core: 64597', 'core: 64600']],
    found: ['BERTH-301 racks/r0.yaml:3:7'],
    says: /^rack 0 would be AS 64600, which is the AS of the core$/,
  },
  {
    name: 'a third ToR that no range is for',
    change: [['racks/r0.yaml', 'machines:\n', '  - { name: r0-tor3, links: { spine1: 16, spine2: 17 } }\nmachines:\n']],
    found: ['BERTH-302 racks/r0.yaml:6:3'],
    says: /^the rack has 3 ToRs, but rangesPerRack 3 is for 2$/,
  },
  {
    name: 'a ToR without a link to one spine',
    change: [['racks/r2.yaml', 'spine1: 10, spine2: 11', 'spine1: 10']],
    found: ['BERTH-303 racks/r2.yaml:7:29'],
    says: /^r2-tor2 has no link to spine2$/,
  },
  {
    name: 'racks with numbers for documentation',
    change: [['site.yaml', 'rackBase: 64600', 'rackBase: 64510']],
    found: ['BERTH-305 site.yaml:45:15'],
    says: /^rack 0 would be AS 64510, which is for documentation \(RFC 5398\) \(and 1 more\)$/,
  },
  {
    name: 'racks past the private numbers of two bytes',
    change: [['site.yaml', 'rackBase: 64600', 'rackBase: 65534']],
    found: ['BERTH-305 site.yaml:45:15'],
    says: /^rack 1 would be AS 65535, which is reserved \(RFC 7300\) \(and 2 more\)$/,
  },
  {
    name: 'spines with the number that stands for others',
    change: [['site.yaml', 'spine: 64599', 'spine: 23456']],
    found: ['BERTH-305 site.yaml:46:12'],
    says: /^each spine would be AS 23456, which stands for any four-byte number \(RFC 6793\)$/,
  },
  {
    name: "a core with somebody's number",
    change: [['site.yaml', 'core: 64597', 'core: 2519']],
    found: ['BERTH-306 site.yaml:47:11'],
    says: /^the core would be AS 2519, which is not for private use \(RFC 6996\)$/,
  },
  {
    name: "racks with somebody's numbers",
    change: [['site.yaml', 'rackBase: 64600', 'rackBase: 200000']],
    found: ['BERTH-306 site.yaml:45:15'],
    says: /^rack 0 would be AS 200000, which is not for private use \(RFC 6996\) \(and 3 more\)$/,
  },
  {
    name: 'one AS for spines and core',
    change: [['site.yaml', 'core: 64597', 'core: 64599']],
    found: ['BERTH-307 site.yaml:47:11'],
    says: /^the core is AS 64599, as are the spines at site\.yaml:46:12$/,
  },
  {
    name: 'a relay that sends to a machine',
    change: [['site.yaml', 'targets: [10.69.0.3,', 'targets: [10.69.0.3, 10.69.0.4,']],
    found: ['BERTH-309 site.yaml:53:26'],
    says: /^the relay target 10\.69\.0\.4 is neither a boot server's node address nor in bootServerVips 10\.71\.255\.0\/29$/,
  },
  {
    name: "a relay that sends to a boot server's address at one ToR",
    change: [['site.yaml', 'targets: [10.69.0.3, 10.69.0.195', 'targets: [10.69.0.3, 10.69.1.3']],
    found: ['BERTH-309 site.yaml:53:26'],
    says: /^the relay target 10\.69\.1\.3 is neither/,
  },
  {
    name: 'a relay target past the VIPs',
    change: [['site.yaml', 'targets: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'targets: [10.71.255.1, 10.71.255.8]']],
    found: ['BERTH-309 site.yaml:53:28'],
    says: /^the relay target 10\.71\.255\.8 is neither/,
  },
  {
    name: 'racks with one ToR',
    change: withoutSecondTors(),
    found: ['BERTH-310 site.yaml:20:20'],
    says: /^rangesPerRack 2 is for one ToR a rack: all of its machines are lost with it$/,
  },
  {
    name: 'one spine',
    change: withoutSecondSpine(),
    found: ['BERTH-311 site.yaml:49:11'],
    says: /^spine1 is the only spine: racks are cut off from each other while it is away$/,
  },
  {
    name: 'BFD that takes its time',
    change: [['site.yaml', 'minTransmitMilliseconds: 400', 'minTransmitMilliseconds: 5000']],
    found: ['BERTH-312 site.yaml:55:5'],
    says: /^BFD takes a neighbour for dead after 15000 ms \(5000 ms times 3\): until then, traffic goes nowhere$/,
  },
  {
    name: 'BFD that has no patience',
    change: [
      ['site.yaml', 'minReceiveMilliseconds: 400', 'minReceiveMilliseconds: 20'],
      ['site.yaml', 'minTransmitMilliseconds: 400', 'minTransmitMilliseconds: 30'],
    ],
    found: ['BERTH-312 site.yaml:55:5'],
    says: /^BFD takes a neighbour for dead after 90 ms \(30 ms times 3\): a machine that is busy seems dead$/,
  },
  {
    name: 'a fourth boot server that joins',
    change: [
      ['site.yaml', 'rack: 3, joined: false', 'rack: 3, joined: true'],
      ['site.yaml', 'targets: [10.69.0.3,', 'targets: [10.69.2.67, 10.69.0.3,'],
    ],
    found: ['BERTH-313 site.yaml:61:3'],
    says: /^4 boot servers have joined: etcd survives the loss of 1, no more than with 3$/,
  },
  {
    name: 'a boot server that has left',
    change: [['site.yaml', 'rack: 2, joined: true', 'rack: 2, joined: false']],
    found: [
      'BERTH-218 site.yaml:10:31',
      'BERTH-218 site.yaml:11:31',
      'BERTH-315 site.yaml:53:39',
      'BERTH-313 site.yaml:61:3',
    ],
    says: /is boot-2, which has not joined$/,
  },
  {
    name: 'one of four boot servers',
    change: [
      ['site.yaml', 'rack: 1, joined: true', 'rack: 1, joined: false'],
      ['site.yaml', 'rack: 2, joined: true', 'rack: 2, joined: false'],
      ...['dns', 'ntp', 'targets'].map(
        (key): Change => ['site.yaml', `${key}: [10.69.0.3, 10.69.0.195, 10.69.1.131]`, `${key}: [10.69.0.3]`],
      ),
    ],
    found: ['BERTH-313 site.yaml:61:3'],
    says: /^1 of 4 boot servers has joined: without it, nothing boots or changes$/,
  },
  {
    name: 'all boot servers on one power feed',
    change: [['racks/r1.yaml', 'powerFeed: B', 'powerFeed: A']],
    found: ['BERTH-314 site.yaml:61:3'],
    says: /^3 of 3 boot servers that have joined hang on power feed A: boot-0, boot-1, boot-2$/,
  },
  {
    name: 'a majority of boot servers on one of three power feeds',
    change: [['racks/r3.yaml', 'powerFeed: B', 'powerFeed: C']],
    found: ['BERTH-314 site.yaml:61:3'],
    says: /^2 of 3 boot servers that have joined hang on power feed A: boot-0, boot-2$/,
  },
  {
    name: 'a relay that sends to a boot server before it has joined',
    change: [['site.yaml', 'targets: [10.69.0.3,', 'targets: [10.69.2.67, 10.69.0.3,']],
    found: ['BERTH-315 site.yaml:53:15'],
    says: /^the relay target 10\.69\.2\.67 is boot-3, which has not joined$/,
  },
  {
    name: 'a boot server that no relay sends to',
    change: [['site.yaml', 'targets: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'targets: [10.69.0.3, 10.69.1.131]']],
    found: ['BERTH-315 site.yaml:53:14'],
    says: /^relays do not send to 10\.69\.0\.195, which is boot-1 and has joined$/,
  },
  {
    name: 'a machine with one card',
    change: [withoutSecondCard, ['racks/r3.yaml', '[02:be:00:03:09:01, 02:be:00:03:09:02]', '[02:be:00:03:09:02]']],
    found: ['BERTH-316 racks/r3.yaml:17:11'],
    says: /^H2RQP02 has no card for r3-tor2$/,
  },
];
