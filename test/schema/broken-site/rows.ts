// Sites that are broken in one way each: what is changed in the example, and all that must be found.
import type { Change } from '../example-site.ts';

export interface BrokenSite {
  readonly name: string;
  readonly change: readonly Change[];
  /** Every finding as `rule file:line:column`, in the order in which they are printed. */
  readonly found: readonly string[];
  /** What the first message says. */
  readonly says: RegExp;
}

const x64 = `bootPrograms:
  x64:
    source: https://assets.tokyo0.example.com/ipxe-1.21.1/ipxe.efi
`;

export const rows: readonly BrokenSite[] = [
  // Files
  {
    name: 'indented by a tab',
    change: [['roles/cs.yaml', '  journalMaxUse', '\tjournalMaxUse']],
    found: ['BERTH-001 roles/cs.yaml:12:1'],
    says: /^Tabs are not allowed/,
  },
  {
    name: 'a quote that is never closed',
    change: [['site.yaml', 'domain: tokyo0', 'domain: "tokyo0']],
    found: ['BERTH-001 site.yaml:4:9'],
    says: /^the text that this " opens has no end$/,
  },
  {
    name: 'a key twice',
    change: [['racks/r0.yaml', 'slot: 5, role: cs', 'slot: 5, role: cs, slot: 12']],
    found: ['BERTH-002 racks/r0.yaml:9:43'],
    says: /^the key slot stands twice/,
  },
  {
    name: 'an anchor and its alias',
    change: [
      ['site.yaml', 'dns: [', 'dns: &servers ['],
      ['site.yaml', 'ntp: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'ntp: *servers'],
    ],
    found: ['BERTH-003 site.yaml:8:15', 'BERTH-003 site.yaml:9:6'],
    says: /^the anchor &servers/,
  },
  {
    name: 'a serial that YAML takes for a number',
    change: [['racks/r0.yaml', 'FQ7K2D3', '12E4567']],
    found: ['BERTH-003 racks/r0.yaml:8:15'],
    says: /^the number 12E4567, which reads as Infinity,/,
  },
  {
    name: 'Latin-1',
    change: [['roles/cs.yaml', '', Buffer.from('# f\xfcr alle\nos: x\n', 'latin1')]],
    found: ['BERTH-004 roles/cs.yaml:1:1'],
    says: /^the file is not UTF-8 text$/,
  },
  {
    name: 'a megabyte of comment',
    change: [['trust/signers.yaml', '', `#${' '.repeat(1 << 20)}`]],
    found: ['BERTH-004 trust/signers.yaml:1:1'],
    says: /^the file has 1048577 bytes/,
  },
  {
    name: 'a misspelt key',
    change: [['racks/r0.yaml', 'serial: Y53NL42, slot', 'serial: Y53NL42, slto']],
    found: ['BERTH-006 racks/r0.yaml:9:5', 'BERTH-005 racks/r0.yaml:9:24'],
    says: /^machines\.1 lacks the key slot$/,
  },
  {
    name: 'a key that is missing',
    change: [['releases.yaml', `${x64}`, x64.replace(/ +source.*\n/, '')]],
    found: ['BERTH-006 releases.yaml:26:5'],
    says: /^bootPrograms\.x64 lacks the key source$/,
  },
  {
    name: 'a serial of digits alone',
    change: [['racks/r0.yaml', 'FQ7K2D3', '1234567']],
    found: ['BERTH-007 racks/r0.yaml:8:15'],
    says: /^machines\.0\.serial is 1234567, not of type string$/,
  },
  {
    name: 'a MAC address in capitals',
    change: [['racks/r0.yaml', '02:be:00:00:0a:01', '02:BE:00:00:0A:01']],
    found: ['BERTH-008 racks/r0.yaml:14:51'],
    says: /^machines\.6\.macs\.0 is "02:BE:00:00:0A:01": it must match pattern/,
  },
  {
    name: 'mode bits that Ignition 3.3 ignores',
    change: [
      ['ignition/common/ignition.yaml', 'path: /etc/bird/conf.d, mode: "0755"', 'path: /etc/bird/conf.d, mode: "1755"'],
    ],
    found: ['BERTH-008 ignition/common/ignition.yaml:16:39'],
    says: /^storage\.directories\.0\.mode is "1755"/,
  },
  {
    name: 'no releases',
    change: [['releases.yaml', '', null]],
    found: ['BERTH-009 releases.yaml:1:1'],
    says: /^the site repo has no releases\.yaml$/,
  },
  {
    name: 'an Ignition folder without its document',
    change: [['ignition/ss/ignition.yaml', '', null]],
    found: ['BERTH-009 ignition/ss/ignition.yaml:1:1'],
    says: /^the site repo has no ignition\/ss\/ignition\.yaml$/,
  },
  {
    name: 'a rack in a folder that nothing reads',
    change: [['rack/r4.yaml', '', 'rack: 4\n']],
    found: ['BERTH-010 rack/r4.yaml:1:1'],
    says: /^nothing reads this file$/,
  },

  // Identity
  {
    name: 'a serial twice, in two racks',
    change: [['racks/r3.yaml', 'BP1JHJ3', 'FQ7K2D3']],
    found: ['BERTH-101 racks/r3.yaml:8:15'],
    says: /^the serial FQ7K2D3 is taken already at racks\/r0\.yaml:8:15$/,
  },
  {
    name: 'a MAC address twice, on one machine',
    change: [['racks/r0.yaml', '02:be:00:00:0b:02', '02:be:00:00:0b:01']],
    found: ['BERTH-102 racks/r0.yaml:15:70'],
    says: /^the MAC address 02:be:00:00:0b:01 is taken already at racks\/r0\.yaml:15:51$/,
  },
  {
    name: 'a slot twice',
    change: [['racks/r0.yaml', 'slot: 11', 'slot: 4']],
    found: ['BERTH-103 racks/r0.yaml:15:30'],
    says: /^the slot 4 is taken already at racks\/r0\.yaml:8:30$/,
  },
  {
    name: 'a machine in a slot for leases',
    change: [['racks/r0.yaml', 'slot: 11', 'slot: 32']],
    found: ['BERTH-104 racks/r0.yaml:15:30'],
    says: /^slot 32 of C92XLP3 is outside the machine slots 4 to 31$/,
  },
  {
    name: 'a rack number twice',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 2'],
      ['site.yaml', 'rack: 3, joined', 'rack: 0, joined'],
    ],
    found: ['BERTH-105 racks/r3.yaml:2:7', 'BERTH-304 site.yaml:51:27'],
    says: /^the rack number 2 is taken already at racks\/r2\.yaml:2:7$/,
  },
  {
    name: 'a boot server named like a spine',
    change: [['site.yaml', 'name: boot-1', 'name: spine1']],
    found: ['BERTH-106 site.yaml:49:13'],
    says: /^the name spine1 is taken already at site\.yaml:44:12$/,
  },

  // Addresses
  {
    name: 'a rack past the node pool',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 21'],
      ['site.yaml', 'rack: 3, joined', 'rack: 21, joined'],
    ],
    found: ['BERTH-201 racks/r3.yaml:2:7'],
    says: /^rack 21 would get 10\.69\.15\.192 to 10\.69\.16\.127, outside the node pool 10\.69\.0\.0\/20$/,
  },
  {
    name: 'BMCs past their pool',
    change: [['site.yaml', 'pool: 10.72.16.0/20\n    offset: 0.0.1.0', 'pool: 10.72.16.0/23\n    offset: 0.0.1.160']],
    found: [
      ...[8, 9, 10, 11, 12].map((line) => `BERTH-201 racks/r3.yaml:${line}:30`),
      'BERTH-201 racks/r3.yaml:14:11',
      ...[19, 20].map((line) => `BERTH-201 racks/r3.yaml:${line}:30`),
    ],
    says: /^the BMC of BP1JHJ3 would get 10\.72\.18\.4, outside the BMC pool 10\.72\.16\.0\/23$/,
  },
  {
    name: 'a BMC gateway outside their pool',
    change: [['site.yaml', 'gateway: 10.72.16.1', 'gateway: 10.72.32.1']],
    found: ['BERTH-201 site.yaml:29:14'],
    says: /^the gateway 10\.72\.32\.1 is outside the BMC pool 10\.72\.16\.0\/20$/,
  },
  {
    name: 'a spine link past its pool',
    change: [['racks/r3.yaml', 'spine2: 15', 'spine2: 128']],
    found: ['BERTH-201 racks/r3.yaml:6:51'],
    says: /^link 128 would get 10\.72\.2\.1, outside the pool of spine links 10\.72\.1\.0\/24$/,
  },
  {
    name: 'two pools that overlap',
    change: [['site.yaml', 'bastion: 10.72.48.0/26', 'bastion: 10.72.47.128/25']],
    found: ['BERTH-202 site.yaml:35:18'],
    says: /^loadBalancers 10\.72\.32\.0\/20 overlaps bastion 10\.72\.47\.128\/25 at site\.yaml:32:12$/,
  },
  {
    name: 'leases among the machines',
    change: [['site.yaml', 'leaseSlots: { first: 32', 'leaseSlots: { first: 31']],
    found: ['BERTH-203 site.yaml:22:17'],
    says: /^leaseSlots 31 to 62 meets machineSlots 4 to 31$/,
  },
  {
    name: 'a lease at the broadcast address',
    change: [['site.yaml', 'last: 62', 'last: 63']],
    found: ['BERTH-203 site.yaml:22:17'],
    says: /^leaseSlots reaches 63, but a range of 2\^6 addresses ends at 62$/,
  },
  {
    name: 'slots that end before they begin',
    change: [['site.yaml', '{ first: 32, last: 62 }', '{ first: 62, last: 32 }']],
    found: ['BERTH-203 site.yaml:22:17'],
    says: /^leaseSlots begins at 62, after its end at 32$/,
  },
  {
    name: 'more slots than a rack has BMC addresses',
    change: [['site.yaml', 'rangeBits: 5', 'rangeBits: 4']],
    found: ['BERTH-204 site.yaml:28:16'],
    says: /^a rack has BMC addresses for slots up to 15, but machine slots reach 31$/,
  },
  {
    name: 'a link id twice',
    change: [['racks/r1.yaml', 'spine1: 4', 'spine1: 0']],
    found: ['BERTH-205 racks/r1.yaml:5:39'],
    says: /^the link id 0 is taken already at racks\/r0\.yaml:5:39$/,
  },
  {
    name: 'a BMC at the broadcast address of its network',
    change: [
      ['racks/r3.yaml', 'rack: 3', 'rack: 7'],
      ['racks/r3.yaml', 'slot: 11', 'slot: 31'],
      ['site.yaml', 'rack: 3, joined', 'rack: 7, joined'],
      ['site.yaml', '10.72.16.0/20', '10.72.16.0/23'],
    ],
    found: ['BERTH-206 racks/r3.yaml:20:30'],
    says: /^the BMC of KBF5P42 would get 10\.72\.17\.255, the broadcast address of the BMC pool/,
  },
  {
    name: 'a BMC at the address of its gateway',
    change: [['site.yaml', 'gateway: 10.72.16.1', 'gateway: 10.72.17.4']],
    found: ['BERTH-206 racks/r0.yaml:8:30'],
    says: /^the BMC of FQ7K2D3 would get 10\.72\.17\.4, the gateway address of the BMC pool/,
  },
  {
    name: 'a BMC gateway at the network address',
    change: [['site.yaml', 'gateway: 10.72.16.1', 'gateway: 10.72.16.0']],
    found: ['BERTH-206 site.yaml:29:14'],
    says: /^the gateway 10\.72\.16\.0 is the network address of the BMC pool/,
  },
  {
    name: 'ranges that begin in the middle of a network',
    change: [['site.yaml', 'pool: 10.69.0.0/20\n', 'pool: 10.69.0.0/20\n    offset: 0.0.0.32\n']],
    found: ['BERTH-207 site.yaml:17:13'],
    says: /^the first range would begin at 10\.69\.0\.32, no multiple of 64 addresses$/,
  },

  // Network
  {
    name: 'a rack with a reserved AS',
    change: [['site.yaml', 'reserved: [64698', 'reserved: [64602']],
    found: ['BERTH-301 racks/r2.yaml:2:7'],
    says: /^rack 2 would be AS 64602, which is reserved$/,
  },
  {
    name: 'a rack with the AS of the spines',
    change: [['site.yaml', 'spine: 64599', 'spine: 64603']],
    found: ['BERTH-301 racks/r3.yaml:2:7'],
    says: /^rack 3 would be AS 64603, which is the AS of the spines$/,
  },
  {
    name: 'a rack past the last AS',
    change: [['site.yaml', 'rackBase: 64600', 'rackBase: 4294967292']],
    found: ['BERTH-301 racks/r3.yaml:2:7'],
    says: /^rack 3 would be AS 4294967295, which is past the last one, 4294967294$/,
  },
  {
    name: 'a rack with one ToR where ranges are for two',
    change: [['racks/r0.yaml', '  - { name: r0-tor2, links: { spine1: 2, spine2: 3 } }\n', '']],
    found: [
      'BERTH-302 racks/r0.yaml:5:3',
      ...[7, 8, 9, 10, 11, 12, 13, 14].map((line) => `BERTH-302 racks/r0.yaml:${line}:${line < 13 ? 49 : 50}`),
    ],
    says: /^the rack has 1 ToRs, but rangesPerRack 3 is for 2$/,
  },
  {
    name: 'a machine with more cards than its rack has ToRs',
    change: [['racks/r3.yaml', '02:be:00:03:09:02]', '02:be:00:03:09:02, 02:be:00:03:09:03]']],
    found: ['BERTH-302 racks/r3.yaml:16:11'],
    says: /^H2RQP02 has 3 cards, but the rack has 2 ToRs$/,
  },
  {
    name: 'a link to a spine that is not there',
    change: [['racks/r1.yaml', 'spine2: 5', 'spin2: 5']],
    found: ['BERTH-303 racks/r1.yaml:5:29', 'BERTH-303 racks/r1.yaml:5:42'],
    says: /^r1-tor1 has no link to spine2$/,
  },
  {
    name: 'a spine named like a member that every object has',
    change: [['site.yaml', 'spines: [spine1, spine2]', 'spines: [spine1, spine2, constructor]']],
    found: [0, 1, 2, 3].flatMap((rack) => [5, 6].map((line) => `BERTH-303 racks/r${rack}.yaml:${line}:29`)),
    says: /^r0-tor1 has no link to constructor$/,
  },
  {
    name: 'a boot server in a rack that is not there',
    change: [['site.yaml', 'rack: 3, joined', 'rack: 4, joined']],
    found: ['BERTH-304 site.yaml:51:27'],
    says: /^boot-3 stands in rack 4, which no file in racks\/ declares$/,
  },
  {
    name: 'two boot servers in a rack',
    change: [['site.yaml', 'rack: 3, joined', 'rack: 0, joined']],
    found: ['BERTH-304 site.yaml:51:27'],
    says: /^boot-3 and boot-0 stand in rack 0 both$/,
  },
  {
    name: 'no boot server that serves',
    change: [0, 1, 2].map(
      (rack) => ['site.yaml', `rack: ${rack}, joined: true`, `rack: ${rack}, joined: false`] as const,
    ),
    found: ['BERTH-304 site.yaml:48:3'],
    says: /^no boot server has joined$/,
  },

  // Roles and releases
  {
    name: 'a role that is not there',
    change: [['racks/r3.yaml', 'R405S21, slot: 10, role: ss', 'R405S21, slot: 10, role: sss']],
    found: ['BERTH-401 racks/r3.yaml:19:40'],
    says: /^R405S21 has the role sss, but there is no roles\/sss\.yaml$/,
  },
  {
    name: 'an operating system that is not pinned',
    change: [['roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.2.1']],
    found: ['BERTH-402 roles/ss.yaml:2:5'],
    says: /^role ss boots flatcar-4081\.2\.1, which releases\.yaml does not pin$/,
  },

  // Ignition
  {
    name: 'an Ignition folder that is not there',
    change: [['roles/ss.yaml', 'ignition: [common, ss]', 'ignition: [comon, ss]']],
    found: ['BERTH-501 roles/ss.yaml:9:12'],
    says: /^role ss takes its Ignition from comon, but there is no ignition\/comon\/ignition\.yaml$/,
  },
  {
    name: 'a file that is not beside ignition.yaml',
    change: [
      ['ignition/cs/ignition.yaml', 'contents_local: units/image-prune.service', 'contents_local: units/prune.service'],
    ],
    found: ['BERTH-502 ignition/cs/ignition.yaml:9:52'],
    says: /^there is no ignition\/cs\/units\/prune\.service$/,
  },
  {
    name: 'a tree that is not there',
    change: [['ignition/ss/ignition.yaml', 'local: etc', 'local: ect']],
    found: ['BERTH-502 ignition/ss/ignition.yaml:5:16'],
    says: /^there is no ignition\/ss\/ect\/$/,
  },
  {
    name: 'a local file that is no text',
    change: [['ignition/cs/etc/modules-load.d/compute.conf', '', Buffer.from([0xff, 0xfe])]],
    found: ['BERTH-004 ignition/cs/etc/modules-load.d/compute.conf:1:1'],
    says: /^the file is not UTF-8 text$/,
  },
  {
    name: 'a variable that is not there, in a block of ignition.yaml that two roles share',
    change: [['ignition/common/ignition.yaml', 'search {{ site.domain }}', 'search {{ site.domian }}']],
    found: ['BERTH-503 ignition/common/ignition.yaml:39:18'],
    says: /^site has no domian; known are: name, domain, dns, ntp, proxy$/,
  },
  {
    name: 'a variable that is not there, in a local file',
    change: [['ignition/common/etc/chrony/chrony.conf', 'server {{ item }}', 'server {{ item.address }}']],
    found: ['BERTH-503 ignition/common/etc/chrony/chrony.conf:3:8'],
    says: /^item has no address$/,
  },
  {
    name: 'a variable that one of two roles lacks',
    change: [['roles/ss.yaml', '  journalMaxUse: 512M\n', '']],
    found: ['BERTH-503 ignition/common/etc/systemd/journald.conf.d/limits.conf:4:15'],
    says: /^role has no journalMaxUse; known are: scratchDisk, dataDisks$/,
  },
  {
    name: 'braces of another language in a local file',
    change: [
      ['ignition/cs/etc/modules-load.d/compute.conf', '', 'overlay\n{% if x %}{{ x | default(1) }}{% endif %}\n'],
    ],
    found: ['BERTH-503 ignition/cs/etc/modules-load.d/compute.conf:2:11'],
    says: /^\{\{ x \| default\(1\) \}\} is not of the template language$/,
  },
  {
    name: 'every fault of a role at once',
    change: [
      ['ignition/ss/units/data-disks.service', '', '[Unit]\nDescription={{ nothing }}\n'],
      ['ignition/ss/etc/modules-load.d/storage.conf', '', '{{ site.nothing }}'],
    ],
    found: [
      'BERTH-503 ignition/ss/etc/modules-load.d/storage.conf:1:1',
      'BERTH-503 ignition/ss/units/data-disks.service:2:13',
    ],
    says: /^site has no nothing/,
  },
  {
    name: 'a fault in a role that no machine has',
    change: [
      ['roles/gpu.yaml', '', 'os: flatcar-4081.2.0\nignition: [gpu]\n'],
      [
        'ignition/gpu/ignition.yaml',
        '',
        'storage:\n  files:\n    - path: /etc/x\n      contents: { inline: "{{ role.x }}" }\n',
      ],
    ],
    found: ['BERTH-503 ignition/gpu/ignition.yaml:4:28'],
    says: /^role has no x, nor anything else$/,
  },
  {
    name: 'a path in two folders of a role',
    change: [
      ['ignition/ss/ignition.yaml', 'path: /opt/site/bin/check-data-disks', 'path: /opt/site/bin/prepare-scratch'],
    ],
    found: ['BERTH-504 ignition/ss/ignition.yaml:7:13'],
    says: /^\/opt\/site\/bin\/prepare-scratch stands already at ignition\/common\/ignition\.yaml:47:13$/,
  },
  {
    name: 'a path in a tree and by itself',
    change: [['ignition/cs/etc/hosts', '', '127.0.0.1 localhost\n']],
    found: ['BERTH-504 ignition/cs/ignition.yaml:5:27'],
    says: /^\/etc\/hosts stands already at ignition\/common\/ignition\.yaml:27:13$/,
  },
  {
    name: 'a unit twice',
    change: [['ignition/cs/ignition.yaml', 'name: image-prune.service', 'name: bird.service']],
    found: ['BERTH-504 ignition/cs/ignition.yaml:9:15'],
    says: /^bird\.service stands already at ignition\/common\/ignition\.yaml:62:15$/,
  },
  {
    name: 'two paths that are one when they are filled in',
    change: [
      ['roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 2G\n  where: localtime'],
      [
        'ignition/cs/ignition.yaml',
        '  trees:',
        '  links:\n    - { path: "/etc/{{ role.where }}", target: /x }\n  trees:',
      ],
    ],
    found: ['BERTH-504 ignition/cs/ignition.yaml:5:16'],
    says: /^\/etc\/localtime stands already at ignition\/common\/ignition\.yaml:58:15$/,
  },
  {
    name: 'a file below a file',
    change: [['ignition/ss/ignition.yaml', 'path: /opt/site/bin/check-data-disks', 'path: /etc/hosts/more']],
    found: ['BERTH-504 ignition/ss/ignition.yaml:7:13'],
    says: /^\/etc\/hosts\/more lies below \/etc\/hosts, which is a file at ignition\/common\/ignition\.yaml:27:13$/,
  },
  {
    name: 'a unit with two texts',
    change: [
      ['ignition/cs/ignition.yaml', 'name: image-prune.service,', 'name: image-prune.service, contents: "[Unit]",'],
    ],
    found: ['BERTH-505 ignition/cs/ignition.yaml:9:72'],
    says: /^image-prune\.service has both contents and contents_local$/,
  },
  {
    name: 'a role too large for etcd',
    change: [
      ['ignition/cs/etc/one', '', 'a'.repeat(600_000)],
      ['ignition/cs/etc/two', '', 'b'.repeat(600_000)],
    ],
    found: ['BERTH-506 roles/cs.yaml:2:1'],
    says: /^the ignition object has 12\d{5} bytes, more than the 1048576 that fit etcd$/,
  },
  {
    name: 'a path that is not in its shortest form',
    change: [
      ['ignition/ss/ignition.yaml', 'path: /opt/site/bin/check-data-disks', 'path: /opt/site//bin/check-data-disks'],
    ],
    found: ['BERTH-507 ignition/ss/ignition.yaml:7:13'],
    says: /^the shortest form of the path \/opt\/site\/\/bin\/check-data-disks is \/opt\/site\/bin\/check-data-disks$/,
  },

  // Kubernetes and trust
  {
    name: 'too few machines for the control plane',
    change: [['kubernetes/cluster.yaml', 'role: cs', 'role: control']],
    found: ['BERTH-601 kubernetes/cluster.yaml:5:9'],
    says: /^the control plane takes 3 machines of role control, but the site has 0$/,
  },
  {
    name: 'a signer twice',
    change: [
      [
        'trust/signers.yaml',
        "    paths: ['**']",
        `    paths: [racks/]
  - name: Site engineers (example)
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr
    paths: ['**']`,
      ],
    ],
    found: ['BERTH-801 trust/signers.yaml:10:11'],
    says: /^the signer Site engineers \(example\) is taken already at trust\/signers\.yaml:7:11$/,
  },
  {
    name: 'a key of two signers',
    change: [
      [
        'trust/signers.yaml',
        "    paths: ['**']",
        `    paths: [racks/]
  - name: Somebody else
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s
    paths: ['**']`,
      ],
    ],
    found: ['BERTH-801 trust/signers.yaml:11:10'],
    says: /^the key ssh-ed25519 AAAA\S+ is taken already at trust\/signers\.yaml:8:10$/,
  },
];
