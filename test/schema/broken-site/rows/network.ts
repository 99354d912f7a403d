import type { BrokenSite } from '../broken-site.ts';

export const rows: readonly BrokenSite[] = [
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
];
