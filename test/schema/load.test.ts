import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Diagnostic, formatPlace } from '../../schema/diagnostic.ts';
import { loadSite } from '../../schema/load.ts';
import { randomNumbers } from '../random.ts';
import { type Change, changed, example } from './example-site.ts';

function findings(...changes: readonly Change[]): readonly Diagnostic[] {
  return loadSite(changed(example, ...changes)).diagnostics;
}

function lines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ rule, place, message }) => `${rule} ${formatPlace(place)} ${message}`);
}

test('the example, by its kinds and names', () => {
  const { site, diagnostics } = loadSite(example);
  assert.equal(diagnostics, []);
  assert.ok(site);
  assert.is(site.site.value.site, 'tokyo0');
  assert.is(site.releases.file, 'releases.yaml');
  assert.is(site.signers.file, 'trust/signers.yaml');
  assert.is(site.cluster?.file, 'kubernetes/cluster.yaml');
  assert.equal([...site.racks.keys()], ['r0', 'r1', 'r2', 'r3']);
  assert.equal([...site.roles.keys()], ['cs', 'ss']);
  assert.equal([...site.ignition.keys()], ['common', 'cs', 'ss']);
  assert.is(site.racks.get('r3')?.file, 'racks/r3.yaml');
});

test('an Ignition folder has what lies beside its document, with what is executable', () => {
  const { site } = loadSite(example);
  const folder = site?.ignition.get('ss');
  assert.is(folder?.document.file, 'ignition/ss/ignition.yaml');
  assert.is(folder?.files.has('ignition.yaml'), false);
  assert.is(folder?.files.get('bin/check-data-disks')?.executable, true);
  assert.is(folder?.files.get('etc/modules-load.d/storage.conf')?.executable, false);
});

test('a site without a cluster', () => {
  const { site, diagnostics } = loadSite(changed(example, ['kubernetes/cluster.yaml', '', null]));
  assert.equal(diagnostics, []);
  assert.is(site?.cluster, null);
});

test('the order of files does not matter', () => {
  const shuffled = loadSite(new Map(randomNumbers(1).shuffled(example)));
  assert.equal([...(shuffled.site?.racks.keys() ?? [])], ['r0', 'r1', 'r2', 'r3']);
  assert.equal(
    [...(shuffled.site?.ignition.get('common')?.files.keys() ?? [])],
    [...(loadSite(example).site?.ignition.get('common')?.files.keys() ?? [])],
  );
});

test('no files at all', () => {
  const { site, diagnostics } = loadSite(new Map());
  assert.is(site, null);
  assert.equal(
    lines(diagnostics),
    ['releases.yaml', 'site.yaml', 'trust/signers.yaml'].map(
      (path) => `BERTH-009 ${path}:1:1 the site repo has no ${path}`,
    ),
  );
});

test('findings of all files come together, in their order, and hold the site back', () => {
  const files = changed(
    example,
    ['site.yaml', 'format: 1', 'format: 2'],
    ['racks/r2.yaml', 'rack: 2', 'rack: two'],
    ['racks/r2.yaml', 'powerFeed', 'powerfeed'],
    ['roles/cs.yaml', '', 'os: [\n'],
    ['releases.yaml', '', null],
  );
  const { site, diagnostics } = loadSite(files);
  assert.is(site, null);
  assert.equal(
    diagnostics.map(({ rule, place }) => `${rule} ${formatPlace(place)}`),
    [
      'BERTH-006 racks/r2.yaml:3:1',
      'BERTH-007 racks/r2.yaml:3:7',
      'BERTH-005 racks/r2.yaml:4:1',
      'BERTH-009 releases.yaml:1:1',
      'BERTH-001 roles/cs.yaml:2:1',
      'BERTH-008 site.yaml:3:9',
    ],
  );
});

