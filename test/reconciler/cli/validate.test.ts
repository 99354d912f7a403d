// berth validate, as a user calls it.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleTitles } from '../../../reconciler/cli/rule-titles.ts';
import type { SarifLog } from '../../../schema/report/sarif.ts';
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
  /** The finding but for its excerpt, of which only the place of the caret is told. */
  readonly says: RegExp;
}[] = [
  {
    name: 'a misspelt key',
    edit: ['roles/cs.yaml', 'arguments:', 'argumens:'],
    says: /^error BERTH-005: unknown key argumens in the document\n +--> site\/roles\/cs\.yaml:\d+:1\n +\|\n\d+ \| argumens:\n +\| \^\n += hint: did you mean arguments\?$/m,
  },
  {
    name: 'a serial that is another machine’s',
    edit: ['racks/r1.yaml', 'serial: QK5JWG4', 'serial: FQ7K2D3'],
    says: /^error BERTH-101: the serial FQ7K2D3 .* site\/racks\/r0\.yaml:\d+:15\n +--> site\/racks\/r1\.yaml:\d+:15\n/m,
  },
  {
    name: 'a variable that Ignition does not have',
    edit: ['ignition/common/ignition.yaml', '{{ machine.name }}', '{{ machine.nmae }}'],
    says: /^error BERTH-503: machine has no nmae; known are: .*name.*\n +--> site\/ignition\/common\/ignition\.yaml:\d+:11\n +\|\n\d+ \| +\{\{ machine\.nmae \}\}\n/m,
  },
];

const found = faults.map(({ edit }) => berth(['validate', 'site'], { cwd: siteWith(edit).parent }));

for (const [index, { name, says }] of faults.entries()) {
  test(`${name}: exit 1, with the place, the rule and what to do`, async () => {
    const { exitCode, stdout, stderr } = (await found[index]) as Said;
    assert.match(stderr, says);
    assert.match(stderr, /\n\n\d+ errors? in \d+ files?\n$/);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  });
}

