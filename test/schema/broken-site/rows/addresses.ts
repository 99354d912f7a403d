import type { Change } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

/** Nothing depends on where boot servers have their addresses. */
const serversElsewhere: readonly Change[] = [
  ['site.yaml', 'dns: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'dns: [10.0.53.1]'],
  ['site.yaml', 'ntp: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'ntp: [10.0.53.1]'],
  ['site.yaml', 'targets: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'targets: [10.71.255.6]'],
];

export const rows: readonly BrokenSite[] = [
  {
    name: 'a rack past the node pool',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 21'],
      ['site.yaml', 'rack: 3, joined', 'rack: 21, joined'],
    ],
    found: ['BERTH-111 racks/r3.yaml:3:7', 'BERTH-201 racks/r3.yaml:3:7'],
    says: /^racks\/r3\.yaml is rack 21; most racks are numbered as they are named$/,
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
      ['racks/r3.yaml', 'slot: 11', 'slot: 31'],
      ['site.yaml', 'pool: 10.72.16.0/20\n    offset: 0.0.1.0', 'pool: 10.72.16.0/23\n    offset: 0.0.1.128'],
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
    change: [['site.yaml', 'pool: 10.69.0.0/20\n', 'pool: 10.69.0.0/20\n    offset: 0.0.0.32\n'], ...serversElsewhere],
    found: ['BERTH-207 site.yaml:19:13'],
    says: /^the first range would begin at 10\.69\.0\.32, no multiple of 64 addresses$/,
  },
  {
    name: 'racks past the end of a smaller pool',
    change: [['site.yaml', 'pool: 10.69.0.0/20', 'pool: 10.69.0.0/23']],
    found: ['BERTH-201 racks/r2.yaml:3:7', 'BERTH-201 racks/r3.yaml:3:7'],
    says: /^rack 2 would get 10\.69\.1\.128 to 10\.69\.2\.63, outside the node pool 10\.69\.0\.0\/23$/,
  },
  {
    name: 'pods in twice the space that is theirs',
    change: [['site.yaml', 'pods: 10.64.0.0/14', 'pods: 10.64.0.0/13']],
    found: ['BERTH-202 site.yaml:35:9'],
    says: /^pods 10\.64\.0\.0\/13 overlaps node\.pool 10\.69\.0\.0\/20 at site\.yaml:18:11, and bootServerVips, services$/,
  },
  {
    name: 'spine links in the pool of VIPs',
    change: [['site.yaml', 'spineLinks: 10.72.1.0/24', 'spineLinks: 10.71.255.0/24']],
    found: ['BERTH-202 site.yaml:42:15'],
    says: /^spineLinks 10\.71\.255\.0\/24 overlaps bootServerVips 10\.71\.255\.0\/29 at site\.yaml:33:19$/,
  },
  {
    name: 'a boot server in the slot of the ToR',
    change: [['site.yaml', 'gatewaySlot: 1', 'gatewaySlot: 3']],
    found: ['BERTH-203 site.yaml:22:21'],
    says: /^bootServerSlot 3 meets gatewaySlot 3$/,
  },
  {
    name: 'one link id for two spines',
    change: [['racks/r2.yaml', 'spine1: 8, spine2: 9', 'spine1: 8, spine2: 8']],
    found: ['BERTH-205 racks/r2.yaml:6:50'],
    says: /^the link id 8 is taken already at racks\/r2\.yaml:6:39$/,
  },
  {
    name: 'a resolver in a rack that is not there',
    change: [['site.yaml', 'dns: [10.69.0.3, 10.69.0.195', 'dns: [10.69.0.3, 10.69.9.3']],
    found: ['BERTH-208 site.yaml:10:18'],
    says: /^the DNS server 10\.69\.9\.3 lies in the node pool 10\.69\.0\.0\/20, but is nobody's: there is no rack 12$/,
  },
  {
    name: 'a time server in a slot that is free',
    change: [['site.yaml', 'ntp: [10.69.0.3,', 'ntp: [10.69.0.31,']],
    found: ['BERTH-208 site.yaml:11:7'],
    says: /^the NTP server 10\.69\.0\.31 .* nobody's: nothing stands in slot 31 of rack 0$/,
  },
  {
    name: 'a proxy where a boot server used to be',
    change: [
      ['site.yaml', 'proxy: http://10.0.49.3:3128', 'proxy: http://10.69.2.67:3128'],
      ['site.yaml', '  - { name: boot-3, rack: 3, joined: false }\n', ''],
    ],
    found: ['BERTH-208 site.yaml:12:8'],
    says: /^the proxy 10\.69\.2\.67 .* nobody's: rack 3 has no boot server$/,
  },
  {
    name: 'a resolver before the first range',
    change: [
      ['site.yaml', 'pool: 10.69.0.0/20\n', 'pool: 10.69.0.0/20\n    offset: 0.0.4.0\n'],
      ...serversElsewhere,
      ['site.yaml', 'dns: [10.0.53.1]', 'dns: [10.69.4.3, 10.69.3.255]'],
    ],
    found: ['BERTH-208 site.yaml:10:18'],
    says: /nobody's: the ranges of racks begin at 10\.69\.4\.0$/,
  },
  {
    name: 'the resolver of one machine alone',
    change: [['site.yaml', 'dns: [10.69.0.3,', 'dns: [127.0.0.53,']],
    found: ['BERTH-209 site.yaml:10:7'],
    says: /^the DNS server 127\.0\.0\.53 meets 127\.0\.0\.0\/8, which is for loopback$/,
  },
  {
    name: 'a pool of link-local addresses',
    change: [['site.yaml', 'spineLinks: 10.72.1.0/24', 'spineLinks: 169.254.0.0/24']],
    found: ['BERTH-209 site.yaml:42:15'],
    says: /^spineLinks 169\.254\.0\.0\/24 meets 169\.254\.0\.0\/16, which is for link-local addresses$/,
  },
  {
    name: 'an API address that was never filled in',
    change: [['site.yaml', 'apiServer: 10.72.50.1', 'apiServer: 0.0.0.0']],
    found: ['BERTH-209 site.yaml:41:14'],
    says: /^apiServer 0\.0\.0\.0 meets 0\.0\.0\.0\/8, which is for "this network"$/,
  },
  {
    name: 'a pool that reaches into multicast',
    change: [
      ['site.yaml', 'egress: 10.72.49.0/25\n  egressPools: { internet: 10.72.49.0/28 }', 'egress: 224.0.0.0/25'],
    ],
    found: ['BERTH-209 site.yaml:39:11'],
    says: /^egress 224\.0\.0\.0\/25 meets 224\.0\.0\.0\/4, which is for multicast$/,
  },
  {
    name: "BMCs with somebody else's addresses",
    change: [
      ['site.yaml', 'pool: 10.72.16.0/20', 'pool: 172.32.16.0/20'],
      ['site.yaml', 'gateway: 10.72.16.1', 'gateway: 172.32.16.1'],
    ],
    found: ['BERTH-210 site.yaml:28:11'],
    says: /^bmc\.pool 172\.32\.16\.0\/20 is not all private \(RFC 1918\) or shared \(RFC 6598\) address space$/,
  },
  {
    name: 'pods past the end of the shared space',
    change: [['site.yaml', 'pods: 10.64.0.0/14', 'pods: 100.128.0.0/14']],
    found: ['BERTH-210 site.yaml:35:9'],
    says: /^pods 100\.128\.0\.0\/14 is not all private/,
  },
  {
    name: 'a part of the load balancers that lies beside them',
    change: [['site.yaml', 'internet: 10.72.33.0/24', 'internet: 10.72.50.0/24']],
    found: ['BERTH-211 site.yaml:38:59'],
    says: /^loadBalancerPools\.internet 10\.72\.50\.0\/24 is not inside loadBalancers 10\.72\.32\.0\/20$/,
  },
  {
    name: 'a part of the load balancers inside another one',
    change: [
      [
        'site.yaml',
        'internal: 10.72.32.0/24, internet: 10.72.33.0/24',
        'internal: 10.72.33.128/25, internet: 10.72.33.0/24',
      ],
    ],
    found: ['BERTH-211 site.yaml:38:61'],
    says: /^loadBalancerPools\.internet 10\.72\.33\.0\/24 overlaps loadBalancerPools\.internal 10\.72\.33\.128\/25 at/,
  },
  {
    name: 'a part larger than the egress pool',
    change: [['site.yaml', 'internet: 10.72.49.0/28', 'internet: 10.72.49.0/24']],
    found: ['BERTH-212 site.yaml:40:28'],
    says: /^egressPools\.internet 10\.72\.49\.0\/24 is not inside egress 10\.72\.49\.0\/25$/,
  },
  {
    name: 'three egress pools, two of them in the first',
    change: [
      ['site.yaml', '{ internet: 10.72.49.0/28 }', '{ all: 10.72.49.0/26, one: 10.72.49.0/28, two: 10.72.49.32/28 }'],
    ],
    found: ['BERTH-212 site.yaml:40:43', 'BERTH-212 site.yaml:40:63'],
    says: /^egressPools\.one 10\.72\.49\.0\/28 overlaps egressPools\.all 10\.72\.49\.0\/26 at/,
  },
  {
    name: 'the Kubernetes API among the load balancers',
    change: [['site.yaml', 'apiServer: 10.72.50.1', 'apiServer: 10.72.32.1']],
    found: ['BERTH-213 site.yaml:41:14'],
    says: /^apiServer 10\.72\.32\.1 lies in loadBalancers 10\.72\.32\.0\/20 at site\.yaml:37:18, which may give it to others$/,
  },
  {
    name: "the Kubernetes API at a machine's address",
    change: [['site.yaml', 'apiServer: 10.72.50.1', 'apiServer: 10.69.0.4']],
    found: ['BERTH-213 site.yaml:41:14'],
    says: /^apiServer 10\.69\.0\.4 lies in node\.pool 10\.69\.0\.0\/20 at site\.yaml:18:11/,
  },
  {
    name: 'two VIPs for four boot servers',
    change: [['site.yaml', 'bootServerVips: 10.71.255.0/29', 'bootServerVips: 10.71.255.0/31']],
    found: ['BERTH-214 site.yaml:33:19'],
    says: /^bootServerVips 10\.71\.255\.0\/31 has 2 addresses for 4 boot servers$/,
  },
  {
    name: 'one bastion address for four boot servers',
    change: [['site.yaml', 'bastion: 10.72.48.0/26', 'bastion: 10.72.48.0/32']],
    found: ['BERTH-215 site.yaml:34:12'],
    says: /^bastion 10\.72\.48\.0\/32 has 1 address for 4 boot servers$/,
  },
  {
    name: 'the DNS of the cluster for machines',
    change: [['site.yaml', 'dns: [10.69.0.3,', 'dns: [10.68.0.10,']],
    found: ['BERTH-217 site.yaml:10:7'],
    says: /^the DNS server 10\.68\.0\.10 lies in services 10\.68\.0\.0\/16 at site\.yaml:36:13, which only nodes/,
  },
  {
    name: 'a proxy that is a pod',
    change: [['site.yaml', 'proxy: http://10.0.49.3:3128', 'proxy: http://10.64.1.9:3128']],
    found: ['BERTH-217 site.yaml:12:8'],
    says: /^the proxy 10\.64\.1\.9 lies in pods 10\.64\.0\.0\/14/,
  },
  {
    name: 'a resolver on a boot server that has not joined',
    change: [['site.yaml', 'dns: [10.69.0.3,', 'dns: [10.69.2.67,']],
    found: ['BERTH-218 site.yaml:10:7'],
    says: /^the DNS server 10\.69\.2\.67 is boot-3, which has not joined$/,
  },
  {
    name: 'a resolver twice',
    change: [['site.yaml', 'dns: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'dns: [10.69.0.3, 10.69.0.3, 10.69.1.131]']],
    found: ['BERTH-219 site.yaml:10:18'],
    says: /^the DNS server 10\.69\.0\.3 stands already at site\.yaml:10:7$/,
  },
  {
    name: 'a relay target twice',
    change: [['site.yaml', 'targets: [10.69.0.3,', 'targets: [10.69.0.195, 10.69.0.3,']],
    found: ['BERTH-219 site.yaml:53:39'],
    says: /^the relay target 10\.69\.0\.195 stands already at site\.yaml:53:15$/,
  },
];
