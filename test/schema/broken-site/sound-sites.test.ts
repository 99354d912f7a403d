// Sites that look odd and are right: what people have, and no rule says anything of.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSite } from '../../../reconciler/source/accept.ts';
import { formatDiagnostic } from '../../../schema/diagnostic.ts';
import { type Change, changed, example, siteOf } from '../example-site.ts';

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
];

for (const { name, before, change } of sites) {
  test(name, () => {
    const base = changed(example, ...(before ?? []));
    const { diagnostics } = compileSite(changed(base, ...change), before ? siteOf(base) : null);
    assert.equal(diagnostics.map(formatDiagnostic), []);
  });
}

test.run();