/** Where a text stands in a file of the misspelt site. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(path.join(misspelt.folder, file), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

const misspelt = siteWith(['roles/cs.yaml', 'arguments:', 'argumens:']);

test('paths open from where the user stands', async () => {
  const { folder, parent } = misspelt;
  const rows: readonly (readonly [readonly string[], string, string])[] = [
    [[], folder, 'roles/cs.yaml'],
    [['site/'], parent, 'site/roles/cs.yaml'],
    [[folder], '/', `${folder}/roles/cs.yaml`],
  ];
  const all = await Promise.all(rows.map(([args, cwd]) => berth(['validate', ...args], { cwd })));
  const files = all.map(({ stderr }) => /BERTH-005.*\n +--> (\S+?):\d+:\d+\n/.exec(stderr)?.[1]);
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
    place: { file: 'site/roles/cs.yaml', line: lineOf('roles/cs.yaml', 'argumens:'), column: 1 },
    message: 'unknown key argumens in the document',
    hint: 'did you mean arguments?',
  });
});

test('what no site repo may hold is a finding like any other', async () => {
  const site = siteWith();
  symlinkSync('/etc/passwd', path.join(site.folder, 'racks', 'r9.yaml'));
  const { exitCode, stderr } = await berth(['validate', 'site'], { cwd: site.parent });
  // Without an excerpt: what the link leads to is none of the site's.
  assert.is(
    stderr,
    [
      'error BERTH-011: symbolic links are not allowed in a site repo',
      ' --> site/racks/r9.yaml:1:1',
      '',
      '1 error in 1 file',
      '',
    ].join('\n'),
  );
  assert.is(exitCode, 1);
});

test('colours where they are asked for, and only there', async () => {
  const rows: readonly (readonly [readonly string[], Readonly<Record<string, string>>, boolean])[] = [
    [['--color'], { NO_COLOR: '1' }, true],
    [['--no-color'], { FORCE_COLOR: '1' }, false],
  ];
  const { parent } = misspelt;
  const all = await Promise.all(rows.map(([args, env]) => berth(['validate', 'site', ...args], { cwd: parent, env })));
  assert.equal(
    all.map(({ stderr }) => stderr.includes('\u001b[31merror BERTH-005\u001b[39m')),
    rows.map(([, , colourful]) => colourful),
  );
  const json = await berth(['validate', 'site', '--json', '--color'], { cwd: parent });
  assert.not.match(json.stdout, '\u001b');
});

test('for GitHub and code scanning, by paths from the top of the repository', async () => {
  const { parent, folder } = siteWith(['roles/cs.yaml', 'arguments:', 'argumens:']);
  mkdirSync(path.join(parent, '.git'));
  const [github, sarif] = (await Promise.all([
    berth(['validate', '--format', 'github'], { cwd: folder }),
    berth(['validate', '.', '--format', 'sarif'], { cwd: folder }),
  ])) as [Said, Said];
  const line = lineOf('roles/cs.yaml', 'argumens:');
  const command = `::error file=site/roles/cs.yaml,line=${line},col=1,title=BERTH-005::unknown key argumens in the document%0Ahint: did you mean arguments?\n`;
  assert.equal([github.stdout, github.stderr, github.exitCode], [command, '', 1]);
  assert.equal([sarif.stderr, sarif.exitCode], ['', 1]);
  const { runs } = JSON.parse(sarif.stdout) as SarifLog;
  const [result] = runs[0]?.results ?? [];
  assert.is(result?.locations[0]?.physicalLocation.artifactLocation.uri, 'site/roles/cs.yaml');
  assert.equal(
    runs[0]?.tool.driver.rules.map(({ id, shortDescription }) => [id, shortDescription.text]),
    ruleTitles().map(({ id, title }) => [id, title]),
  );
});

test('warnings let it pass, but not with --strict', async () => {
  const { parent, folder } = siteWith();
  cpSync(path.join(folder, 'roles', 'ss.yaml'), path.join(folder, 'roles', 'spare.yaml'));
  const [mild, strict, json] = (await Promise.all([
    berth(['validate', 'site'], { cwd: parent }),
    berth(['validate', 'site', '--strict'], { cwd: parent }),
    berth(['validate', 'site', '--json', '--strict'], { cwd: parent }),
  ])) as [Said, Said, Said];
  for (const { stderr } of [mild, strict])
    assert.match(stderr, /^warning BERTH-404: .*\n +--> site\/roles\/spare\.yaml:/);
  assert.match(mild.stderr, /\n\n1 warning in 1 file\n$/);
  assert.match(strict.stderr, /\n\n1 warning in 1 file, and --strict takes none\n$/);
  assert.equal([mild.stdout, strict.stdout], ['tokyo0: 32 machines in 4 racks, valid, with warnings\n', '']);
  assert.is((JSON.parse(json.stdout) as { valid: boolean }).valid, false);
  assert.equal([mild.exitCode, strict.exitCode, json.exitCode], [0, 1, 1]);
});

test('a base: what may not become of it is found', async () => {
  const site = siteWith();
  site.commit('the site');
  const rack = path.join(site.folder, 'racks', 'r3.yaml');
  const lines = readFileSync(rack, 'utf8').split('\n');
  const gone = lines.findIndex((line) => line.includes('serial:'));
  writeFileSync(rack, lines.toSpliced(gone, 1).join('\n'));
  const [alone, since] = (await Promise.all([
    berth(['validate', 'site'], { cwd: site.parent }),
    berth(['validate', 'site', '--base', 'HEAD'], { cwd: site.parent }),
  ])) as [Said, Said];
  assert.equal([alone.exitCode, alone.stderr], [0, '']);
  assert.match(since.stderr, /^error BERTH-9\d\d: .*\n +--> site\//);
  assert.is(since.exitCode, 1);
});

test('a base: refs that are there, that have no site, that are not valid, and that are not there', async () => {
  const site = siteWith();
  site.git('init', '--quiet', '--initial-branch=main');
  site.git('commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', 'nothing');
  site.git('branch', 'empty');
  site.commit('the site');
  site.git('checkout', '--quiet', '-b', 'broken');
  site.replace('roles/cs.yaml', 'arguments:', 'argumens:');
  site.commit('broken');
  site.git('checkout', '--quiet', 'main');
  const holds = 'tokyo0: 32 machines in 4 racks, every rule holds\n';
  const note = 'berth: broken:site is no valid site repo: what changes since then is not checked\n';
  const rows: readonly (readonly [string, string, string, number])[] = [
    ['empty', holds, '', 0],
    ['broken', holds, note, 0],
  ];
  const [missing, ...all] = await Promise.all(
    ['missing', ...rows.map(([ref]) => ref)].map((ref) =>
      berth(['validate', 'site', '--base', ref], { cwd: site.parent }),
    ),
  );
  assert.equal(
    all.map(({ stdout, stderr, exitCode }) => [stdout, stderr, exitCode]),
    rows.map(([, ...expected]) => expected),
  );
  assert.match(missing?.stderr ?? '', /^berth: there is no branch, tag or commit missing here; is it fetched\?\n$/);
  assert.is(missing?.exitCode, 1);
});

test('a folder that is none, or is no site repo', async () => {
  const site = siteWith();
  const empty = path.join(site.parent, 'empty');
  mkdirSync(empty);
  const rows: readonly (readonly [readonly string[], string, string])[] = [
    [['empty'], site.parent, 'berth: empty is no site repo: it has no site.yaml\n'],
    [[], empty, 'berth: this folder is no site repo: it has no site.yaml\n'],
    [['missing', '--base', 'main'], site.parent, 'berth: there is no folder missing\n'],
  ];
  const all = await Promise.all(rows.map(([args, cwd]) => berth(['validate', ...args], { cwd })));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.is(stderr, rows[index]?.[2]);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test.run();
