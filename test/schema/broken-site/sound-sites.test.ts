// Sites that look odd and are right: what people have, and no rule says anything of.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSite } from '../../../reconciler/source/accept.ts';
import { formatDiagnostic } from '../../../schema/diagnostic.ts';
import { type Change, changed, example, siteOf } from '../example-site.ts';

const otherKeys = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHzaSb44vO2WLrk+0X9XCXD3z8RG93JB23f1Z0hlx5f5',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFNl8sXZLgNN3p1hq4gM/M2JYgIaIQqadbSTw4ln5dcK',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIwX79S+jFR2fY//TvbAt7jjqRQDjLiqxE56WE/nTiBF',
] as const;

/** Several persons, keys and groups, from line 11 on. */
const team = `    paths: ['**']
  - { name: Ada, key: ${otherKeys[0]}, validBefore: 2027-01-01T00:00:00Z }
  - { name: Ada, key: ${otherKeys[1]}, validAfter: 2026-12-01T00:00:00Z, paths: ['racks/r*.yaml', 'ignition/*/units/'] }
groups:
  - { name: trust, members: [Site engineers (example), Ada], paths: [trust/] }
  - { name: storage, allowedSigners: trust/storage/signers, members: [Ada], paths: [roles/ss.yaml] }
thresholds:
  - { paths: [trust/], signatures: 2, group: trust }
  - { paths: ['*.yaml'], signatures: 1 }
`;

const teamChange: readonly Change[] = [
  ['trust/signers.yaml', "    paths: ['**']\n", team],
  ['trust/storage/signers', '', `# storage\r\ngrace@example.com,grace namespaces="git" ${otherKeys[2]} token\r\n`],
];

interface SoundSite {
  readonly name: string;
  /** What is changed in the example to make the site that is in force; without it, there is none. */
  readonly before?: readonly Change[];
  readonly change: readonly Change[];
}

const own = 'kubernetes/resources/30-site/own.yaml';
const unit = 'ignition/ss/units/data-disks.service';

const collected = [
  ...['intel_iommu=on', 'iommu=pt', 'hugepagesz=1G', 'hugepages=16', 'hugepagesz=2M', 'hugepages=512'],
  ...['isolcpus=managed_irq,domain,2-15', 'nvme_core.io_timeout=4294967295', 'ip=eno1:dhcp', 'ip=eno2:dhcp'],
  ...['flatcar.autologin=tty1', 'flatcar.autologin=ttyS0', 'systemd.mask=a.service', 'systemd.mask=b.service'],
  ...['modules_load=dummy', 'modules-load=br_netfilter', 'luks.name=a=x', 'luks.name=b=y'],
];

const programs = `apiVersion: v1
kind: ConfigMap
metadata: { name: tools, namespace: default }
data:
  tool.py: |
    def connect(host: str, password: str, api_key: str = None, *, client_secret=None) -> None:
        password = os.environ["PGPASSWORD"]
        api_key = config.api_key
        client_secret = load_secret()
        self.client = Client(password=password, api_key=key)
  backup.sh: |
    export PGPASSWORD="$PASSWORD"
    PASSWORD=$(cat /run/secrets/password)
    if [ -z "$password" ]; then echo "password: missing"; fi
  main.go: |
    password := os.Getenv("PW")
    cfg.Password = pw
  values.yaml: |
    password: ~
    url: https://user:password@db.example.com/
    image: https://registry.example.com:5000/app@sha256
  pod.yaml: |
    - name: DB_PASSWORD
      valueFrom: { secretKeyRef: { name: db, key: password } }
    - name: DB_PASSWORD_FILE
      value: /run/secrets/db
`;

const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: view }
roleRef: { kind: ClusterRole, name: view }
subjects: []
`;

const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: default }
spec: { accessModes: [ReadWriteOnce] }
`;

const sites: readonly SoundSite[] = [
  {
    name: 'kernel arguments that are collected',
    change: [['roles/cs.yaml', 'arguments:\n', `arguments:\n${collected.map((each) => `  - ${each}\n`).join('')}`]],
  },
  {
    name: 'a cluster whose nodes each run a DNS cache',
    change: [['kubernetes/cluster.yaml', 'clusterDns: 10.68.0.10', 'clusterDns: 169.254.20.10']],
  },
  { name: 'programs that speak of passwords and hold none', change: [[own, '', programs]] },
  {
    name: 'a program that a unit fetches before it runs it',
    change: [
      [unit, 'ExecStart=/opt/site/bin/check-data-disks', 'ExecStart=/opt/site/bin/probe'],
      [unit, 'ExecStart=', 'ExecStartPre=/usr/bin/curl -fLo /opt/site/bin/probe https://a.example.com/p\nExecStart='],
    ],
  },
  {
    name: 'a script that its interpreter reads',
    change: [
      [unit, 'ExecStart=/opt', 'ExecStart=/bin/sh -e /opt'],
      ['ignition/ss/ignition.yaml', 'mode: "0755"', 'mode: "0644"'],
    ],
  },
  {
    name: 'a service that only ends the machine',
    change: [
      ['ignition/cs/units/image-prune.service', '[Unit]', '[Unit]\nSuccessAction=reboot'],
      ['ignition/cs/units/image-prune.service', 'ExecStart=', 'X-Was='],
    ],
  },
  {
    name: 'a binding that says the API group which it has in any case',
    before: [[own, '', binding]],
    change: [[own, 'roleRef: { ', 'roleRef: { apiGroup: rbac.authorization.k8s.io, ']],
  },
  {
    name: 'a claim that says the namespace which it lies in',
    before: [[own, '', claim.replace(', namespace: default', '')]],
    change: [[own, '{ name: data }', '{ name: data, namespace: default }']],
  },
  {
    name: 'signers with several keys, groups, a list in a file, and a threshold',
    change: teamChange,
  },
  {
    name: 'one of several keys of a person revoked, and a merge key',
    before: teamChange,
    change: [
      [
        'trust/signers.yaml',
        'validBefore: 2027-01-01T00:00:00Z',
        'revoked: { reason: lost, from: 2026-06-01T00:00:00Z }',
      ],
      [
        'trust/signers.yaml',
        'groups:\n',
        `mergeKeys:\n  - { name: Host, key: ${otherKeys[3]}, paths: [racks/] }\ngroups:\n`,
      ],
    ],
  },
];

for (const { name, before, change } of sites) {
  test(name, () => {
    const base = changed(example, ...(before ?? []));
    const { diagnostics } = compileSite(changed(base, ...change), before ? siteOf(base) : null);
    assert.equal(diagnostics.map(formatDiagnostic), []);
  });
}

test.run();
