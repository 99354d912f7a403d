// What differs between two blueprints: machine by machine, and for the site itself.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FieldChange } from '../../../../reconciler/plan/diff/field-change.ts';
import { diffMachine } from '../../../../reconciler/plan/diff/machine.ts';
import { diffSite } from '../../../../reconciler/plan/diff/site.ts';
import type { Blueprint } from '../../../../renderers/blueprint.ts';
import type { MachineObject } from '../../../../schema/types/machine-object.ts';
import { type Edit, example, exampleWith } from '../example.ts';

/** r0-04, a compute server, and r2-10, a storage server. */
const compute = 'FQ7K2D3';
const storage = 'S4344N1';

function shown(changes: readonly FieldChange[]): string[] {
  return changes.map(({ field, from, to }) => `${field}: ${from} → ${to}`);
}

interface Row {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly compute?: readonly string[];
  readonly storage?: readonly string[];
  readonly site?: readonly string[];
}

const table: readonly Row[] = [
  { name: 'nothing', edits: [] },
  { name: 'a comment', edits: [['roles/cs.yaml', '# Compute servers', '# Servers for computing']] },
  {
    name: 'an operating system',
    edits: [['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1']],
    compute: [
      'boot.os: flatcar-4081.2.0 → flatcar-4081.3.1',
      'boot.kernel: 857b3f255a2b → 2d710016061d',
      'boot.initrd: f3a9444223b3 → 553fdc5b4888',
    ],
  },
  {
    name: 'the name of a pin',
    edits: [
      ['releases.yaml', '  flatcar-4081.2.0:', '  flatcar-lts:'],
      ['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-lts'],
      ['roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-lts'],
    ],
    compute: ['boot.os: flatcar-4081.2.0 → flatcar-lts'],
    storage: ['boot.os: flatcar-4081.2.0 → flatcar-lts'],
    site: ['releases.os.flatcar-4081.2.0: declared → null', 'releases.os.flatcar-lts: null → declared'],
  },
  {
    name: 'a kernel argument of many',
    edits: [['roles/cs.yaml', 'transparent_hugepage=madvise', 'transparent_hugepage=always']],
    compute: ['boot.arguments: transparent_hugepage=madvise → transparent_hugepage=always'],
  },
  {
    name: 'one more kernel argument',
    edits: [['roles/cs.yaml', '  - transparent_hugepage=madvise\n', '  - transparent_hugepage=madvise\n  - quiet\n']],
    compute: ['boot.arguments: null → quiet'],
  },
  {
    name: 'the order of kernel arguments',
    edits: [
      [
        'roles/ss.yaml',
        '  - transparent_hugepage=never\n  - pcie_aspm=off\n',
        '  - pcie_aspm=off\n  - transparent_hugepage=never\n',
      ],
    ],
    storage: [
      'boot.arguments: flatcar.first_boot=1 console=tty0 console=ttyS0,115200n8 transparent_hugepage=never pcie_aspm=off → ' +
        'flatcar.first_boot=1 console=tty0 console=ttyS0,115200n8 pcie_aspm=off transparent_hugepage=never',
    ],
  },
  {
    name: 'a variable of a role',
    edits: [['roles/ss.yaml', 'dataDisks: 12', 'dataDisks: 24']],
    storage: ['variables.dataDisks: 12 → 24'],
  },
  {
    name: 'a file of one role',
    edits: [['ignition/ss/etc/modules-load.d/storage.conf', 'dm_mod', 'dm_mod\ndm_cache']],
    storage: ['ignition:/etc/modules-load.d/storage.conf: there → changed'],
  },
  {
    name: 'a unit of all roles',
    edits: [['ignition/common/units/berth-node.timer', '[Timer]', '[Timer]\nAccuracySec=1s']],
    compute: ['ignition:berth-node.timer: there → changed'],
    storage: ['ignition:berth-node.timer: there → changed'],
  },
  {
    name: 'a unit less',
    edits: [['ignition/cs/ignition.yaml', '    - { name: fstrim.timer, enabled: true }\n', '']],
    compute: ['ignition:fstrim.timer: there → removed'],
  },
  {
    name: 'a list that templates read',
    edits: [['site.yaml', 'ntp: [10.69.0.3, 10.69.0.195, 10.69.1.131]', 'ntp: [10.69.0.3]']],
    compute: ['site.ntp: 10.69.0.3, 10.69.0.195, 10.69.1.131 → 10.69.0.3'],
    storage: ['site.ntp: 10.69.0.3, 10.69.0.195, 10.69.1.131 → 10.69.0.3'],
    site: ['site.ntp: 10.69.0.3, 10.69.0.195, 10.69.1.131 → 10.69.0.3'],
  },
  {
    name: 'a value of the site that templates read',
    edits: [['site.yaml', 'proxy: http://10.0.49.3:3128', 'proxy: http://10.0.49.4:3128']],
    compute: ['site.proxy: http://10.0.49.3:3128 → http://10.0.49.4:3128'],
    storage: ['site.proxy: http://10.0.49.3:3128 → http://10.0.49.4:3128'],
    site: ['site.proxy: http://10.0.49.3:3128 → http://10.0.49.4:3128'],
  },
  {
    name: 'a value of the site that they do not read',
    edits: [['site.yaml', '    leaseSeconds: 3600', '    leaseSeconds: 7200']],
    site: ['site.leaseSeconds: 3600 → 7200'],
  },
  {
    name: 'the AS numbers of the racks',
    edits: [['site.yaml', 'rackBase: 64600', 'rackBase: 64610']],
    compute: ['rack.asn: 64600 → 64610'],
    storage: ['rack.asn: 64602 → 64612'],
    site: [
      'racks.r0.asn: 64600 → 64610',
      'racks.r1.asn: 64601 → 64611',
      'racks.r2.asn: 64602 → 64612',
      'racks.r3.asn: 64603 → 64613',
    ],
  },
  {
    name: 'a slot',
    edits: [['racks/r0.yaml', 'serial: FQ7K2D3, slot: 4,', 'serial: FQ7K2D3, slot: 14,']],
    compute: [
      'slot: 4 → 14',
      'name: r0-04 → r0-14',
      'node: 10.69.0.4 → 10.69.0.14',
      'links: 10.69.0.68, 10.69.0.132 → 10.69.0.78, 10.69.0.142',
      'bmc: 10.72.17.4 → 10.72.17.14',
      'boot.ignition: * → *',
    ],
  },
  {
    name: 'a MAC address',
    edits: [['racks/r0.yaml', '02:be:00:00:04:02', '02:be:00:00:04:03']],
    compute: [
      'macs: 02:be:00:00:04:01, 02:be:00:00:04:02 → 02:be:00:00:04:01, 02:be:00:00:04:03',
      'boot.ignition: * → *',
    ],
  },
  {
    name: 'a label of a role',
    edits: [['roles/cs.yaml', 'berth.dev/role: compute', 'berth.dev/role: computing']],
    compute: ['labels.berth.dev/role: compute → computing'],
  },
  {
    name: 'a label of a machine',
    edits: [['racks/r0.yaml', 'slot: 4, role: cs,', 'slot: 4, role: cs, labels: { zone: west },']],
    compute: ['labels.zone: null → west'],
  },
  {
    name: 'a staged release',
    edits: [
      [
        'releases.yaml',
        '\nbootPrograms:',
        `
  flatcar-4152.1.0:
    kernel: { source: "https://a.example.com/k", sha256: ${'ab'.repeat(32)}, sizeBytes: 1 }
    initrd: { source: "https://a.example.com/i", sha256: ${'cd'.repeat(32)}, sizeBytes: 1 }

bootPrograms:`,
      ],
    ],
    site: ['releases.os.flatcar-4152.1.0: null → declared'],
  },
  {
    name: 'a boot server that joins, and the policy',
    edits: [
      ['site.yaml', 'rack: 3, joined: false', 'rack: 3, joined: true'],
      ['site.yaml', 'canaries: 1', 'canaries: 2'],
    ],
    site: ['bootServers.boot-3.joined: false → true', 'rollout.canaries: 1 → 2'],
  },
  {
    name: 'the id of a spine link',
    edits: [['racks/r3.yaml', 'links: { spine1: 14, spine2: 15 }', 'links: { spine1: 16, spine2: 15 }']],
    site: ['racks.r3.tors.r3-tor2.links.spine1: 14 → 16'],
  },
  {
    name: 'a machine more and a machine less',
    edits: [['racks/r3.yaml', 'serial: KBF5P42, slot: 11', 'serial: KBF5P43, slot: 12']],
    site: ['racks.r3.machines.KBF5P42: declared → null'],
  },
];

