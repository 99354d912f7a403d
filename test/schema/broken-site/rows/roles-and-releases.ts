import type { BrokenSite } from '../broken-site.ts';

export const rows: readonly BrokenSite[] = [
  {
    name: 'two machines of a role that is misspelt',
    change: [
      ['racks/r1.yaml', 'slot: 10, role: ss', 'slot: 10, role: sss'],
      ['racks/r1.yaml', 'slot: 11, role: ss', 'slot: 11, role: sss'],
    ],
    found: ['BERTH-401 racks/r1.yaml:15:40'],
    says: /^JV8BN51 and 1 more have the role sss, but there is no roles\/sss\.yaml$/,
  },
  {
    name: 'a role that is not there',
    change: [['racks/r3.yaml', 'R405S21, slot: 10, role: ss', 'R405S21, slot: 10, role: sss']],
    found: ['BERTH-401 racks/r3.yaml:20:40'],
    says: /^R405S21 has the role sss, but there is no roles\/sss\.yaml$/,
  },
  {
    name: 'an operating system that is not pinned',
    change: [['roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.2.1']],
    found: ['BERTH-402 roles/ss.yaml:3:5'],
    says: /^role ss boots flatcar-4081\.2\.1, which releases\.yaml does not pin$/,
  },
  {
    name: 'an operating system that an OS of one machine misspells',
    change: [['racks/r3.yaml', 'labels: { gpu: l4 }', 'os: flatcar-4081.3.2']],
    found: ['BERTH-402 racks/r3.yaml:19:9'],
    says: /^H2RQP02 boots flatcar-4081\.3\.2, which releases\.yaml does not pin$/,
  },
  {
    name: 'a role that boots nothing',
    change: [['roles/ss.yaml', 'os: flatcar-4081.2.0\n', '']],
    found: ['BERTH-402 roles/ss.yaml:3:1'],
    says: /^role ss does not say what its machines boot$/,
  },
  {
    name: 'a system that nobody boots, nor is it staged',
    change: [['releases.yaml', '    staged: true\n', '']],
    found: ['BERTH-403 releases.yaml:15:3'],
    says: /^no machine boots flatcar-4081\.3\.1$/,
  },
  {
    name: 'a version of Kubernetes that is left over',
    change: [
      ['kubernetes/cluster.yaml', '1.31.6', '1.31.7'],
      ['releases.yaml', '  1.31.6:\n', `  1.31.7:\n${kubernetes('b')}  1.31.6:\n`],
    ],
    found: ['BERTH-403 releases.yaml:40:3'],
    says: /^nothing runs Kubernetes 1\.31\.6: the cluster runs 1\.31\.7$/,
  },
  {
    name: 'a role without machines',
    change: [
      [
        'roles/gpu.yaml',
        '',
        'os: flatcar-4081.2.0\nignition: [common]\nvariables: { scratchDisk: /dev/disk/by-id/x }\n',
      ],
    ],
    found: ['BERTH-404 roles/gpu.yaml:1:1'],
    says: /^no machine has the role gpu$/,
  },
  {
    name: 'a folder of Ignition that no role takes',
    change: [['ignition/gpu/ignition.yaml', '', 'storage: {}\n']],
    found: ['BERTH-405 ignition/gpu/ignition.yaml:1:1'],
    says: /^no role takes its Ignition from gpu$/,
  },
  {
    name: 'a file of two sizes',
    change: [
      [
        'releases.yaml',
        '553fdc5b4888689bd4e50b6c7697d473e07a0b2008512e02711cf16e87c1a685',
        '2d710016061dd55a610fded52a7ff881e1c9bc5f708ae51d3afbb6f516b210a5',
      ],
    ],
    found: ['BERTH-406 releases.yaml:24:18'],
    says: /^the initrd of flatcar-4081\.3\.1 has 4194304 bytes, but the kernel of flatcar-4081\.3\.1, of the same digest, has 2097152 at releases\.yaml:20:18$/,
  },
  {
    name: 'two files from one source',
    change: [['releases.yaml', 'flatcar-4081.3.1/vmlinuz', 'flatcar-4081.2.0/vmlinuz']],
    found: ['BERTH-407 releases.yaml:18:15'],
    says: /^the kernel of flatcar-4081\.3\.1 comes from the source of the kernel of flatcar-4081\.2\.0 at releases\.yaml:7:15, but has another digest$/,
  },
  {
    name: 'a source without TLS',
    change: [['releases.yaml', 'https://assets.tokyo0.example.com/ipxe', 'http://assets.tokyo0.example.com/ipxe']],
    found: ['BERTH-408 releases.yaml:28:13'],
    says: /^the boot program for x64 is fetched over HTTP/,
  },
  {
    name: 'a package without TLS',
    change: [['releases.yaml', 'https://assets.tokyo0.example.com/packages', 'http://localhost.example.com/packages']],
    found: ['BERTH-408 releases.yaml:53:13'],
    says: /^the package etcd is fetched over HTTP/,
  },
  {
    name: "Ignition's URL in the arguments of a role",
    change: [['roles/ss.yaml', 'pcie_aspm=off', 'ignition.config.url=https://x.example/y']],
    found: ['BERTH-409 roles/ss.yaml:6:5'],
    says: /^ignition\.config\.url is an argument that berth sets itself$/,
  },
  {
    name: 'an initrd in the defaults, and an argument of berth on one machine',
    change: [
      ['site.yaml', 'console=tty0', 'initrd=other.img'],
      ['racks/r3.yaml', 'labels: { gpu: l4 }', 'arguments: [quiet, berth.debug]'],
    ],
    found: ['BERTH-409 racks/r3.yaml:19:24', 'BERTH-409 site.yaml:78:7'],
    says: /^berth\.debug is an argument that berth sets itself$/,
  },
  {
    name: 'an argument of a role that the defaults give with another value',
    change: [['site.yaml', '    - console=tty0', '    - transparent_hugepage=always\n    - console=tty0']],
    found: ['BERTH-410 roles/cs.yaml:6:5', 'BERTH-410 roles/ss.yaml:5:5'],
    says: /^transparent_hugepage=madvise does not take the place of transparent_hugepage=always at site\.yaml:78:7: a machine gets both$/,
  },
  {
    name: 'an argument twice in one role, spelt in two ways',
    change: [['roles/ss.yaml', 'pcie_aspm=off', 'pcie_aspm=off\n  - pcie-aspm=force']],
    found: ['BERTH-410 roles/ss.yaml:7:5'],
    says: /^pcie-aspm=force does not take the place of pcie_aspm=off at roles\/ss\.yaml:6:5: a machine gets both$/,
  },
  {
    name: 'an argument of a machine that its role gives with another value, and a console more',
    change: [
      [
        'racks/r3.yaml',
        'labels: { gpu: l4 }',
        'arguments: [transparent_hugepage=never, console=ttyS1, flatcar.first_boot=1]',
      ],
    ],
    found: ['BERTH-410 racks/r3.yaml:19:17'],
    says: /^transparent_hugepage=never does not take the place of transparent_hugepage=madvise at roles\/cs\.yaml:6:5/,
  },
  {
    name: "labels of Kubernetes' own",
    change: [
      [
        'roles/ss.yaml',
        'berth.dev/role: storage',
        'node-role.kubernetes.io/storage: ""\n  node.kubernetes.io/storage: ceph',
      ],
      ['racks/r3.yaml', 'gpu: l4', 'gpu: l4, k8s.io/gpu: l4, topology.kubernetes.io/zone: a'],
    ],
    found: ['BERTH-411 racks/r3.yaml:19:24', 'BERTH-411 roles/ss.yaml:14:3'],
    says: /^a kubelet may not give the label k8s\.io\/gpu to its own node$/,
  },
  {
    name: 'a taint twice, with two values',
    change: [
      [
        'roles/ss.yaml',
        '  - berth.dev/role=storage:NoSchedule',
        '  - berth.dev/role=storage:NoSchedule\n  - berth.dev/role=ceph:NoSchedule\n  - berth.dev/role=ceph:NoExecute',
      ],
    ],
    found: ['BERTH-412 roles/ss.yaml:17:5'],
    says: /^the taint berth\.dev\/role:NoSchedule stands already at roles\/ss\.yaml:16:5$/,
  },
  {
    name: 'the digest of an empty file',
    change: [
      [
        'releases.yaml',
        '358ae366661f023dce1732dff6f1e19b01d04a3e4647ab24e2e4f23f7b11f685',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      ],
    ],
    found: ['BERTH-413 releases.yaml:29:13'],
    says: /^the digest of the boot program for x64 is that of an empty file$/,
  },
  {
    name: 'digests that somebody made up',
    change: [
      ['releases.yaml', '358ae366661f023dce1732dff6f1e19b01d04a3e4647ab24e2e4f23f7b11f685', 'a'.repeat(64)],
      ['releases.yaml', 'de078a60851b1e4cd12a4b41dcb740349f5cf95d5f68f1ce79c5d8bb1b573a1d', '0'.repeat(64)],
    ],
    found: ['BERTH-413 releases.yaml:29:13', 'BERTH-413 releases.yaml:39:13'],
    says: /^the digest of the boot program for x64 is a from end to end$/,
  },
  {
    name: 'a disk twice, and two file systems at one place',
    change: [
      [
        'roles/cs.yaml',
        'labels:',
        `${disks('/dev/disk/by-path/pci-1', '/var/a', '/dev/disk/by-path/pci-1', '/var/a')}labels:`,
      ],
    ],
    found: ['BERTH-414 roles/cs.yaml:16:13', 'BERTH-414 roles/cs.yaml:17:39'],
    says: /^the device \/dev\/disk\/by-path\/pci-1 is taken already at roles\/cs\.yaml:14:13$/,
  },
  {
    name: 'a mount point that is not in its shortest form',
    change: [
      [
        'roles/cs.yaml',
        'labels:',
        `${disks('/dev/disk/by-path/pci-1', '/var/a', '/dev/disk/by-path/pci-2', '/var/b/../a')}labels:`,
      ],
    ],
    found: ['BERTH-414 roles/cs.yaml:17:39', 'BERTH-414 roles/cs.yaml:17:39'],
    says: /^the shortest form of the mount point \/var\/b\/\.\.\/a is \/var\/a$/,
  },
  {
    name: 'disks by names that change',
    change: [['roles/cs.yaml', 'labels:', `${disks('/dev/sda', '/var/a', '/dev/nvme0n1p2', '/var/b')}labels:`]],
    found: ['BERTH-415 roles/cs.yaml:14:13', 'BERTH-415 roles/cs.yaml:16:13'],
    says: /^\/dev\/sda can be another disk after the next boot: the kernel counts disks as it finds them$/,
  },
  {
    name: 'a disk by what is on it',
    change: [
      [
        'roles/cs.yaml',
        'labels:',
        `${disks('/dev/mapper/data', '/var/a', '/dev/disk/by-label/data', '/var/b')}labels:`,
      ],
    ],
    found: ['BERTH-415 roles/cs.yaml:16:13'],
    says: /^\/dev\/disk\/by-label\/data names the file system on a disk/,
  },
  {
    name: 'disks mounted over the system, and over what Ignition makes',
    change: [
      [
        'roles/cs.yaml',
        'labels:',
        `${disks('/dev/disk/by-id/a', '/usr/local', '/dev/disk/by-id/b', '/opt/site')}labels:`,
      ],
    ],
    found: ['BERTH-416 roles/cs.yaml:17:39'],
    says: /^a disk that is mounted at \/opt\/site hides \/opt\/site\/bin\/prepare-scratch, which its Ignition makes$/,
  },
  {
    name: 'a disk mounted over the settings of the system',
    change: [
      ['roles/cs.yaml', 'labels:', `${disks('/dev/disk/by-id/a', '/etc', '/dev/disk/by-id/b', '/var/b')}labels:`],
    ],
    found: ['BERTH-416 roles/cs.yaml:15:39'],
    says: /^a disk that is mounted at \/etc hides \/etc, which is of the system$/,
  },
  {
    name: 'an image under two names',
    change: [
      [
        'releases.yaml',
        '  node-exporter: ',
        `  coredns-new: registry.tokyo0.example.com/coredns:1.12.0@sha256:${'1b'.repeat(32)}\n  node-exporter: `,
      ],
    ],
    found: ['BERTH-417 releases.yaml:47:16'],
    says: /^coredns-new is another version of registry\.tokyo0\.example\.com\/coredns than coredns at releases\.yaml:46:12$/,
  },
  {
    name: 'a variable that no template reads, in the defaults and in a role',
    change: [
      ['site.yaml', 'journalMaxUse: 512M', 'journalMaxUse: 512M\n    journalSize: 1G'],
      ['roles/cs.yaml', 'journalMaxUse: 2G', 'jurnalMaxUse: 2G'],
    ],
    found: ['BERTH-418 roles/cs.yaml:10:3', 'BERTH-418 site.yaml:82:5'],
    says: /^no template of role cs reads variables\.jurnalMaxUse$/,
  },
  {
    name: 'a variable of a machine that no template of its role reads',
    change: [['racks/r3.yaml', 'labels: { gpu: l4 }', 'variables: { dataDisks: 3 }']],
    found: ['BERTH-418 racks/r3.yaml:19:18'],
    says: /^no template of role cs reads variables\.dataDisks$/,
  },
  {
    name: 'taints that Kubernetes does not take',
    change: [
      [
        'roles/ss.yaml',
        'berth.dev/role=storage:NoSchedule',
        'Berth.dev/role=storage:NoSchedule\n  - role=a_:NoSchedule',
      ],
    ],
    found: ['BERTH-419 roles/ss.yaml:16:5', 'BERTH-419 roles/ss.yaml:17:5'],
    says: /^the taint Berth\.dev\/role=storage:NoSchedule has the key Berth\.dev\/role, which Kubernetes does not take$/,
  },
  {
    name: 'a tag with two digests',
    change: [
      [
        'releases.yaml',
        '  node-exporter: ',
        `  dns: registry.tokyo0.example.com/coredns:1.11.3@sha256:${'1b'.repeat(32)}\n  node-exporter: `,
      ],
    ],
    found: ['BERTH-420 releases.yaml:47:8'],
    says: /^registry\.tokyo0\.example\.com\/coredns:1\.11\.3 has another digest as coredns at releases\.yaml:46:12$/,
  },
];

/** Another version of Kubernetes. @param digit of its digests, with another one */
function kubernetes(digit: string): string {
  const digest = `${digit}7`.repeat(32);
  const images = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
    (name) => `      ${name}: registry.tokyo0.example.com/${name}:next@sha256:${digest}\n`,
  );
  const kubelet = `{ source: https://x.example/kubelet, sha256: ${digest}, sizeBytes: 1 }`;
  return `    kubelet: ${kubelet}\n    images:\n${images.join('')}`;
}

/** Two disks of a role. @param words device and mount point of each */
function disks(...words: readonly string[]): string {
  const [first, mount, second, other] = words;
  const disk = (device = '', at = '') => `  - device: ${device}\n    filesystem: { format: xfs, mount: ${at} }\n`;
  return `disks:\n${disk(first, mount)}${disk(second, other)}`;
}
