import type { Change } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

const clusterFile = 'kubernetes/cluster.yaml';
const dnsFile = 'kubernetes/resources/10-dns/coredns.yaml';
const moreFile = 'kubernetes/resources/30-more/more.yaml';

/** A file of resources, applied after those of the example. */
const more = (text: string): Change => [moreFile, '', text];

/** A resource in three lines and whatever follows: what it is, and where. */
const object = (apiVersion: string, kind: string, metadata: string, rest = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { ${metadata} }\n${rest}`;

const settings = (metadata: string): string => object('v1', 'ConfigMap', metadata);

/** Defines the kind Robot. */
const robots = (scope: 'Namespaced' | 'Cluster', served = true): string =>
  object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'name: robots.example.com',
    `spec:
  group: example.com
  names: { kind: Robot, plural: robots }
  scope: ${scope}
  versions: [{ name: v1, served: true, storage: true }, { name: v1beta1, served: ${served}, storage: false }]
`,
  );

/** Moves every compute server of a rack to storage. */
const withoutCompute = (rack: number, ...slots: readonly number[]): readonly Change[] =>
  slots.map((slot) => [`racks/r${rack}.yaml`, `slot: ${slot}, role: cs`, `slot: ${slot}, role: ss`]);

export const rows: readonly BrokenSite[] = [
  {
    name: 'too few machines for the control plane',
    change: [[clusterFile, 'role: cs', 'role: control']],
    found: ['BERTH-601 kubernetes/cluster.yaml:6:9'],
    says: /^the control plane takes 3 machines of role control, but the site has 0$/,
  },
  {
    name: 'a control plane of machines in two racks',
    change: [...withoutCompute(0, 4, 5, 6, 7, 8, 9), ...withoutCompute(1, 4, 5, 6, 7, 8, 9)],
    found: ['BERTH-602 kubernetes/cluster.yaml:6:9'],
    says: /^the machines of role cs stand in 2 racks, where 2 of the control plane's 3 members can be placed/,
  },
  {
    name: 'a control plane of five, all but one in a rack',
    change: [
      [clusterFile, 'count: 3', 'count: 5'],
      ...withoutCompute(0, 4, 5, 6, 7, 8, 9),
      ...withoutCompute(1, 4, 5, 6, 7, 8),
      ...withoutCompute(2, 4, 5, 6, 7, 8, 9),
    ],
    found: ['BERTH-602 kubernetes/cluster.yaml:6:9'],
    says: /stand in 2 racks, where 3 of the control plane's 5 members can be placed without a majority in one rack$/,
  },
  {
    name: 'a cluster DNS outside the service addresses',
    change: [[clusterFile, 'clusterDns: 10.68.0.10', 'clusterDns: 10.69.0.10']],
    found: ['BERTH-603 kubernetes/cluster.yaml:9:13'],
    says: /^clusterDns 10\.69\.0\.10 lies outside network\.services 10\.68\.0\.0\/16$/,
  },
  {
    name: "a cluster DNS at the API server's address",
    change: [[clusterFile, 'clusterDns: 10.68.0.10', 'clusterDns: 10.68.0.1']],
    found: ['BERTH-603 kubernetes/cluster.yaml:9:13'],
    says: /^clusterDns 10\.68\.0\.1 is the second address of network\.services 10\.68\.0\.0\/16, which is the API server's own$/,
  },
  {
    name: 'a cluster DNS at the last service address',
    change: [[clusterFile, 'clusterDns: 10.68.0.10', 'clusterDns: 10.68.255.255']],
    found: ['BERTH-603 kubernetes/cluster.yaml:9:13'],
    says: /^clusterDns 10\.68\.255\.255 is the last address of network\.services 10\.68\.0\.0\/16, which no service gets$/,
  },
  {
    name: 'a pod pool too small for its nodes',
    change: [['site.yaml', 'pods: 10.64.0.0/14', 'pods: 10.64.0.0/21']],
    found: ['BERTH-604 site.yaml:35:9'],
    says: /^10\.64\.0\.0\/21 has ranges of 128 addresses for 16 nodes, but the site has 32 \(podsPerNode is 110\)$/,
  },
  {
    name: 'more pods a node than the pod pool has addresses for',
    change: [
      ['site.yaml', 'pods: 10.64.0.0/14', 'pods: 10.64.0.0/19'],
      [clusterFile, 'podsPerNode: 110', 'podsPerNode: 257'],
    ],
    found: ['BERTH-604 site.yaml:35:9'],
    says: /^10\.64\.0\.0\/19 has ranges of 512 addresses for 16 nodes, but the site has 32 \(podsPerNode is 257\)$/,
  },
  {
    name: 'a version of Kubernetes that is not pinned',
    change: [[clusterFile, 'version: 1.31.6', 'version: 1.31.7']],
    found: ['BERTH-605 kubernetes/cluster.yaml:4:10'],
    says: /^the cluster is of version 1\.31\.7, which releases\.yaml does not pin$/,
  },
  {
    name: 'a control plane of machines that are no nodes',
    change: [['roles/cs.yaml', 'kubernetes:\n  role: worker\n', '']],
    found: ['BERTH-606 kubernetes/cluster.yaml:6:9'],
    says: /^the control plane takes machines of role cs, but roles\/cs\.yaml makes no nodes of them$/,
  },
  {
    name: 'a role set aside for a control plane that is elsewhere',
    change: [['roles/ss.yaml', 'role: worker', 'role: control-plane']],
    found: ['BERTH-606 roles/ss.yaml:12:9'],
    says: /^role ss is set aside for the control plane, which takes machines of role cs$/,
  },
  {
    name: 'a resource twice, in two files',
    change: [more(`${settings('name: coredns, namespace: kube-system')}data: { Corefile: other }\n`)],
    found: ['BERTH-607 kubernetes/resources/30-more/more.yaml:3:19'],
    says: /^the name ConfigMap\/kube-system\/coredns is taken already at kubernetes\/resources\/10-dns\/coredns\.yaml:/,
  },
  {
    name: 'a resource twice, in two versions of its API',
    change: [
      more(
        [
          object('autoscaling/v2', 'HorizontalPodAutoscaler', 'name: coredns, namespace: kube-system'),
          object('autoscaling/v1', 'HorizontalPodAutoscaler', 'name: coredns, namespace: kube-system'),
        ].join('---\n'),
      ),
    ],
    found: ['BERTH-607 kubernetes/resources/30-more/more.yaml:7:19'],
    says: /^the name HorizontalPodAutoscaler\.autoscaling\/kube-system\/coredns is taken already at .*more\.yaml:3:19$/,
  },
  {
    name: 'a resource twice, once without its namespace',
    change: [more([settings('name: a, namespace: default'), settings('name: a')].join('---\n'))],
    found: [
      'BERTH-613 kubernetes/resources/30-more/more.yaml:7:11',
      'BERTH-607 kubernetes/resources/30-more/more.yaml:7:19',
    ],
    says: /does not say its namespace/,
  },
  {
    name: 'an image by its tag, which releases.yaml knows',
    change: [[dnsFile, '@sha256:e9f2e308ca86d842d465f41bfb1fc966d9acf205bf8fa5920e60ef62e5e4b7be', '']],
    found: ['BERTH-608 kubernetes/resources/10-dns/coredns.yaml:55:18'],
    says: /^the container coredns runs registry\.tokyo0\.example\.com\/coredns:1\.11\.3, without a digest$/,
  },
  {
    name: 'images by tags at any depth, in kinds that nobody knows',
    change: [
      more(
        object(
          'example.com/v1',
          'Robot',
          'name: r, namespace: default',
          `spec:
  arms:
    - template:
        spec:
          initContainers: [{ name: warm, image: warm }]
          containers: [{ image: 'arm@sha256:12' }]
  image: not a container
`,
        ),
      ),
    ],
    found: [
      'BERTH-608 kubernetes/resources/30-more/more.yaml:8:49',
      'BERTH-608 kubernetes/resources/30-more/more.yaml:9:33',
    ],
    says: /^the container warm runs warm, without a digest$/,
  },
  {
    name: 'a misspelt namespace',
    change: [
      ['kubernetes/resources/20-monitoring/node-exporter.yaml', 'namespace: monitoring', 'namespace: monitorng'],
    ],
    found: ['BERTH-609 kubernetes/resources/20-monitoring/node-exporter.yaml:7:14'],
    says: /^DaemonSet\.apps\/monitorng\/node-exporter lies in the namespace monitorng, which nothing here declares$/,
  },
  {
    name: 'a namespace that was removed while something lies in it',
    change: [['kubernetes/resources/00-namespaces/namespaces.yaml', '', null]],
    found: ['BERTH-609 kubernetes/resources/20-monitoring/node-exporter.yaml:7:14'],
    says: /lies in the namespace monitoring, which nothing here declares$/,
  },
  {
    name: 'a namespace after what lies in it',
    change: [
      ['kubernetes/resources/00-namespaces/namespaces.yaml', '', null],
      more(object('v1', 'Namespace', 'name: monitoring')),
    ],
    found: ['BERTH-610 kubernetes/resources/20-monitoring/node-exporter.yaml:7:14'],
    says: /^DaemonSet\.apps\/monitoring\/node-exporter is applied with 20-monitoring, but its namespace only with 30-more, at kubernetes\/resources\/30-more\/more\.yaml:3:19$/,
  },
  {
    name: 'a custom resource before its definition',
    change: [
      more(object('example.com/v1', 'Robot', 'name: r, namespace: default')),
      ['kubernetes/resources/40-definitions/robots.yaml', '', robots('Namespaced')],
    ],
    found: ['BERTH-611 kubernetes/resources/30-more/more.yaml:2:7'],
    says: /^Robot\.example\.com\/default\/r is applied with 30-more, but its kind is defined only with 40-definitions, at /,
  },
  {
    name: 'a Secret in the clear',
    change: [more(object('v1', 'Secret', 'name: token, namespace: default', 'data:\n  token: aHVudGVyMg==\n'))],
    found: ['BERTH-612 kubernetes/resources/30-more/more.yaml:4:1'],
    says: /^Secret\/default\/token carries its values in the clear, in data$/,
  },
  {
    name: 'a Secret in the clear, as plain text',
    change: [
      more(
        object(
          'v1',
          'Secret',
          'name: token, namespace: default',
          'type: Opaque\ndata: {}\nstringData: { token: hunter2 }\n',
        ),
      ),
    ],
    found: ['BERTH-612 kubernetes/resources/30-more/more.yaml:6:1'],
    says: /^Secret\/default\/token carries its values in the clear, in stringData$/,
  },
  {
    name: 'a resource that does not say its namespace',
    change: [
      [
        dnsFile,
        'kind: ServiceAccount\nmetadata:\n  name: coredns\n  namespace: kube-system',
        'kind: ServiceAccount\nmetadata:\n  name: coredns',
      ],
    ],
    found: ['BERTH-613 kubernetes/resources/10-dns/coredns.yaml:6:3'],
    says: /^ServiceAccount\/coredns does not say its namespace, and so lands in default$/,
  },
  {
    name: 'a custom resource that does not say its namespace',
    change: [more(`${robots('Namespaced')}---\n${object('example.com/v1', 'Robot', 'name: r')}`)],
    found: ['BERTH-613 kubernetes/resources/30-more/more.yaml:12:11'],
    says: /^Robot\.example\.com\/r does not say its namespace/,
  },
  {
    name: "an argument that is berth's",
    change: [
      [
        clusterFile,
        'podsPerNode: 110',
        'podsPerNode: 110\nkubelet:\n  extraArguments: { v: "2", cluster-dns: 10.68.0.11 }',
      ],
    ],
    found: ['BERTH-614 kubernetes/cluster.yaml:12:29'],
    says: /^kubelet is given cluster-dns, which berth sets itself$/,
  },
  {
    name: "arguments that are berth's, of two components",
    change: [
      [
        clusterFile,
        'podsPerNode: 110',
        `podsPerNode: 110
apiServer:
  extraArguments:
    etcd-servers: http://10.69.0.4:2379
    tls-min-version: VersionTLS13
controllerManager:
  extraArguments:
    service-cluster-ip-range: 10.70.0.0/16`,
      ],
    ],
    found: ['BERTH-614 kubernetes/cluster.yaml:13:5', 'BERTH-614 kubernetes/cluster.yaml:17:5'],
    says: /^apiServer is given etcd-servers, which berth sets itself$/,
  },
  {
    name: 'a service with an address of the nodes',
    change: [[dnsFile, 'clusterIP: 10.68.0.10', 'clusterIP: 10.69.0.10']],
    found: ['BERTH-615 kubernetes/resources/10-dns/coredns.yaml:30:14'],
    says: /^Service\/kube-system\/coredns asks for 10\.69\.0\.10, which lies outside network\.services 10\.68\.0\.0\/16$/,
  },
  {
    name: 'a service with the address of another',
    change: [
      more(
        object(
          'v1',
          'Service',
          'name: dns, namespace: default',
          'spec: { clusterIP: 10.68.0.10, clusterIPs: [10.68.0.10] }\n',
        ),
      ),
    ],
    found: ['BERTH-615 kubernetes/resources/30-more/more.yaml:4:20'],
    says: /^the service address 10\.68\.0\.10 is taken already at kubernetes\/resources\/10-dns\/coredns\.yaml:/,
  },
  {
    name: 'load balancers outside their pool',
    change: [
      more(
        [
          object(
            'v1',
            'Service',
            'name: a, namespace: default',
            'spec: { type: LoadBalancer, loadBalancerIP: 10.72.48.1 }\n',
          ),
          object(
            'v1',
            'Service',
            "name: b, namespace: default, annotations: { lbipam.cilium.io/ips: '10.72.32.1, fd00::1' }",
            'spec: { type: LoadBalancer, clusterIP: None }\n',
          ),
        ].join('---\n'),
      ),
    ],
    found: [
      'BERTH-615 kubernetes/resources/30-more/more.yaml:4:45',
      'BERTH-615 kubernetes/resources/30-more/more.yaml:8:79',
    ],
    says: /^Service\/default\/a asks for 10\.72\.48\.1, which lies outside network\.loadBalancers 10\.72\.32\.0\/20$/,
  },
  {
    name: 'a namespace of what belongs to the cluster',
    change: [
      more(object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'name: reader, namespace: nowhere', 'rules: []\n')),
    ],
    found: ['BERTH-616 kubernetes/resources/30-more/more.yaml:3:27'],
    says: /^ClusterRole\.rbac\.authorization\.k8s\.io\/nowhere\/reader says a namespace, but a ClusterRole belongs to the whole/,
  },
  {
    name: 'a namespace of a custom resource that belongs to the cluster',
    change: [more(`${robots('Cluster')}---\n${object('example.com/v1', 'Robot', 'name: r, namespace: default')}`)],
    found: ['BERTH-616 kubernetes/resources/30-more/more.yaml:12:22'],
    says: /but a Robot belongs to the whole cluster$/,
  },
  {
    name: 'an API that is gone',
    change: [more(object('policy/v1beta1', 'PodDisruptionBudget', 'name: coredns, namespace: kube-system'))],
    found: ['BERTH-617 kubernetes/resources/30-more/more.yaml:1:13'],
    says: /^Kubernetes has no PodDisruptionBudget of policy\/v1beta1 from 1\.25 on, and the cluster is of 1\.31\.6$/,
  },
  {
    name: 'an API that goes with the next version',
    change: [
      [clusterFile, 'version: 1.31.6', 'version: 1.32.3'],
      ['releases.yaml', '  1.31.6:', '  1.32.3:'],
      more(object('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 'name: quiet')),
    ],
    found: ['BERTH-617 kubernetes/resources/30-more/more.yaml:1:13'],
    says: /^Kubernetes has no FlowSchema of flowcontrol\.apiserver\.k8s\.io\/v1beta3 from 1\.32 on/,
  },
  {
    name: 'resources without a cluster',
    change: [[clusterFile, '', null]],
    found: ['BERTH-618 kubernetes/resources/00-namespaces/namespaces.yaml:3:1', 'BERTH-403 releases.yaml:33:3'],
    says: /^nothing applies this resource and 5 more: the site has no kubernetes\/cluster\.yaml$/,
  },
  {
    name: 'a version that a definition does not serve',
    change: [
      more(
        `${robots('Namespaced', false)}---\n${object('example.com/v1beta1', 'Robot', 'name: r, namespace: default')}`,
      ),
    ],
    found: ['BERTH-619 kubernetes/resources/30-more/more.yaml:10:13'],
    says: /^the definition of Robot at kubernetes\/resources\/30-more\/more\.yaml:8:13 serves no version v1beta1$/,
  },
  {
    name: 'a list of resources',
    change: [
      more(object('v1', 'List', 'name: all', 'items:\n  - { apiVersion: v1, kind: Secret, metadata: { name: s } }\n')),
    ],
    found: ['BERTH-620 kubernetes/resources/30-more/more.yaml:4:1'],
    says: /^a List holds objects that are to stand by themselves$/,
  },
  {
    name: 'five members and a machine too few',
    change: [
      [clusterFile, 'role: cs\n  count: 3', 'role: ss\n  count: 5'],
      ...[0, 1].flatMap((rack) =>
        [10, 11].map((slot): Change => [`racks/r${rack}.yaml`, `slot: ${slot}, role: ss`, `slot: ${slot}, role: cs`]),
      ),
    ],
    found: ['BERTH-601 kubernetes/cluster.yaml:6:9'],
    says: /^the control plane takes 5 machines of role ss, but the site has 4$/,
  },
  {
    name: 'no version of Kubernetes that is pinned',
    change: [['releases.yaml', 'kubernetes:\n  1.31.6:', 'kubernetes:\n  1.2.3:\n    staged: true']],
    found: ['BERTH-605 kubernetes/cluster.yaml:4:10'],
    says: /^the cluster is of version 1\.31\.6, which releases\.yaml does not pin$/,
  },
  {
    name: 'namespaces in the last folder',
    change: [
      more(`${settings('name: a, namespace: late')}---\n${settings('name: b, namespace: late')}`),
      ['kubernetes/resources/90-late/late.yaml', '', object('v1', 'Namespace', 'name: late')],
    ],
    found: [
      'BERTH-610 kubernetes/resources/30-more/more.yaml:3:33',
      'BERTH-610 kubernetes/resources/30-more/more.yaml:7:33',
    ],
    says: /^ConfigMap\/late\/a is applied with 30-more, but its namespace only with 90-late, at kubernetes\/resources\/90-late\/late\.yaml:3:19$/,
  },
  {
    name: 'a resource of the cluster before its definition',
    change: [
      ['kubernetes/resources/05-early/robot.yaml', '', object('example.com/v1', 'Robot', 'name: r')],
      more(robots('Cluster')),
    ],
    found: ['BERTH-611 kubernetes/resources/05-early/robot.yaml:2:7'],
    says: /^Robot\.example\.com\/r is applied with 05-early, but its kind is defined only with 30-more, at /,
  },
  {
    name: "arguments of the scheduler that are berth's",
    change: [
      [
        clusterFile,
        'podsPerNode: 110',
        'podsPerNode: 110\nscheduler: { extraArguments: { kubeconfig: /etc/k, leader-elect: "false", v: "4" } }',
      ],
    ],
    found: ['BERTH-614 kubernetes/cluster.yaml:11:32', 'BERTH-614 kubernetes/cluster.yaml:11:52'],
    says: /^scheduler is given kubeconfig, which berth sets itself$/,
  },
  {
    name: 'an API that is gone, with nothing in its place',
    change: [more(object('policy/v1beta1', 'PodSecurityPolicy', 'name: tight'))],
    found: ['BERTH-617 kubernetes/resources/30-more/more.yaml:1:13'],
    says: /^Kubernetes has no PodSecurityPolicy of policy\/v1beta1 from 1\.25 on/,
  },
  {
    name: 'one resource without a cluster',
    change: [
      [clusterFile, '', null],
      [dnsFile, '', null],
      ['kubernetes/resources/20-monitoring/node-exporter.yaml', '', null],
    ],
    found: ['BERTH-618 kubernetes/resources/00-namespaces/namespaces.yaml:3:1', 'BERTH-403 releases.yaml:33:3'],
    says: /^nothing applies this resource: the site has no kubernetes\/cluster\.yaml$/,
  },
  {
    name: 'a version that a definition never had',
    change: [more(`${robots('Cluster')}---\n${object('example.com/v2', 'Robot', 'name: r')}`)],
    found: ['BERTH-619 kubernetes/resources/30-more/more.yaml:10:13'],
    says: /serves no version v2$/,
  },
  {
    name: 'a list of one kind',
    change: [more(object('v1', 'ConfigMapList', 'name: all', 'items: []\n'))],
    found: ['BERTH-620 kubernetes/resources/30-more/more.yaml:4:1'],
    says: /^a ConfigMapList holds objects that are to stand by themselves$/,
  },
  {
    name: 'a container of a job, by a tag that the release of the cluster has',
    change: [
      more(
        object(
          'batch/v1',
          'CronJob',
          'name: j, namespace: default',
          'spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: c, image: registry.tokyo0.example.com/etcd:3.5.21 }] } } } } }\n',
        ),
      ),
    ],
    found: ['BERTH-608 kubernetes/resources/30-more/more.yaml:4:83'],
    says: /^the container c runs registry\.tokyo0\.example\.com\/etcd:3\.5\.21, without a digest$/,
  },
  {
    name: 'a volume that is an image without a digest',
    change: [
      [
        'kubernetes/resources/30-site/own.yaml',
        '',
        `apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: default }\nspec:\n  volumes:\n    - name: model\n      image: { reference: 'r.example.com/model:1' }\n`,
      ],
    ],
    found: ['BERTH-608 kubernetes/resources/30-site/own.yaml:7:27'],
    says: /^the volume model is r\.example\.com\/model:1, without a digest$/,
  },
  {
    name: 'a control plane of a role that is misspelt',
    change: [['kubernetes/cluster.yaml', 'role: cs', 'role: cx']],
    found: ['BERTH-601 kubernetes/cluster.yaml:6:9'],
    says: /^the control plane takes 3 machines of role cx, but the site has 0$/,
  },
];