for (const { name, edits, compute: ofCompute = [], storage: ofStorage = [], site = [] } of table) {
  test(`diff: ${name}`, () => {
    const before = example.blueprint;
    const after = exampleWith(...edits).blueprint;
    const machine = (serial: string): string[] =>
      shown(diffMachine(before, after, serial)).map((line) =>
        line.replace(/^boot\.ignition: [0-9a-f]{12} → [0-9a-f]{12}$/, 'boot.ignition: * → *'),
      );
    assert.equal(machine(compute), ofCompute);
    assert.equal(machine(storage), ofStorage);
    assert.equal(shown(diffSite(before, after)), site);
  });
}

test('a role change begins with the role, and ends with what follows from it', () => {
  const { blueprint } = exampleWith([
    'racks/r2.yaml',
    'serial: S4344N1, slot: 10, role: ss',
    'serial: S4344N1, slot: 10, role: cs',
  ]);
  const changes = shown(diffMachine(example.blueprint, blueprint, storage));
  assert.is(changes[0], 'role: ss → cs');
  assert.ok(changes.includes('ignition:/opt/site/bin/check-data-disks: there → removed'));
  assert.ok(changes.includes('ignition:/etc/bird/conf.d/cilium.conf: null → added'));
  assert.ok(changes.includes('variables.dataDisks: 12 → null'));
  assert.equal(diffMachine(example.blueprint, blueprint, compute), []);
});

