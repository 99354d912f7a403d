import type { BrokenSite } from '../broken-site.ts';

const x64 = `bootPrograms:
  x64:
    source: https://assets.tokyo0.example.com/ipxe-1.21.1/ipxe.efi
`;

export const rows: readonly BrokenSite[] = [
  {
    name: 'indented by a tab',
    change: [['roles/cs.yaml', '  journalMaxUse', '\tjournalMaxUse']],
    found: ['BERTH-001 roles/cs.yaml:10:1'],
    says: /^Tabs are not allowed/,
  },
  {
    name: 'a quote that is never closed',
    change: [['site.yaml', 'domain: tokyo0', 'domain: "tokyo0']],
    found: ['BERTH-001 site.yaml:5:9'],
    says: /^the text that this " opens has no end$/,
  },
  {
    name: 'a key twice',
    change: [['racks/r0.yaml', 'slot: 5, role: cs', 'slot: 5, role: cs, slot: 12']],
    found: ['BERTH-002 racks/r0.yaml:10:43'],
    says: /^the key slot stands twice/,
  },
  {
    name: 'an anchor and its alias',
    change: [
      ['site.yaml', 'dns: [', 'dns: &servers ['],
      ['site.yaml', 'ntp: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'ntp: *servers'],
    ],
    found: ['BERTH-003 site.yaml:10:15', 'BERTH-003 site.yaml:11:6'],
    says: /^the anchor &servers/,
  },
  {
    name: 'a serial that YAML takes for a number',
    change: [['racks/r0.yaml', 'FQ7K2D3', '12E4567']],
    found: ['BERTH-003 racks/r0.yaml:9:15'],
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
    found: ['BERTH-006 racks/r0.yaml:10:5', 'BERTH-005 racks/r0.yaml:10:24'],
    says: /^machines\.1 lacks the key slot$/,
  },
  {
    name: 'a key that is missing',
    change: [['releases.yaml', `${x64}`, x64.replace(/ +source.*\n/, '')]],
    found: ['BERTH-006 releases.yaml:28:5'],
    says: /^bootPrograms\.x64 lacks the key source$/,
  },
  {
    name: 'a serial of digits alone',
    change: [['racks/r0.yaml', 'FQ7K2D3', '1234567']],
    found: ['BERTH-007 racks/r0.yaml:9:15'],
    says: /^machines\.0\.serial is 1234567, not of type string$/,
  },
  {
    name: 'a MAC address in capitals',
    change: [['racks/r0.yaml', '02:be:00:00:0a:01', '02:BE:00:00:0A:01']],
    found: ['BERTH-008 racks/r0.yaml:15:51'],
    says: /^machines\.6\.macs\.0 is "02:BE:00:00:0A:01": it must match pattern/,
  },
  {
    name: 'mode bits that Ignition 3.3 ignores',
    change: [
      ['ignition/common/ignition.yaml', 'path: /etc/bird/conf.d, mode: "0755"', 'path: /etc/bird/conf.d, mode: "1755"'],
    ],
    found: ['BERTH-008 ignition/common/ignition.yaml:17:39'],
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
  {
    name: 'an IPv6 resolver',
    change: [['site.yaml', 'dns: [10.69.0.3,', 'dns: ["2001:db8::1",']],
    found: ['BERTH-012 site.yaml:10:7'],
    says: /^dns\.0 is "2001:db8::1", which is IPv6: the address plan is of IPv4$/,
  },
  {
    name: 'an IPv6 pool',
    change: [['site.yaml', 'services: 10.68.0.0/16', 'services: fd00:68::/64']],
    found: ['BERTH-012 site.yaml:36:13'],
    says: /^network\.services is "fd00:68::\/64", which is IPv6/,
  },
  {
    name: 'a secret that is not sealed',
    change: [['secrets/bmc.age', '', 'user: root\npassword: calvin\n']],
    found: ['BERTH-013 secrets/bmc.age:1:1'],
    says: /^the file is not sealed with age$/,
  },
  {
    name: 'a secret by a name that is no sealed one',
    change: [['secrets/bmc.json', '', '{}\n']],
    found: ['BERTH-010 secrets/bmc.json:1:1'],
    says: /^nothing reads this file$/,
  },
  {
    name: 'a Kubernetes object beside the folders that give the order',
    change: [['kubernetes/resources/extra.yaml', '', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\n']],
    found: ['BERTH-010 kubernetes/resources/extra.yaml:1:1'],
    says: /^nothing reads this file$/,
  },
  {
    name: 'a Kubernetes object without a name',
    change: [['kubernetes/resources/00-namespaces/namespaces.yaml', '  name: monitoring', '  generateName: x-']],
    found: ['BERTH-006 kubernetes/resources/00-namespaces/namespaces.yaml:6:3'],
    says: /^metadata lacks the key name$/,
  },
  {
    name: 'a boolean as YAML 1.1 has it',
    change: [['site.yaml', 'rack: 3, joined: false', 'rack: 3, joined: no']],
    found: ['BERTH-003 site.yaml:64:38'],
    says: /^the bare no, which older readers of YAML take for a boolean, is not allowed in a site repo$/,
  },
  {
    name: 'a time of day without quotes',
    change: [
      ['site.yaml', '  canaries: 1\n', '  canaries: 1\n  windows: [{ days: [sat], from: 22:00, to: "04:00" }]\n'],
    ],
    found: ['BERTH-003 site.yaml:71:34'],
    says: /^the bare 22:00, which older readers of YAML take for a number, is not allowed in a site repo$/,
  },
  {
    name: 'a MAC address that is a number of base 60',
    change: [['racks/r0.yaml', '02:be:00:00:0a:01', '10:20:30:40:50:55']],
    found: ['BERTH-003 racks/r0.yaml:15:51'],
    says: /^the bare 10:20:30:40:50:55, which older readers of YAML take for a number, is not allowed/,
  },
  {
    name: 'an octal number',
    change: [['racks/r0.yaml', 'slot: 10', 'slot: 010']],
    found: ['BERTH-003 racks/r0.yaml:15:30'],
    says: /^the number 010, which reads as 10, is not allowed in a site repo$/,
  },
];
