// What a commit may not do to the cluster, to pins and to trust.
import { type Change, example, textOf } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

/** The pins of the version that the cluster runs, for other versions too; nobody has to run those. */
const [, pins = ''] = /\n {2}1\.31\.6:\n([\s\S]+?)\n\n/.exec(textOf(example, 'releases.yaml')) ?? [];
const versions: readonly Change[] = [
  [
    'releases.yaml',
    'kubernetes:\n',
    `kubernetes:\n${['1.30.9', '1.31.2', '1.32.3', '1.33.1', '1.34.0'].map((version) => `  ${version}:\n    staged: true\n${pins}\n`).join('')}`,
  ],
];
/** Another version, the one before being kept ready. */
const versionTo = (version: string): readonly Change[] => [
  ['kubernetes/cluster.yaml', 'version: 1.31.6', `version: ${version}`],
  ['releases.yaml', '  1.31.6:\n', '  1.31.6:\n    staged: true\n'],
  ['releases.yaml', `  ${version}:\n    staged: true\n`, `  ${version}:\n`],
];

const dns = 'kubernetes/resources/10-dns/coredns.yaml';
const monitoring = 'kubernetes/resources/20-monitoring/node-exporter.yaml';
const settings = 'kubernetes/resources/10-dns/settings.yaml';
const configMap = (data: string, immutable = true): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: kube-system }\n${immutable ? 'immutable: true\n' : ''}data: { level: ${data} }\n`;

const otherSigner = `  - name: Somebody else
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr
    paths: ['**']