test('a machine of one blueprint only has no differences', () => {
  assert.equal(diffMachine(example.blueprint, { ...example.blueprint, machines: new Map() }, compute), []);
  assert.equal(diffMachine({ ...example.blueprint, machines: new Map() }, example.blueprint, compute), []);
});

test('whatever changes in a machine object is said', () => {
  const machine = example.blueprint.machines.get(compute);
  assert.ok(machine);
  const paths = leavesOf(machine).filter(([first]) => !['kind', 'serial', 'bootDigest'].includes(String(first)));
  assert.ok(paths.length > 25, `${paths.length} values`);
  for (const path of paths) {
    const after = withMachine(example.blueprint, changedAt(machine, path));
    const changes = diffMachine(example.blueprint, after, compute);
    assert.ok(changes.length > 0, `a change of ${path.join('.')} is not said`);
    assert.ok(changes.every(({ from, to }) => from !== to));
  }
});

type Path = readonly (string | number)[];

/** Ways to all values that are neither list nor record. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => leavesOf((value as Record<string | number, unknown>)[key], [...path, key]));
}

function changedAt(machine: MachineObject, path: Path): MachineObject {
  const copy = structuredClone(machine);
  let parent = copy as unknown as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  const value = parent[last];
  // In front, since of a digest only the beginning is shown.
  parent[last] = typeof value === 'number' ? value + 1 : `0${value}`;
  return copy;
}

function withMachine(blueprint: Blueprint, machine: MachineObject): Blueprint {
  return { ...blueprint, machines: new Map([...blueprint.machines, [machine.serial, machine]]) };
}

test.run();
