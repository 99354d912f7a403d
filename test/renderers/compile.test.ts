import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Blueprint, readBlueprint } from '../../renderers/blueprint.ts';
import { type CompileResult, compile } from '../../renderers/compile.ts';
import { bootDigestOf } from '../../renderers/rack.ts';
import { sha256 } from '../../schema/canonical.ts';
import { type Diagnostic, formatPlace } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { decodeObject } from '../../schema/state/blueprint-object.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import { randomNumbers } from '../random.ts';
import { type Change, changed, example, fileOf, siteOf, textOf } from '../schema/example-site.ts';

function compiledFiles(files: SiteFiles): CompileResult & { readonly blueprint: Blueprint } {
  const result = compile(siteOf(files));
  const { blueprint } = result;
  if (!blueprint) throw new Error(result.diagnostics[0]?.message);
  return { ...result, blueprint };
}

const before = compiledFiles(example);

function after(...changes: readonly Change[]): Blueprint {
  return compiledFiles(changed(example, ...changes)).blueprint;
}

function findings(...changes: readonly Change[]): readonly Diagnostic[] {
  const { blueprint, diagnostics } = compile(siteOf(changed(example, ...changes)));
  assert.is(blueprint, null);
  return diagnostics;
}

/** Serials of machines of which something differs. */
function differing(now: Blueprint, part: (machine: MachineObject) => unknown): readonly string[] {
  const then = before.blueprint.machines;
  return [...then.values()]
    .filter(
      (machine) => JSON.stringify(part(machine)) !== JSON.stringify(part(now.machines.get(machine.serial) ?? machine)),
    )
    .map(({ serial }) => serial);
}

const whole = (machine: MachineObject): unknown => machine;
const bootDigest = (machine: MachineObject): unknown => machine.bootDigest;
const { machines } = before.blueprint;
const serialsOf = (role: string): readonly string[] =>
  [...machines.values()].filter((m) => m.role === role).map((m) => m.serial);

test('a machine, with no choice left open', () => {
  const machine = machines.get('H2RQP02');
  assert.ok(machine);
  const { boot, bootDigest: digest, ...rest } = machine;
  assert.equal(rest, {
    kind: 'machine',
    serial: 'H2RQP02',
    name: 'r3-09',
    rack: 'r3',
    slot: 9,
    role: 'cs',
    macs: ['02:be:00:03:09:01', '02:be:00:03:09:02'],
    node: '10.69.2.73',
    links: [
      { tor: 'r3-tor1', address: '10.69.2.137', prefixLength: 26, gateway: '10.69.2.129' },
      { tor: 'r3-tor2', address: '10.69.2.201', prefixLength: 26, gateway: '10.69.2.193' },
    ],
    bmc: { type: 'redfish', address: '10.72.17.105', prefixLength: 20, gateway: '10.72.16.1' },
    labels: { 'berth.dev/role': 'compute', gpu: 'l4' },
  });
  const pins = before.blueprint.releases.os['flatcar-4081.2.0'];
  assert.equal([boot.kernel, boot.initrd], [pins?.kernel.sha256, pins?.initrd.sha256]);
  assert.is(boot.ignitionSource, before.blueprint.site.ignition.cs);
  assert.is(digest, bootDigestOf(boot));
});

test('a rack and its links', () => {
  const found = before.blueprint.racks.get('r1');
  assert.ok(found);
  const { machines: inRack, ...rack } = found;
  assert.equal(rack, {
    kind: 'rack',
    name: 'r1',
    rack: 1,
    asn: 64601,
    powerFeed: 'B',
    tors: [
      {
        name: 'r1-tor1',
        address: '10.69.1.1',
        prefixLength: 26,
        links: [
          { spine: 'spine1', id: 4, spineAddress: '10.72.1.8', torAddress: '10.72.1.9' },
          { spine: 'spine2', id: 5, spineAddress: '10.72.1.10', torAddress: '10.72.1.11' },
        ],
      },
      {
        name: 'r1-tor2',
        address: '10.69.1.65',
        prefixLength: 26,
        links: [
          { spine: 'spine1', id: 6, spineAddress: '10.72.1.12', torAddress: '10.72.1.13' },
          { spine: 'spine2', id: 7, spineAddress: '10.72.1.14', torAddress: '10.72.1.15' },
        ],
      },
    ],
  });
  assert.is(Object.keys(inRack).length, 8);
});

