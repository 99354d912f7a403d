// What a commit may not do to machines, racks and addresses in use.
import { type Change, example, textOf } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

/** Names, time and DHCP do not hang on the addresses of boot servers. */
const independent: readonly Change[] = [
  ['site.yaml', 'dns: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'dns: [10.0.49.53]'],
  ['site.yaml', 'ntp: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'ntp: [10.0.49.53]'],
  ['site.yaml', 'targets: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'targets: [10.71.255.1]'],
];

/** Two racks that are not named after their numbers. */
const named: readonly Change[] = [
  ['racks/west.yaml', '', textOf(example, 'racks/r1.yaml')],
  ['racks/r1.yaml', '', null],
  ['racks/east.yaml', '', textOf(example, 'racks/r3.yaml')],
  ['racks/r3.yaml', '', null],
];

const row = (rack: number, serial: string, slot: number, mac: string, role = 'cs'): string =>
  `  - { serial: ${serial}, slot: ${slot}, role: ${role}, macs: [02:be:00:0${rack}:${mac}:01, 02:be:00:0${rack}:${mac}:02], bmc: { type: redfish } }\n`;

export const rows: readonly BrokenSite[] = [
  {
    name: 'a machine whose lines are removed',
    before: [],
    change: [['racks/r0.yaml', row(0, 'CRP2M01', 8, '08'), '']],
    found: ['BERTH-902 racks/r0.yaml:9:3'],
    says: /^CRP2M01, in slot 8 of racks\/r0\.yaml so far, is gone without having been retired$/,
  },
  {
    name: 'two of three, the other one having been retired',
    before: [['racks/r0.yaml', 'serial: P136PN1,', 'serial: P136PN1, retire: { reason: worn out },']],
    change: [
      ['racks/r0.yaml', row(0, 'Y53NL42', 5, '05'), ''],
      ['racks/r0.yaml', row(0, 'P136PN1', 6, '06').replace('P136PN1,', 'P136PN1, retire: { reason: worn out },'), ''],
      ['racks/r0.yaml', row(0, 'K10M7Y1', 7, '07'), ''],
    ],
    found: ['BERTH-902 racks/r0.yaml:9:3', 'BERTH-902 racks/r0.yaml:9:3'],
    says: /^Y53NL42, in slot 5/,
  },
  {
    name: 'a rack whose file is removed',
    before: [],
    change: [
      ['racks/r3.yaml', '', null],
      ['site.yaml', '  - { name: boot-3, rack: 3, joined: false }\n', ''],
    ],
    found: Array.from({ length: 8 }, () => 'BERTH-902 site.yaml:3:1'),
    says: /^BP1JHJ3, in slot 4 of racks\/r3\.yaml so far, is gone without having been retired$/,
  },
  {
    name: 'another serial in the slot of a machine, with other cards',
    before: [],
    change: [['racks/r1.yaml', row(1, 'C4090M3', 9, '09'), row(1, 'NEW0001', 9, '1f')]],
    found: ['BERTH-902 racks/r1.yaml:9:3'],
    says: /^C4090M3, in slot 9/,
  },
  {
    name: 'a pool of nodes that shrinks',
    before: [],
    change: [['site.yaml', 'pool: 10.69.0.0/20', 'pool: 10.69.0.0/21']],
    found: ['BERTH-903 site.yaml:18:11'],
    says: /^node\.pool was 10\.69\.0\.0\/20 and is 10\.69\.0\.0\/21 now, but 32 machines have addresses from what it was$/,
  },
  {
    name: 'a pool of BMCs that shrinks',
    before: [],
    change: [['site.yaml', 'pool: 10.72.16.0/20', 'pool: 10.72.16.0/21']],
    found: ['BERTH-903 site.yaml:28:11'],
    says: /^bmc\.pool was 10\.72\.16\.0\/20 and is 10\.72\.16\.0\/21 now, but 32 BMCs have/,
  },
  {
    name: 'addresses of boot servers that move',
    before: [],
    change: [['site.yaml', 'bastion: 10.72.48.0/26', 'bastion: 10.72.48.64/26']],
    found: ['BERTH-903 site.yaml:34:12'],
    says: /^bastion was 10\.72\.48\.0\/26 and is 10\.72\.48\.64\/26 now, but 3 boot servers have/,
  },
  {
    name: 'a pool of load balancers that is cut in half',
    before: [],
    change: [['site.yaml', 'loadBalancers: 10.72.32.0/20', 'loadBalancers: 10.72.32.0/21']],
    found: ['BERTH-903 site.yaml:37:18'],
    says: /but services of the cluster tokyo0 have addresses from what it was$/,
  },
  {
    name: 'a part of the egress pool that goes',
    before: [],
    change: [['site.yaml', '  egressPools: { internet: 10.72.49.0/28 }\n', '']],
    found: ['BERTH-903 site.yaml:17:3'],
    says: /^egressPools\.internet 10\.72\.49\.0\/28 is gone, and services of the cluster tokyo0 have addresses from it$/,
  },
  {
    name: 'a pool of links that grows downwards',
    before: [],
    change: [['site.yaml', 'spineLinks: 10.72.1.0/24', 'spineLinks: 10.72.0.0/23']],
    found: ['BERTH-903 site.yaml:42:15'],
    says: /^spineLinks was 10\.72\.1\.0\/24 and is 10\.72\.0\.0\/23 now, but 8 ToRs have/,
  },
  {
    name: 'larger ranges',
    before: independent,
    change: [['site.yaml', 'rangeBits: 6', 'rangeBits: 7']],
    found: ['BERTH-904 site.yaml:19:16'],
    says: /^32 machines would get other addresses, such as FQ7K2D3 10\.69\.0\.68\/26 → 10\.69\.0\.132\/25$/,
  },
  {
    name: 'ranges that begin later',
    before: independent,
    change: [['site.yaml', 'rangeBits: 6\n', 'offset: 0.0.1.0\n    rangeBits: 6\n']],
    found: ['BERTH-904 site.yaml:19:13'],
    says: /^32 machines would get other addresses, such as FQ7K2D3 10\.69\.0\.4 → 10\.69\.1\.4$/,
  },
  {
    name: 'another slot for the gateway',
    before: [],
    change: [['site.yaml', 'gatewaySlot: 1', 'gatewaySlot: 2']],
    found: ['BERTH-904 site.yaml:21:18'],
    says: /^32 machines would get other gateways, such as r0-tor1 10\.69\.0\.65 → 10\.69\.0\.66$/,
  },
  {
    name: 'another slot for boot servers',
    before: independent,
    change: [['site.yaml', 'bootServerSlot: 3', 'bootServerSlot: 2']],
    found: ['BERTH-904 site.yaml:22:21'],
    says: /^4 boot servers would get other addresses, such as boot-0 10\.69\.0\.3 → 10\.69\.0\.2$/,
  },
  {
    name: 'another offset of BMCs',
    before: [],
    change: [['site.yaml', 'offset: 0.0.1.0', 'offset: 0.0.2.0']],
    found: ['BERTH-905 site.yaml:29:13'],
    says: /^32 BMCs would get other addresses, such as that of FQ7K2D3 10\.72\.17\.4 → 10\.72\.18\.4$/,
  },
  {
    name: 'more BMC addresses in a rack: rack 0 stays as it is',
    before: [],
    change: [['site.yaml', 'rangeBits: 5', 'rangeBits: 6']],
    found: ['BERTH-905 site.yaml:30:16'],
    says: /^24 BMCs would get other addresses, such as that of QK5JWG4 10\.72\.17\.36 → 10\.72\.17\.68$/,
  },
  {
    name: 'another number for a rack with machines',
    before: named,
    change: [
      ['racks/east.yaml', 'rack: 3', 'rack: 5'],
      ['site.yaml', 'boot-3, rack: 3', 'boot-3, rack: 5'],
    ],
    found: ['BERTH-906 racks/east.yaml:3:7'],
    says: /^rack 3 would be rack 5, and 8 machines in it would get other addresses, such as BP1JHJ3 10\.69\.2\.68 → 10\.69\.3\.196$/,
  },
  {
    name: 'two racks that swap their numbers',
    before: named,
    change: [
      ['racks/east.yaml', 'rack: 3', 'rack: 1'],
      ['racks/west.yaml', 'rack: 1', 'rack: 3'],
    ],
    found: ['BERTH-906 racks/east.yaml:3:7', 'BERTH-906 racks/west.yaml:3:7'],
    says: /^rack 3 would be rack 1, and 8 machines/,
  },
  {
    name: 'a machine in another slot',
    before: [],
    change: [['racks/r0.yaml', 'CRP2M01, slot: 8', 'CRP2M01, slot: 12']],
    found: ['BERTH-907 racks/r0.yaml:13:30'],
    says: /^CRP2M01 was r0-08 at 10\.69\.0\.8 and becomes r0-12 at 10\.69\.0\.12$/,
  },
  {
    name: 'a machine in another rack',
    before: [],
    change: [
      ['racks/r0.yaml', row(0, 'C92XLP3', 11, '0b', 'ss'), ''],
      [
        'racks/r1.yaml',
        row(1, 'KK5PP34', 11, '0b', 'ss'),
        row(1, 'KK5PP34', 11, '0b', 'ss') + row(0, 'C92XLP3', 12, '0b', 'ss'),
      ],
    ],
    found: ['BERTH-907 racks/r1.yaml:17:30'],
    says: /^C92XLP3 was r0-11 at 10\.69\.0\.11 and becomes r1-12 at 10\.69\.0\.204$/,
  },
  {
    name: 'another site id',
    before: [],
    change: [['site.yaml', 'site: tokyo0 #', 'site: osaka0 #']],
    found: ['BERTH-908 site.yaml:4:7'],
    says: /^the site tokyo0 would become osaka0, and boot servers refuse the history of another site$/,
  },
  {
    name: 'another domain',
    before: [],
    change: [['site.yaml', 'domain: tokyo0.example.com', 'domain: tokyo0.example.net']],
    found: ['BERTH-909 site.yaml:5:9'],
    says: /^the domain was tokyo0\.example\.com and is tokyo0\.example\.net now: every machine gets another full name$/,
  },
  {
    name: 'another id for a link',
    before: [],
    change: [['racks/r0.yaml', 'r0-tor1, links: { spine1: 0,', 'r0-tor1, links: { spine1: 20,']],
    found: ['BERTH-910 racks/r0.yaml:6:39'],
    says: /^the link of r0-tor1 to spine1 was 0 and is 20 now: 10\.72\.1\.1 → 10\.72\.1\.41$/,
  },
  {
    name: 'links that change places',
    before: [],
    change: [['racks/r2.yaml', 'spine1: 10, spine2: 11', 'spine1: 11, spine2: 10']],
    found: ['BERTH-910 racks/r2.yaml:7:39', 'BERTH-910 racks/r2.yaml:7:51'],
    says: /^the link of r2-tor2 to spine1 was 10 and is 11 now/,
  },
  {
    name: 'two boot servers of three that leave at once, and others in their place',
    before: independent,
    change: [
      ['site.yaml', 'name: boot-1, rack: 1', 'name: boot-9, rack: 1'],
      ['site.yaml', 'rack: 2, joined: true', 'rack: 2, joined: false'],
      ['site.yaml', 'rack: 3, joined: false', 'rack: 3, joined: true'],
    ],
    found: ['BERTH-915 site.yaml:61:3'],
    says: /^of 3 boot servers that have joined, boot-0 would stay; 2 must$/,
  },
  {
    name: 'boot servers that all move, or are others',
    before: independent,
    change: [
      ['site.yaml', 'name: boot-0, rack: 0', 'name: boot-9, rack: 0'],
      ['site.yaml', 'boot-1, rack: 1', 'boot-1, rack: 2'],
      ['site.yaml', 'boot-2, rack: 2', 'boot-2, rack: 1'],
    ],
    found: ['BERTH-915 site.yaml:61:3'],
    says: /^of 3 boot servers that have joined, none would stay; 2 must$/,
  },
  {
    name: 'three machines retired at once',
    before: [],
    change: ['CRP2M01', 'MM5RQJ4', 'Y020PR2'].map(
      (serial) => ['racks/r0.yaml', `${serial}, slot`, `${serial}, retire: { reason: old }, slot`] as const,
    ),
    found: ['BERTH-917 racks/r0.yaml:14:24'],
    says: /^this retires 3 machines; rollout\.maxDestructivePerDay is 1, which takes 3 days$/,
  },
  {
    name: 'a machine retired where none may be, and the limit raised with it',
    before: [['site.yaml', 'maxDestructivePerDay: 1', 'maxDestructivePerDay: 0']],
    change: [
      ['site.yaml', 'maxDestructivePerDay: 0', 'maxDestructivePerDay: 9'],
      ['racks/r3.yaml', 'BP1JHJ3, slot', 'BP1JHJ3, retire: { reason: old }, slot'],
    ],
    found: ['BERTH-917 racks/r3.yaml:9:24'],
    says: /^this retires 1 machines?; rollout\.maxDestructivePerDay is 0, none may be$/,
  },
  {
    name: 'another AS for every rack',
    before: [],
    change: [['site.yaml', 'rackBase: 64600', 'rackBase: 64700']],
    found: ['BERTH-918 site.yaml:45:15'],
    says: /^4 racks would get another AS, such as rack 0 64600 → 64700$/,
  },
  {
    name: 'other ASes for spines and core',
    before: [],
    change: [
      ['site.yaml', 'spine: 64599', 'spine: 64595'],
      ['site.yaml', 'core: 64597', 'core: 64596'],
    ],
    found: ['BERTH-918 site.yaml:46:12', 'BERTH-918 site.yaml:47:11'],
    says: /^the AS of the spines was 64599 and is 64595 now, with 4 racks connected to them$/,
  },
  {
    name: 'another mainboard between the same cards',
    before: [['racks/r0.yaml', 'serial: MM5RQJ4,', 'serial: MM5RQJ4, retire: { reason: mainboard broken },']],
    change: [['racks/r0.yaml', 'serial: MM5RQJ4, retire: { reason: mainboard broken },', 'serial: MM5RQJ5,']],
    found: ['BERTH-919 racks/r0.yaml:14:50'],
    says: /^02:be:00:00:09:01 was a card of MM5RQJ4, which is gone, and is one of MM5RQJ5 now$/,
  },
  {
    name: 'two machines that swap a card',
    before: [],
    change: [
      ['racks/r2.yaml', '02:be:00:02:04:02', '02:be:00:02:ff:02'],
      ['racks/r2.yaml', '02:be:00:02:05:02', '02:be:00:02:04:02'],
      ['racks/r2.yaml', '02:be:00:02:ff:02', '02:be:00:02:05:02'],
    ],
    found: ['BERTH-919 racks/r2.yaml:9:69', 'BERTH-919 racks/r2.yaml:10:69'],
    says: /^02:be:00:02:05:02 was a card of L6534L1 and is one of CW3G881 now$/,
  },
];
