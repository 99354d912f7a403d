import type { BrokenSite } from '../broken-site.ts';

export const rows: readonly BrokenSite[] = [
  {
    name: 'a rack past the node pool',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 21'],
      ['site.yaml', 'rack: 3, joined', 'rack: 21, joined'],
    ],
    found: ['BERTH-201 racks/r3.yaml:3:7'],
    says: /^rack 21 would get 10\.69\.15\.192 to 10\.69\.16\.127, outside the node pool 10\.69\.0\.0\/20$/,
  },
  {
    name: 'BMCs past their pool',
    change: [['site.yaml', 'pool: 10.72.16.0/20\n    offset: 0.0.1.0', 'pool: 10.72.16.0/23\n    offset: 0.0.1.160']],
    found: [
      ...[9, 10, 11, 12, 13].map((line) => `BERTH-201 racks/r3.yaml:${line}:30`),
      'BERTH-201 racks/r3.yaml:15:11',
      ...[20, 21].map((line) => `BERTH-201 racks/r3.yaml:${line}:30`),
    ],
    says: /^the BMC of BP1JHJ3 would get 10\.72\.18\.4, outside the BMC pool 10\.72\.16\.0\/23$/,
  },
  {
    name: 'a BMC gateway outside their pool',
    change: [['site.yaml', 'gateway: 10.72.16.1', 'gateway: 10.72.32.1']],
    found: ['BERTH-201 site.yaml:31:14'],
    says: /^the gateway 10\.72\.32\.1 is outside the BMC pool 10\.72\.16\.0\/20$/,
  },
  {
    name: 'a spine link past its pool',
    change: [['racks/r3.yaml', 'spine2: 15', 'spine2: 128']],
    found: ['BERTH-201 racks/r3.yaml:7:51'],
    says: /^link 128 would get 10\.72\.2\.1, outside the pool of spine links 10\.72\.1\.0\/24$/,
  },
  {
    name: 'two pools that overlap',
    change: [['site.yaml', 'bastion: 10.72.48.0/26', 'bastion: 10.72.47.128/25']],
    found: ['BERTH-202 site.yaml:37:18'],
    says: /^loadBalancers 10\.72\.32\.0\/20 overlaps bastion 10\.72\.47\.128\/25 at site\.yaml:34:12$/,
  },
  {
    name: 'leases among the machines',
    change: [['site.yaml', 'leaseSlots: { first: 32', 'leaseSlots: { first: 31']],
    found: ['BERTH-203 site.yaml:24:17'],
    says: /^leaseSlots 31 to 62 meets machineSlots 4 to 31$/,
  },
  {
    name: 'a lease at the broadcast address',
    change: [['site.yaml', 'last: 62', 'last: 63']],
    found: ['BERTH-203 site.yaml:24:17'],
    says: /^leaseSlots reaches 63, but a range of 2\^6 addresses ends at 62$/,
  },
  {
    name: 'slots that end before they begin',
    change: [['site.yaml', '{ first: 32, last: 62 }', '{ first: 62, last: 32 }']],
    found: ['BERTH-203 site.yaml:24:17'],
    says: /^leaseSlots begins at 62, after its end at 32$/,
  },
  {
    name: 'more slots than a rack has BMC addresses',
    change: [['site.yaml', 'rangeBits: 5', 'rangeBits: 4']],
    found: ['BERTH-204 site.yaml:30:16'],
    says: /^a rack has BMC addresses for slots up to 15, but machine slots reach 31$/,
  },
  {
    name: 'a link id twice',
    change: [['racks/r1.yaml', 'spine1: 4', 'spine1: 0']],
    found: ['BERTH-205 racks/r1.yaml:6:39'],
    says: /^the link id 0 is taken already at racks\/r0\.yaml:6:39$/,
  },
  {
    name: 'a BMC at the broadcast address of its network',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 7'],
      ['racks/r3.yaml', 'slot: 11', 'slot: 31'],
      ['site.yaml', 'rack: 3, joined', 'rack: 7, joined'],
      ['site.yaml', '10.72.16.0/20', '10.72.16.0/23'],
    ],
    found: ['BERTH-206 racks/r3.yaml:21:30'],
    says: /^the BMC of KBF5P42 would get 10\.72\.17\.255, the broadcast address of the BMC pool/,
  },
  {
    name: 'a BMC at the address of its gateway',
    change: [['site.yaml', 'gateway: 10.72.16.1', 'gateway: 10.72.17.4']],
    found: ['BERTH-206 racks/r0.yaml:9:30'],
    says: /^the BMC of FQ7K2D3 would get 10\.72\.17\.4, the gateway address of the BMC pool/,
  },
  {
    name: 'a BMC gateway at the network address',
    change: [['site.yaml', 'gateway: 10.72.16.1', 'gateway: 10.72.16.0']],
    found: ['BERTH-206 site.yaml:31:14'],
    says: /^the gateway 10\.72\.16\.0 is the network address of the BMC pool/,
  },
  {
    name: 'ranges that begin in the middle of a network',
    change: [['site.yaml', 'pool: 10.69.0.0/20\n', 'pool: 10.69.0.0/20\n    offset: 0.0.0.32\n']],
    found: ['BERTH-207 site.yaml:19:13'],
    says: /^the first range would begin at 10\.69\.0\.32, no multiple of 64 addresses$/,
  },
];