test('what site.yaml leaves out has its default', () => {
  const { site } = after(
    ['site.yaml', '    leaseSeconds: 3600\n', ''],
    ['site.yaml', '  racksAtOnce: 1\n', ''],
    ['site.yaml', '  canaries: 1\n', ''],
    ['site.yaml', 'proxy: http://10.0.49.3:3128\n', ''],
    ['ignition/common/ignition.yaml', 'Environment=HTTP_PROXY={{ site.proxy }} HTTPS_PROXY={{ site.proxy }}', '# none'],
  );
  assert.is(site.leaseSeconds, 3600);
  assert.equal(site.rollout, { racksAtOnce: 1, maxUnavailablePerRack: 4, canaries: 1, deadlineSeconds: 600 });
  assert.not('proxy' in site);
});

test('the order of files, of machines and of keys does not matter', () => {
  const random = randomNumbers(9);
  const shuffledMachines = (text: string): string => {
    const [head = '', list = ''] = text.split('machines:\n');
    return `${head}machines:\n${random.shuffled(list.split(/(?=^ {2}- )/m)).join('')}`;
  };
  for (let round = 0; round < 5; round++) {
    const files = random.shuffled(example).map(([name, file]) => {
      return [name, name.startsWith('racks/') ? fileOf(shuffledMachines(textOf(example, name))) : file] as const;
    });
    const { blueprint, objects } = compiledFiles(
      changed(
        new Map(files),
        ['roles/cs.yaml', 'labels:\n  berth.dev/role: compute\n', ''],
        ['roles/cs.yaml', 'os: flatcar-4081.2.0\n', 'labels: { "berth.dev/role": compute }\nos: flatcar-4081.2.0\n'],
        ['racks/r2.yaml', 'links: { spine1: 8, spine2: 9 }', 'links: { spine2: 9, spine1: 8 }'],
      ),
    );
    assert.is(blueprint.root, before.blueprint.root);
    assert.equal(new Set(objects.keys()), new Set(before.objects.keys()));
    assert.equal([...blueprint.machines.keys()], [...machines.keys()]);
  }
});

test('machines are in the order of rack numbers and slots', () => {
  const { machines: ordered } = after(
    ['racks/a20.yaml', '', textOf(example, 'racks/r3.yaml').replace('rack: 3', 'rack: 20')],
    ['racks/r3.yaml', '', null],
    ['site.yaml', 'rack: 3, joined', 'rack: 20, joined'],
  );
  const names = [...ordered.values()].map(({ name }) => name);
  const slots = ['04', '05', '06', '07', '08', '09', '10', '11'];
  assert.equal(
    names,
    ['r0', 'r1', 'r2', 'a20'].flatMap((rack) => slots.map((slot) => `${rack}-${slot}`)),
  );
});

test('comments, prose and the style of YAML change nothing', () => {
  const { root } = after(
    ['site.yaml', 'format: 1\n', '# Another remark.\nformat: 1 # and one more\n'],
    ['README.md', '', '# Nothing like before\n'],
    ['racks/r3.yaml', 'labels: { gpu: l4 }', 'labels:\n      "gpu": \'l4\''],
    ['trust/signers.yaml', 'Site engineers (example)', 'Somebody'],
  );
  assert.is(root, before.blueprint.root);
});

test('a new rack changes no machine and no rack that was there', () => {
  const text = textOf(example, 'racks/r3.yaml')
    .replace('rack: 3', 'rack: 4')
    .replaceAll('r3-', 'r4-')
    .replaceAll(/spine(\d): (\d+)/g, (_, spine: string, id: string) => `spine${spine}: ${Number(id) + 4}`)
    .replaceAll('02:be:00:03:', '02:be:00:04:')
    .replaceAll('serial: ', 'serial: N');
  const now = after(['racks/r4.yaml', '', text]);
  assert.is(now.machines.size, machines.size + 8);
  assert.equal(differing(now, whole), []);
  const { r4, ...racks } = now.site.racks;
  assert.ok(r4);
  assert.equal(racks, before.blueprint.site.racks);
});

test('a label changes its machine, which restarts only where its Ignition names the label', () => {
  const label: Change = ['racks/r3.yaml', 'gpu: l4', 'gpu: l40s'];
  const now = after(label);
  assert.equal(differing(now, whole), ['H2RQP02']);
  assert.equal(differing(now, bootDigest), []);
  const named: Change = [
    'ignition/cs/etc/modules-load.d/compute.conf',
    '',
    '{{ each machine.links }}{{ item.tor }}{{ end }}',
  ];
  assert.equal(differing(after(named), bootDigest), serialsOf('cs'));
});