`;

export const rows: readonly BrokenSite[] = [
  {
    name: 'a minor version that is skipped',
    before: versions,
    change: versionTo('1.33.1'),
    found: ['BERTH-911 kubernetes/cluster.yaml:4:10'],
    says: /^Kubernetes would go from 1\.31\.6 to 1\.33\.1 and skip 1 minor version$/,
  },
  {
    name: 'two minor versions that are skipped',
    before: versions,
    change: versionTo('1.34.0'),
    found: ['BERTH-911 kubernetes/cluster.yaml:4:10'],
    says: /^Kubernetes would go from 1\.31\.6 to 1\.34\.0 and skip 2 minor versions$/,
  },
  {
    name: 'a minor version back',
    before: versions,
    change: versionTo('1.30.9'),
    found: ['BERTH-911 kubernetes/cluster.yaml:4:10'],
    says: /^Kubernetes would go down from 1\.31\.6 to 1\.30\.9, which it does not support$/,
  },
  {
    name: 'a patch version back',
    before: versions,
    change: versionTo('1.31.2'),
    found: ['BERTH-923 kubernetes/cluster.yaml:4:10'],
    says: /^Kubernetes would go back from 1\.31\.6 to 1\.31\.2$/,
  },
  {
    name: 'the name of the cluster',
    before: [],
    change: [['kubernetes/cluster.yaml', 'name: tokyo0', 'name: tokyo1']],
    found: ['BERTH-912 kubernetes/cluster.yaml:3:7'],
    says: /^the name of the cluster tokyo0 was tokyo0 and is tokyo1 now, but it is for life$/,
  },
  {
    name: 'the domain of services',
    before: [],
    change: [['kubernetes/cluster.yaml', 'clusterDomain: cluster.local', 'clusterDomain: k8s.local']],
    found: ['BERTH-912 kubernetes/cluster.yaml:8:16'],
    says: /^clusterDomain of the cluster tokyo0 was cluster\.local and is k8s\.local now, but it is for life$/,
  },
  {
    name: 'addresses of pods, though the new pool holds the old one',
    before: [],
    change: [['site.yaml', 'pods: 10.64.0.0/14', 'pods: 10.48.0.0/12']],
    found: ['BERTH-912 site.yaml:35:9'],
    says: /^network\.pods of the cluster tokyo0 was 10\.64\.0\.0\/14 and is 10\.48\.0\.0\/12 now, but it is for life$/,
  },
  {
    name: 'the address of the API server that goes',
    before: [],
    change: [['site.yaml', '  apiServer: 10.72.50.1\n', '']],
    found: ['BERTH-912 site.yaml:17:3'],
    says: /^network\.apiServer of the cluster tokyo0 was 10\.72\.50\.1 and is gone, but it is for life$/,
  },
  {
    name: 'the control plane on machines of another role',
    before: [],
    change: [['kubernetes/cluster.yaml', 'role: cs', 'role: ss']],
    found: ['BERTH-913 kubernetes/cluster.yaml:6:9'],
    says: /^the control plane would move from the machines of role cs to those of ss at once$/,
  },
  {
    name: 'another build of the kernel under the same name',
    before: [],
    change: [['releases.yaml', 'sha256: 857b3f255a2b', 'sha256: 000000000000']],
    found: ['BERTH-914 releases.yaml:8:15'],
    says: /^the kernel of flatcar-4081\.2\.0 was 857b3f255a2b and is 000000000000 now, under the same name$/,
  },
  {
    name: 'another kubelet and another image of the version that the cluster runs',
    before: [],
    change: [
      ['releases.yaml', 'sha256: f3ff387a1c87', 'sha256: 000000000000'],
      ['releases.yaml', 'etcd:3.5.21@sha256:de078a60851b', 'etcd:3.5.21@sha256:000000000000'],
    ],
    found: ['BERTH-914 releases.yaml:36:15', 'BERTH-914 releases.yaml:39:13'],
    says: /^the kubelet of 1\.31\.6 was f3ff387a1c87 and is 000000000000 now/,
  },
  {
    name: 'another build of a package',
    before: [],
    change: [['releases.yaml', 'sha256: 7370877cb7f8', 'sha256: 000000000000']],
    found: ['BERTH-914 releases.yaml:54:13'],
    says: /^etcd 3\.5\.21 was 7370877cb7f8 and is 000000000000 now, under the same name$/,
  },
  {
    name: 'a new key in place of the only one',
    before: [],
    change: [
      [
        'trust/signers.yaml',
        'AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s',
        'AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr',
      ],
    ],
    found: ['BERTH-916 trust/signers.yaml:8:3'],
    says: /^none of those who may change trust\/signers\.yaml today would be left: Site engineers \(example\)$/,
  },
  {
    name: 'trust handed over to somebody new at once',
    before: [],
    change: [['trust/signers.yaml', "    paths: ['**']\n", `    paths: [racks/]\n${otherSigner}`]],
    found: ['BERTH-916 trust/signers.yaml:8:3'],
    says: /today would be left: Site engineers \(example\)$/,
  },
  {
    name: 'the only key revoked, and a new one in its place',
    before: [],
    change: [
      ['trust/signers.yaml', "    paths: ['**']\n", `    paths: ['**']\n    revoked: { reason: lost }\n${otherSigner}`],
    ],
    found: ['BERTH-916 trust/signers.yaml:8:3'],
    says: /today would be left: Site engineers \(example\)$/,
  },
  {
    name: 'a new signer who is needed at once',
    before: [],
    change: [
      [
        'trust/signers.yaml',
        "    paths: ['**']\n",
        `    paths: ['**']\n${otherSigner}thresholds:\n  - { paths: [trust/], signatures: 2 }\n`,
      ],
    ],
    found: ['BERTH-916 trust/signers.yaml:15:5'],
    says: /^it would take 2 signers to change trust\/signers\.yaml, of whom today's file knows only Site engineers \(example\)$/,
  },
  {
    name: 'a namespace that goes',
    before: [],
    change: [
      ['kubernetes/resources/00-namespaces/namespaces.yaml', '', null],
      [monitoring, '', null],
    ],
    found: ['BERTH-922 site.yaml:3:1'],
    says: /^Namespace\/monitoring is gone from kubernetes\/resources\/00-namespaces\/namespaces\.yaml: it is deleted in the cluster, and everything in it with it$/,
  },
  {
    name: 'a claim that goes from a file that stays',
    before: [
      [
        settings,
        '',
        `${configMap('debug', false)}---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: logs, namespace: kube-system }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`,
      ],
    ],
    change: [[settings, '', configMap('debug', false)]],
    found: [`BERTH-922 ${settings}:1:1`],
    says: /and its data, unless its volume is retained with it$/,
  },
  {
    name: 'another selector of a deployment',
    before: [],
    change: [[dns, 'matchLabels:\n      app: coredns', 'matchLabels:\n      app: dns']],
    found: ['BERTH-924 kubernetes/resources/10-dns/coredns.yaml:45:5'],
    says: /^spec\.selector of Deployment\.apps\/kube-system\/coredns changes, which Kubernetes does not let it$/,
  },
  {
    name: 'another value of what has said that it never changes',
    before: [[settings, '', configMap('debug')]],
    change: [[settings, 'level: debug', 'level: info']],
    found: [`BERTH-924 ${settings}:5:7`],
    says: /^data of ConfigMap\/kube-system\/settings changes, which has said immutable: true$/,
  },
];
