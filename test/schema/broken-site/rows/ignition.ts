import type { BrokenSite } from '../broken-site.ts';

export const rows: readonly BrokenSite[] = [
  {
    name: 'an Ignition folder that is not there',
    change: [['roles/ss.yaml', 'ignition: [common, ss]', 'ignition: [comon, ss]']],
    found: ['BERTH-501 roles/ss.yaml:7:12'],
    says: /^role ss takes its Ignition from comon, but there is no ignition\/comon\/ignition\.yaml$/,
  },
  {
    name: 'a file that is not beside ignition.yaml',
    change: [
      ['ignition/cs/ignition.yaml', 'contents_local: units/image-prune.service', 'contents_local: units/prune.service'],
    ],
    found: ['BERTH-502 ignition/cs/ignition.yaml:10:52'],
    says: /^there is no ignition\/cs\/units\/prune\.service$/,
  },
  {
    name: 'a tree that is not there',
    change: [['ignition/ss/ignition.yaml', 'local: etc', 'local: ect']],
    found: ['BERTH-502 ignition/ss/ignition.yaml:6:16'],
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
    found: ['BERTH-503 ignition/common/ignition.yaml:40:18'],
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
    change: [['site.yaml', '  variables:\n    journalMaxUse: 512M\n', '']],
    found: ['BERTH-503 ignition/common/etc/systemd/journald.conf.d/limits.conf:4:15'],
    says: /^variables has no journalMaxUse; known are: scratchDisk, dataDisks$/,
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
        'storage:\n  files:\n    - path: /etc/x\n      contents: { inline: "{{ variables.x }}" }\n',
      ],
    ],
    found: ['BERTH-503 ignition/gpu/ignition.yaml:4:28'],
    says: /^variables has no x; known are: journalMaxUse$/,
  },
  {
    name: 'a path in two folders of a role',
    change: [
      ['ignition/ss/ignition.yaml', 'path: /opt/site/bin/check-data-disks', 'path: /opt/site/bin/prepare-scratch'],
    ],
    found: ['BERTH-504 ignition/ss/ignition.yaml:8:13'],
    says: /^\/opt\/site\/bin\/prepare-scratch stands already at ignition\/common\/ignition\.yaml:48:13$/,
  },
  {
    name: 'a path in a tree and by itself',
    change: [['ignition/cs/etc/hosts', '', '127.0.0.1 localhost\n']],
    found: ['BERTH-504 ignition/cs/ignition.yaml:6:27'],
    says: /^\/etc\/hosts stands already at ignition\/common\/ignition\.yaml:28:13$/,
  },
  {
    name: 'a unit twice',
    change: [['ignition/cs/ignition.yaml', 'name: image-prune.service', 'name: bird.service']],
    found: ['BERTH-504 ignition/cs/ignition.yaml:10:15'],
    says: /^bird\.service stands already at ignition\/common\/ignition\.yaml:63:15$/,
  },
  {
    name: 'two paths that are one when they are filled in',
    change: [
      ['roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 2G\n  where: localtime'],
      [
        'ignition/cs/ignition.yaml',
        '  trees:',
        '  links:\n    - { path: "/etc/{{ variables.where }}", target: /x }\n  trees:',
      ],
    ],
    found: ['BERTH-504 ignition/cs/ignition.yaml:6:16'],
    says: /^\/etc\/localtime stands already at ignition\/common\/ignition\.yaml:59:15$/,
  },
  {
    name: 'a file below a file',
    change: [['ignition/ss/ignition.yaml', 'path: /opt/site/bin/check-data-disks', 'path: /etc/hosts/more']],
    found: ['BERTH-504 ignition/ss/ignition.yaml:8:13'],
    says: /^\/etc\/hosts\/more lies below \/etc\/hosts, which is a file at ignition\/common\/ignition\.yaml:28:13$/,
  },
  {
    name: 'a unit with two texts',
    change: [
      ['ignition/cs/ignition.yaml', 'name: image-prune.service,', 'name: image-prune.service, contents: "[Unit]",'],
    ],
    found: ['BERTH-505 ignition/cs/ignition.yaml:10:72'],
    says: /^image-prune\.service has both contents and contents_local$/,
  },
  {
    name: 'a role too large for etcd',
    change: [
      ['ignition/cs/etc/one', '', 'a'.repeat(600_000)],
      ['ignition/cs/etc/two', '', 'b'.repeat(600_000)],
    ],
    found: ['BERTH-506 roles/cs.yaml:3:1'],
    says: /^the ignition object has 12\d{5} bytes, more than the 1048576 that fit etcd$/,
  },
  {
    name: 'a path that is not in its shortest form',
    change: [
      ['ignition/ss/ignition.yaml', 'path: /opt/site/bin/check-data-disks', 'path: /opt/site//bin/check-data-disks'],
    ],
    found: ['BERTH-507 ignition/ss/ignition.yaml:8:13'],
    says: /^the shortest form of the path \/opt\/site\/\/bin\/check-data-disks is \/opt\/site\/bin\/check-data-disks$/,
  },
];