test('another name for the same pin restarts nothing', () => {
  const now = after(
    ['releases.yaml', '  flatcar-4081.2.0:', '  stable:'],
    ['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: stable'],
    ['roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: stable'],
  );
  assert.equal(differing(now, bootDigest), []);
  assert.equal(differing(now, ({ boot }) => boot.os).length, machines.size);
});

const restarts: readonly (readonly [name: string, change: Change, serials: readonly string[]])[] = [
  ['another pin for one role', ['roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1'], serialsOf('ss')],
  ['another kernel argument', ['roles/cs.yaml', 'madvise', 'always'], serialsOf('cs')],
  ['another argument for all', ['site.yaml', 'console=tty0', 'console=tty1'], [...machines.keys()]],
  ['a variable that a role says itself', ['site.yaml', 'journalMaxUse: 512M', 'journalMaxUse: 1G'], serialsOf('ss')],
  [
    'a variable of one machine',
    ['racks/r3.yaml', 'labels: { gpu: l4 }', 'variables: { journalMaxUse: 4G }'],
    ['H2RQP02'],
  ],
  ['an argument of one machine', ['racks/r3.yaml', 'labels: { gpu: l4 }', 'arguments: [iommu=pt]'], ['H2RQP02']],
  ['an OS of one machine', ['racks/r3.yaml', 'labels: { gpu: l4 }', 'os: flatcar-4081.3.1'], ['H2RQP02']],
  ['another initrd', ['releases.yaml', 'f3a9444223b3', 'f3a9444223b4'], [...machines.keys()]],
  ['a pin that nobody boots', ['releases.yaml', '2d710016061d', '2d710016061e'], []],
  ['another variable of a role', ['roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 3G'], serialsOf('cs')],
  ['a variable that nothing names', ['roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 2G\n  spare: 1'], []],
  ['a card', ['racks/r0.yaml', '02:be:00:00:05:02', '02:be:00:00:05:03'], ['Y53NL42']],
  ['a slot', ['racks/r0.yaml', 'slot: 5', 'slot: 12'], ['Y53NL42']],
  ['the source of a file', ['releases.yaml', '4081.2.0/vmlinuz', '4081.2.0/elsewhere/vmlinuz'], []],
  ['a taint, which is for Kubernetes', ['roles/ss.yaml', 'NoSchedule', 'NoExecute'], []],
  ['a boot server that joins', ['site.yaml', 'rack: 3, joined: false', 'rack: 3, joined: true'], []],
];

for (const [name, change, serials] of restarts) {
  test(`${name} restarts ${serials.length} machines`, () => {
    const now = after(change);
    assert.equal(differing(now, bootDigest), serials);
    assert.equal(
      differing(now, ({ boot }) => bootDigestOf(boot)),
      serials,
    );
  });
}