const unread: readonly (readonly [path: string, hint: string])[] = [
  ['sites.yaml', 'did you mean site.yaml?'],
  ['release.yaml', 'did you mean releases.yaml?'],
  ['rack/r9.yaml', 'did you mean racks/r9.yaml?'],
  ['roels/x.yaml', 'did you mean roles/x.yaml?'],
  ['igniton/cs/x', 'did you mean ignition/cs/x?'],
  ['racks/r9.yml', 'racks/<name>.yaml, the name in lower case'],
  ['racks/R9.yaml', 'racks/<name>.yaml, the name in lower case'],
  ['racks/9.yaml', 'racks/<name>.yaml, the name in lower case'],
  ['racks/row-a/r9.yaml', 'racks/<name>.yaml, the name in lower case'],
  [`roles/${'x'.repeat(32)}.yaml`, 'roles/<name>.yaml, the name in lower case'],
  ['ignition/stray', 'ignition/<name>/ignition.yaml, and beside it what that document names'],
  ['ignition/Upper/ignition.yaml', 'ignition/<name>/ignition.yaml, and beside it what that document names'],
  ['trust/keys.yaml', 'trust/signers.yaml, trust/recipients.yaml, trust/allowed_signers, and trust/keys/<name>.asc'],
  ['trust/keys/Ada.asc', 'trust/signers.yaml, trust/recipients.yaml, trust/allowed_signers, and trust/keys/<name>.asc'],
  ['trust/keys/ada.gpg', 'trust/signers.yaml, trust/recipients.yaml, trust/allowed_signers, and trust/keys/<name>.asc'],
  ['kubernetes/clusters.yaml', 'kubernetes/cluster.yaml, and kubernetes/resources/<two digits>-<name>/<name>.yaml'],
  ['zzz', 'a site repo has site.yaml, releases.yaml, racks/, roles/, ignition/, kubernetes/, trust/ and secrets/'],
];

for (const [path, hint] of unread) {
  test(`nothing reads ${path}`, () => {
    const place = { file: path, line: 1, column: 1 };
    assert.equal(findings([path, '', 'x: 1\n']), [
      { rule: 'BERTH-010', severity: 'error', place, message: 'nothing reads this file', hint },
    ]);
  });
}

for (const path of [
  'README.md',
  'docs/racks.md',
  'racks/notes.md',
  '.editorconfig',
  'racks/.gitkeep',
  '.github/workflows/check.yaml',
  'ignition/cs/anything/at/all',
]) {
  test(`${path} may stand in a site repo`, () => assert.equal(findings([path, '', 'x: 1\n']), []));
}

test('secrets that age has sealed, in both of its forms', () => {
  const armored = '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n';
  assert.equal(
    findings(['secrets/bmc.age', '', armored], ['secrets/etcd/ca.age', '', 'age-encryption.org/v1\n-> X']),
    [],
  );
});

test('Kubernetes objects, in the order of folders, files and documents', () => {
  const object = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: default }\n`;
  const { site, diagnostics } = loadSite(
    changed(
      example,
      ['kubernetes/resources/15-more/b.yaml', '', `${object('c')}---\n# nothing\n---\n${object('d')}`],
      ['kubernetes/resources/15-more/a.yaml', '', `---\n${object('b')}`],
      ['kubernetes/resources/05-early/z.yaml', '', object('a')],
    ),
  );
  assert.equal(diagnostics, []);
  const names = site?.resources.map(({ folder, document }) => `${folder} ${document.value.metadata.name}`);
  const [, a, ...rest] = names ?? [];
  assert.is(a, '05-early a');
  assert.equal(rest.slice(-4, -1), ['15-more b', '15-more c', '15-more d']);
  const last = site?.resources.find(({ document }) => document.value.metadata.name === 'd')?.document;
  assert.is(last && formatPlace(last.placeOf('metadata', 'name')), 'kubernetes/resources/15-more/b.yaml:9:19');
});

test('the longest name that a role may have', () => {
  const name = 'x'.repeat(31);
  const { site } = loadSite(changed(example, [`roles/${name}.yaml`, '', 'os: flatcar-4081.2.0\nignition: [common]\n']));
  assert.ok(site?.roles.has(name));
});

test.run();
