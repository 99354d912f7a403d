// berth validate, as a user calls it.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { berth, exampleFolder, type Said, SiteCopy } from './command.ts';

const copies: SiteCopy[] = [];
test.after(() => {
  for (const copy of copies) copy.remove();
});

/** A copy of the example that has one text replaced. */
function siteWith(...edits: readonly (readonly [file: string, from: string, to: string])[]): SiteCopy {
  const copy = new SiteCopy();
  copies.push(copy);
  for (const edit of edits) copy.replace(...edit);
  return copy;
}

test('the example keeps every rule', async () => {
  const { exitCode, stdout, stderr } = await berth(['validate', exampleFolder]);
  assert.is(stderr, '');
  assert.is(stdout, 'tokyo0: 32 machines in 4 racks, every rule holds\n');
  assert.is(exitCode, 0);
});

test('so it does for a program', async () => {
  const { exitCode, stdout } = await berth(['validate', exampleFolder, '--json']);
  assert.equal(JSON.parse(stdout), { valid: true, diagnostics: [] });
  assert.is(exitCode, 0);
});

const faults: readonly {
  readonly name: string;
  readonly edit: readonly [file: string, from: string, to: string];
  readonly says: RegExp;
}[] = [
  {
    name: 'a misspelt key',
    edit: ['roles/cs.yaml', 'arguments:', 'argumens:'],
    says: /^site\/roles\/cs\.yaml:3:1: error BERTH-005: unknown key argumens in the document\n {2}hint: did you mean arguments\?$/m,
  },
  {
    name: 'a serial that is another machine’s',
    edit: ['racks/r1.yaml', 'serial: QK5JWG4', 'serial: FQ7K2D3'],
    says: /^site\/racks\/r1\.yaml:8:15: error BERTH-101: the serial FQ7K2D3 .* site\/racks\/r0\.yaml:8:15\n {2}hint: /m,
  },
  {
    name: 'an address outside its pool',
    edit: ['site.yaml', 'pool: 10.69.0.0/20', 'pool: 10.69.0.0/23'],
    says: /^site\/racks\/r2\.yaml:2:7: error BERTH-201: rack 2 would get 10\.69\.1\.128 to 10\.69\.2\.63, outside the node pool 10\.69\.0\.0\/23\n {2}hint: /m,
  },
  {
    name: 'no YAML at all',
    edit: ['releases.yaml', 'os:', 'os: ['],
    says: /^site\/releases\.yaml:\d+:\d+: error BERTH-001: /m,
  },
  {
    name: 'a variable that Ignition does not have',
    edit: ['ignition/common/ignition.yaml', '{{ machine.name }}', '{{ machine.nmae }}'],
    says: /^site\/ignition\/common\/ignition\.yaml:26:11: error BERTH-503: machine has no nmae; known are: .*name/m,
  },
];

const found = faults.map(({ edit }) => berth(['validate', 'site'], { cwd: siteWith(edit).parent }));

for (const [index, { name, says }] of faults.entries()) {
  test(`${name}: exit 1, with the place, the rule and what to do`, async () => {
    const { exitCode, stdout, stderr } = (await found[index]) as Said;
    assert.match(stderr, says);
    assert.match(stderr, /^\d+ findings?\n$/m);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  });
}

const misspelt = siteWith(['roles/cs.yaml', 'arguments:', 'argumens:']);

test('paths open from where the user stands', async () => {
  const { folder, parent } = misspelt;
  const rows: readonly (readonly [readonly string[], string, string])[] = [
    [[], folder, 'roles/cs.yaml'],
    [['site/'], parent, 'site/roles/cs.yaml'],
    [['./site'], parent, './site/roles/cs.yaml'],
    [[folder], '/', `${folder}/roles/cs.yaml`],
    [['../site'], folder, '../site/roles/cs.yaml'],
  ];
  const all = await Promise.all(rows.map(([args, cwd]) => berth(['validate', ...args], { cwd })));
  const files = all.map(({ stderr }) => /^(\S+?):\d+:\d+: error BERTH-005/m.exec(stderr)?.[1]);
  assert.equal(
    files,
    rows.map(([, , file]) => file),
  );
});

test('findings for a program', async () => {
  const { exitCode, stdout, stderr } = await berth(['validate', 'site', '--json'], { cwd: misspelt.parent });
  const { valid, diagnostics } = JSON.parse(stdout) as { valid: boolean; diagnostics: unknown[] };
  assert.is(valid, false);
  assert.is(stderr, '');
  assert.is(exitCode, 1);
  assert.equal(diagnostics[0], {
    rule: 'BERTH-005',
    severity: 'error',
    place: { file: 'site/roles/cs.yaml', line: 3, column: 1 },
    message: 'unknown key argumens in the document',
    hint: 'did you mean arguments?',
  });
});

test('what no site repo may hold is a finding like any other', async () => {
  const site = siteWith();
  symlinkSync('/etc/passwd', path.join(site.folder, 'racks', 'r9.yaml'));
  const { exitCode, stderr } = await berth(['validate', 'site'], { cwd: site.parent });
  assert.is(
    stderr,
    'site/racks/r9.yaml:1:1: error BERTH-011: symbolic links are not allowed in a site repo\n1 finding\n',
  );
  assert.is(exitCode, 1);
});

test('a folder that is none, or is no site repo', async () => {
  const site = siteWith();
  const empty = path.join(site.parent, 'empty');
  mkdirSync(empty);
  writeFileSync(path.join(site.parent, 'file'), '');
  const rows: readonly (readonly [readonly string[], string, string])[] = [
    [['missing'], site.parent, 'berth: there is no folder missing\n'],
    [['file'], site.parent, 'berth: file is no folder\n'],
    [['empty'], site.parent, 'berth: empty is no site repo: it has no site.yaml\n'],
    [[], empty, 'berth: this folder is no site repo: it has no site.yaml\n'],
  ];
  const all = await Promise.all(rows.map(([args, cwd]) => berth(['validate', ...args], { cwd })));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.is(stderr, rows[index]?.[2]);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test.run();