test('every object is one that the store takes, under its own digest', () => {
  const kinds = new Map<string, number>();
  for (const [digest, text] of before.objects) {
    assert.is(sha256(text), digest);
    const { kind } = decodeObject(digest, text);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const expected = { releases: 1, ignition: 2, machine: machines.size, rack: 4, resource: 6, cluster: 1, site: 1 };
  assert.equal(Object.fromEntries(kinds), expected);
});

test('the objects, read again, are the same blueprint', async () => {
  const again = await readBlueprint(before.blueprint.root, async (digests) => {
    return new Map(digests.map((digest) => [digest, decodeObject(digest, before.objects.get(digest) ?? '')]));
  });
  assert.equal(again, before.blueprint);
  assert.equal([...again.machines.keys()], [...machines.keys()]);
  assert.equal([...again.racks.keys()], [...before.blueprint.racks.keys()]);
});

test('a role that no machine has is compiled like the others, without touching any', () => {
  const now = after([
    'roles/gpu.yaml',
    '',
    'os: flatcar-4081.3.1\nignition: [common]\nvariables: { journalMaxUse: 1G, scratchDisk: /dev/sda }\n',
  ]);
  assert.ok(now.ignition.has('gpu'));
  assert.equal(differing(now, whole), []);
});

test('a role that no machine has may name labels, which only a machine can lack', () => {
  const gpu: Change = ['roles/gpu.yaml', '', 'os: flatcar-4081.3.1\nignition: [gpu]\n'];
  const ignition = (text: string): Change => {
    return [
      'ignition/gpu/ignition.yaml',
      '',
      `storage:\n  files:\n    - path: /x\n      contents: { inline: "${text}" }\n`,
    ];
  };
  assert.ok(after(gpu, ignition('{{ machine.labels.gpu }} {{ machine.links.1.mac }} {{ machine.macs.1 }}')));
  for (const variable of ['machine.label', 'machine.links.2.address', 'machine.labels', 'site.nothing']) {
    const found = findings(gpu, ignition(`{{ ${variable} }}`));
    assert.equal(
      found.map(({ rule, place }) => `${rule} ${formatPlace(place)}`),
      ['BERTH-503 ignition/gpu/ignition.yaml:4:28'],
      variable,
    );
  }
});

test('what one machine lacks is said of that machine', () => {
  const found = findings(
    ['ignition/cs/etc/modules-load.d/compute.conf', '', '{{ machine.labels.row }}\n'],
    ...['r0', 'r1', 'r2', 'r3'].flatMap((rack): Change[] => {
      const labelled = textOf(example, `racks/${rack}.yaml`)
        .replaceAll('type: redfish } }', 'type: redfish }, labels: { row: a } }')
        .replace('gpu: l4', 'row: a');
      return [[`racks/${rack}.yaml`, '', labelled.replace(/(serial: D7M6MV2.*)row: a/, '$1col: a')]];
    }),
  );
  assert.equal(found, [
    {
      rule: 'BERTH-503',
      severity: 'error',
      place: { file: 'ignition/cs/etc/modules-load.d/compute.conf', line: 1, column: 1 },
      message: 'machine.labels has no row; known are: berth.dev/role, col',
      hint: 'found for r3-08 (D7M6MV2)',
    },
  ]);
});

test('what every machine lacks is said once, of the first', () => {
  const found = findings(['ignition/common/ignition.yaml', '{{ machine.node }}', '{{ machine.nodes }}']);
  assert.is(found.length, 1);
  assert.is(found[0]?.hint, 'found for r0-04 (FQ7K2D3)');
});

test('what two roles lack, each in its own variables, is said of both', () => {
  const found = findings(
    ['roles/cs.yaml', '  journalMaxUse: 2G\n', ''],
    ['site.yaml', '  variables:\n    journalMaxUse: 512M\n', ''],
  );
  assert.equal(
    found.map(({ message }) => message),
    [
      'variables has no journalMaxUse; known are: scratchDisk',
      'variables has no journalMaxUse; known are: scratchDisk, dataDisks',
    ],
  );
});

test('a text that is no template says how to write braces', () => {
  const [found] = findings(['ignition/cs/etc/modules-load.d/compute.conf', '', 'a {{ b | c }}\n']);
  assert.is(found?.hint, 'where {{ itself is meant, write {{ "{{" }}');
});

test('paths with templates may differ from machine to machine, and clash on one alone', () => {
  const links = (path: string): Change => {
    return ['ignition/cs/ignition.yaml', '  trees:', `  links:\n    - { path: "${path}", target: /x }\n  trees:`];
  };
  assert.ok(after(links('/etc/{{ machine.name }}')));
  const file: Change = ['ignition/cs/etc/r2-07', '', ''];
  const found = findings(links('/etc/{{ machine.name }}'), file);
  assert.equal(
    found.map(({ rule, hint }) => `${rule} ${hint}`),
    [`BERTH-504 found for r2-07 (${serialAt('r2-07')})`],
  );
  const unclean = findings(links('/etc/{{ variables.journalMaxUse }}/'));
  assert.equal(
    unclean.map(({ rule, message }) => `${rule} ${message}`),
    ['BERTH-507 the shortest form of the path /etc/2G/ is /etc/2G'],
  );
});

function serialAt(name: string): string {
  return [...machines.values()].find((machine) => machine.name === name)?.serial ?? 'none';
}

test('a machine too large for etcd', () => {
  const many = (name: string) => {
    return Array.from({ length: 8_000 }, (_, n) => `${name}${n}: ${'y'.repeat(63)}`).join(', ');
  };
  const found = findings(
    ['roles/cs.yaml', 'berth.dev/role: compute', many('role').replaceAll(', ', '\n  ')],
    ['racks/r3.yaml', 'gpu: l4', `gpu: l4, ${many('own')}`],
  );
  assert.equal(
    found.map(({ rule, place, hint }) => `${rule} ${formatPlace(place)} ${hint}`),
    ['BERTH-506 racks/r3.yaml:3:1 shorten labels and arguments, its own and those of its role'],
  );
  assert.match(found[0]?.message ?? '', /^the machine object has 1\d{6} bytes/);
});

test('compiling changes nothing of the site', () => {
  const site = siteOf(example);
  const documents = (): string =>
    JSON.stringify([site.site, site.releases, ...site.racks.values(), ...site.roles.values()]);
  const text = documents();
  assert.is(compile(site).blueprint?.root, compile(site).blueprint?.root);
  assert.is(documents(), text);
});

test.run();
