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
      ['ignition/ss/units/data-disks.service', 'that all {{ variables.dataDisks }} data', 'that {{ nothing }} data'],
      ['ignition/ss/etc/modules-load.d/storage.conf', '', '{{ site.nothing }}'],
    ],
    found: [
      'BERTH-503 ignition/ss/etc/modules-load.d/storage.conf:1:1',
      'BERTH-503 ignition/ss/units/data-disks.service:2:24',
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
    found: ['BERTH-503 ignition/gpu/ignition.yaml:4:28', 'BERTH-404 roles/gpu.yaml:1:1'],
    says: /^variables has no x; known are: journalMaxUse$/,
  },
  {
    name: 'a path in two folders of a role',
    change: [
      ['ignition/ss/ignition.yaml', 'path: /opt/site/bin/check-data-disks', 'path: /opt/site/bin/prepare-scratch'],
    ],
    found: ['BERTH-504 ignition/ss/ignition.yaml:8:13', 'BERTH-514 ignition/ss/units/data-disks.service:7:1'],
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
    found: ['BERTH-504 ignition/ss/ignition.yaml:8:13', 'BERTH-514 ignition/ss/units/data-disks.service:7:1'],
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
    found: ['BERTH-507 ignition/ss/ignition.yaml:8:13', 'BERTH-514 ignition/ss/units/data-disks.service:7:1'],
    says: /^the shortest form of the path \/opt\/site\/\/bin\/check-data-disks is \/opt\/site\/bin\/check-data-disks$/,
  },
  {
    name: 'the private key of a certificate, in a file of a tree',
    change: [
      [
        'ignition/cs/etc/ssl/node.key',
        '',
        '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIExampleExampleExampleExampleExampleExam\n-----END EC PRIVATE KEY-----\n',
      ],
    ],
    found: ['BERTH-508 ignition/cs/etc/ssl/node.key:1:1'],
    says: /^this looks like a private key$/,
  },
  {
    name: 'an OpenSSH key in a block of ignition.yaml',
    change: [
      [
        'ignition/common/ignition.yaml',
        '          {{ machine.name }}\n    - path: /etc/hosts',
        '          {{ machine.name }}\n          -----BEGIN OPENSSH PRIVATE KEY-----\n          b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n    - path: /etc/hosts',
      ],
    ],
    found: ['BERTH-508 ignition/common/ignition.yaml:28:11'],
    says: /^this looks like a private key$/,
  },
  {
    name: "age's secret key beside what is sealed with it",
    change: [['secrets/README.md', '', `Open with AGE-SECRET-KEY-1${'QPZRY9X8GF'.repeat(5)}.\n`]],
    found: ['BERTH-508 secrets/README.md:1:11'],
    says: /^this looks like age's secret key$/,
  },
  {
    name: 'a key of AWS in a variable of a role',
    change: [['roles/ss.yaml', 'dataDisks: 12', 'dataDisks: 12\n  backupKey: AKIAIOSFODNN7EXAMPLE']],
    found: ['BERTH-508 roles/ss.yaml:11:14'],
    says: /^this looks like the id of an AWS access key$/,
  },
  {
    name: 'a token of GitHub in a note',
    change: [['racks/NOTES.md', '', `Clone with\ngh auth login --with-token <<< ghp_${'aB3dE6gH9j'.repeat(4)}\n`]],
    found: ['BERTH-508 racks/NOTES.md:2:32'],
    says: /^this looks like a token of GitHub$/,
  },
  {
    name: 'a bearer token in a resource',
    change: [
      [
        'kubernetes/resources/00-namespaces/namespaces.yaml',
        'name: monitoring',
        `name: monitoring\n  annotations: { auth: "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2RlIn0.${'x'.repeat(43)}" }`,
      ],
    ],
    found: ['BERTH-508 kubernetes/resources/00-namespaces/namespaces.yaml:7:32'],
    says: /^this looks like a bearer token$/,
  },
  {
    name: 'the hash of a password',
    change: [['ignition/cs/etc/shadow', '', `root:*:\ncore:$6$salt$${'Qx'.repeat(43)}:19000::::::\n`]],
    found: ['BERTH-508 ignition/cs/etc/shadow:2:6'],
    says: /^this looks like the hash of a password$/,
  },
  {
    name: "the password of BIRD's sessions",
    change: [['ignition/cs/etc/bird/conf.d/cilium.conf', '  multihop;', '  multihop;\n  password "pTk4vWq";']],
    found: ['BERTH-508 ignition/cs/etc/bird/conf.d/cilium.conf:14:12'],
    says: /^this looks like a password$/,
  },
  {
    name: 'passwords in settings, but not in comments, and not where something fills them in',
    change: [
      [
        'ignition/ss/etc/agent.conf',
        '',
        '# password: ask the on-call\nDB_PASSWORD=hunter2\napi_key: "4fa9-11"\npassword: {{ variables.dataDisks }}\nadmin-password = $PASSWORD\n',
      ],
    ],
    found: ['BERTH-508 ignition/ss/etc/agent.conf:2:13', 'BERTH-508 ignition/ss/etc/agent.conf:3:10'],
    says: /^this looks like a password, or the like of one$/,
  },
  {
    name: 'a bootstrap token of Kubernetes',
    change: [['ignition/cs/etc/join.conf', '', 'join --token 07401b.f395accd246ae52d\n']],
    found: ['BERTH-508 ignition/cs/etc/join.conf:1:14'],
    says: /^this looks like a bootstrap token of Kubernetes$/,
  },
  {
    name: 'a misspelt section of a unit',
    change: [['ignition/cs/units/image-prune.timer', '[Timer]', '[Timers]']],
    found: ['BERTH-509 ignition/cs/units/image-prune.timer:1:1', 'BERTH-509 ignition/cs/units/image-prune.timer:4:1'],
    says: /^image-prune\.timer has no OnCalendar=/,
  },
  {
    name: 'a line of a unit that is none',
    change: [['ignition/ss/units/data-disks.service', 'RemainAfterExit=yes', 'RemainAfterExit']],
    found: ['BERTH-509 ignition/ss/units/data-disks.service:6:1'],
    says: /^RemainAfterExit is not of the form key=value$/,
  },
  {
    name: 'a backslash that joins nothing, for a blank stands behind it',
    change: [
      ['ignition/common/units/bird.service', 'ExecStart=/usr/sbin/bird -f -c', 'ExecStart=/usr/sbin/bird \\ \n  -f -c'],
    ],
    found: ['BERTH-509 ignition/common/units/bird.service:11:3'],
    says: /^-f -c \/etc\/bird\/bird\.conf -s \/run\/bird\/… is not of the form key=value$/,
  },
  {
    name: 'a setting before the first section of a drop-in',
    change: [
      [
        'ignition/common/ignition.yaml',
        '          contents: |\n            [Unit]\n            RequiresMountsFor=/var/lib/containerd',
        '          contents: |\n            RequiresMountsFor=/var/lib/containerd',
      ],
    ],
    found: [
      'BERTH-509 ignition/common/ignition.yaml:107:13',
      'BERTH-509 ignition/common/ignition.yaml:108:13',
      'BERTH-509 ignition/common/ignition.yaml:109:13',
    ],
    says: /^RequiresMountsFor=\/var\/lib\/containerd stands before the first section$/,
  },
  {
    name: 'a section header that is not closed',
    change: [['ignition/common/units/node-ready.target', '[Unit]', '[Unit']],
    found: [
      'BERTH-509 ignition/common/units/node-ready.target:1:1',
      'BERTH-509 ignition/common/units/node-ready.target:2:1',
      'BERTH-509 ignition/common/units/node-ready.target:4:1',
    ],
    says: /^\[Unit is no section header$/,
  },
  {
    name: 'a service without a program',
    change: [
      ['ignition/common/units/chronyd.service', 'ExecStart=/usr/sbin/chronyd -d -f /etc/chrony/chrony.conf\n', ''],
    ],
    found: ['BERTH-509 ignition/common/units/chronyd.service:1:1'],
    says: /^chronyd\.service has no ExecStart= in \[Service\]$/,
  },
  {
    name: 'a service with two programs',
    change: [['ignition/common/units/bird.service', 'ExecStartPre=', 'ExecStart=']],
    found: ['BERTH-509 ignition/common/units/bird.service:10:1'],
    says: /^bird\.service has more than one ExecStart=$/,
  },
  {
    name: 'a program by a relative path',
    change: [['ignition/ss/units/data-disks.service', 'ExecStart=/opt/site/bin/', 'ExecStart=-bin/']],
    found: ['BERTH-509 ignition/ss/units/data-disks.service:7:1'],
    says: /^ExecStart runs bin\/check-data-disks, which is neither an absolute path nor a name$/,
  },
  {
    name: 'a mount whose name does not follow from its place',
    change: [['ignition/common/ignition.yaml', 'Where=/srv/scratch', 'Where=/srv/scratch-1']],
    found: ['BERTH-509 ignition/common/ignition.yaml:78:9'],
    says: /^srv-scratch\.mount is not the name for Where=\/srv\/scratch-1: srv-scratch\\x2d1\.mount is$/,
  },
  {
    name: 'a unit that is enabled for nothing',
    change: [['ignition/cs/units/image-prune.timer', '\n[Install]\nWantedBy=timers.target\n', '']],
    found: ['BERTH-510 ignition/cs/ignition.yaml:11:43'],
    says: /^image-prune\.timer is enabled, but its text has no \[Install\], so nothing starts it$/,
  },
  {
    name: 'a unit both enabled and masked',
    change: [
      ['ignition/ss/ignition.yaml', 'name: fstrim.timer, mask: true', 'name: fstrim.timer, enabled: true, mask: true'],
    ],
    found: ['BERTH-510 ignition/ss/ignition.yaml:16:38'],
    says: /^fstrim\.timer is enabled, and masked$/,
  },
  {
    name: 'a text that is small here and large on machines',
    change: [['ignition/ss/etc/motd', '', 'ä'.repeat(400_000)]],
    found: ['BERTH-511 roles/ss.yaml:7:11'],
    says: /^the Ignition of r0-10 \(Y020PR2\) has 24\d{5} bytes, more than the 2097152 that machines get$/,
  },
  {
    name: 'a script that nobody may execute',
    change: [['ignition/ss/ignition.yaml', 'mode: "0755"', 'mode: "0644"']],
    found: ['BERTH-512 ignition/ss/bin/check-data-disks:1:1'],
    says: /^\/opt\/site\/bin\/check-data-disks begins with #!, but nobody may execute it$/,
  },
  {
    name: 'a program without its first line',
    change: [['ignition/common/bin/wait-for-default-route', '#!/bin/sh\n', '']],
    found: ['BERTH-512 ignition/common/bin/wait-for-default-route:1:1'],
    says: /^\/opt\/site\/bin\/wait-for-default-route is executable, but does not begin with #!$/,
  },
  {
    name: 'a file that everybody may write to',
    change: [['ignition/ss/ignition.yaml', 'mode: "0755"', 'mode: "0777"']],
    found: ['BERTH-513 ignition/ss/ignition.yaml:9:14'],
    says: /^with mode 0777, everybody may write to \/opt\/site\/bin\/check-data-disks$/,
  },
  {
    name: 'a mode in decimal',
    change: [
      [
        'ignition/ss/ignition.yaml',
        '    - path: /opt/site/bin/check-data-disks',
        '    - path: /etc/motd\n      mode: "420"\n      contents: { inline: Storage }\n    - path: /opt/site/bin/check-data-disks',
      ],
    ],
    found: ['BERTH-513 ignition/ss/ignition.yaml:9:14'],
    says: /^with mode 0420, others may do more than the owner with \/etc\/motd$/,
  },
  {
    name: 'a folder that cannot be entered',
    change: [
      ['ignition/common/ignition.yaml', 'path: /etc/bird/conf.d, mode: "0755"', 'path: /etc/bird/conf.d, mode: "0644"'],
    ],
    found: ['BERTH-513 ignition/common/ignition.yaml:17:40'],
    says: /^with mode 0644, not even the owner may enter \/etc\/bird\/conf\.d$/,
  },
  {
    name: 'a program that nothing puts there',
    change: [['ignition/ss/units/data-disks.service', 'bin/check-data-disks', 'bin/check-disks']],
    found: ['BERTH-514 ignition/ss/units/data-disks.service:7:1'],
    says: /^nothing puts \/opt\/site\/bin\/check-disks there, though the role makes other files in \/opt\/site\/bin$/,
  },
  {
    name: 'a variable of a container that is a password',
    change: [
      [
        'kubernetes/resources/30-site/own.yaml',
        '',
        'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: default }\nspec:\n  containers:\n    - env:\n        - name: DB_PASSWORD\n          value: hunter2\n',
      ],
    ],
    found: ['BERTH-508 kubernetes/resources/30-site/own.yaml:8:18'],
    says: /^this looks like a password, or the like of one$/,
  },
  {
    name: 'a proxy with its password',
    change: [['site.yaml', 'http://10.0.49.3', 'http://squid:hunter2@10.0.49.3']],
    found: ['BERTH-508 site.yaml:12:21'],
    says: /^this looks like a password in a URL$/,
  },
  {
    name: 'a service that runs once and is to begin again',
    change: [['ignition/ss/units/data-disks.service', 'Type=oneshot', 'Type=oneshot\nRestart=always']],
    found: ['BERTH-509 ignition/ss/units/data-disks.service:6:1'],
    says: /^data-disks\.service is of Type=oneshot, which cannot have Restart=always$/,
  },
  {
    name: 'an [Install] that installs nothing',
    change: [['ignition/cs/units/image-prune.timer', 'WantedBy=', 'WantdBy=']],
    found: ['BERTH-510 ignition/cs/ignition.yaml:11:43'],
    says: /^image-prune\.timer is enabled, but no WantedBy= is in its \[Install\], so nothing starts it$/,
  },
];
