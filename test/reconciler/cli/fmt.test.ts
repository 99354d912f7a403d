// berth fmt, as a user calls it.
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOfFile } from '../../../schema/document-kinds.ts';
import { formatDocument } from '../../../schema/format/format.ts';
import { example } from '../../schema/example-site.ts';
import { berth, SiteCopy } from './command.ts';

const copies: SiteCopy[] = [];
test.after(() => {
  for (const copy of copies) copy.remove();
});

/** The example in its canonical form, but for what is done to it. */
function siteWith(change: (copy: SiteCopy) => void = () => {}): SiteCopy {
  const copy = new SiteCopy();
  copies.push(copy);
  for (const [file, { bytes }] of example) {
    const kind = kindOfFile(file)?.name;
    const result = kind && formatDocument(kind, file, bytes);
    if (result?.outcome === 'formatted') writeFileSync(path.join(copy.folder, file), result.text);
  }
  change(copy);
  return copy;
}

function untidy(copy: SiteCopy): void {
  copy.replace('racks/r0.yaml', 'rack: 0', 'rack:   0');
  copy.replace('roles/cs.yaml', 'labels:\n  berth.dev/role: compute', "labels: {'berth.dev/role': compute}");
}

const textOf = (copy: SiteCopy, file: string): string => readFileSync(path.join(copy.folder, file), 'utf8');

test('what has another form is written, and named', async () => {
  const tidy = siteWith();
  const copy = siteWith(untidy);
  const { exitCode, stdout, stderr } = await berth(['fmt', 'site'], { cwd: copy.parent });
  assert.is(stdout, 'site/racks/r0.yaml\nsite/roles/cs.yaml\n');
  assert.is(stderr, '');
  assert.is(exitCode, 0);
  assert.is(textOf(copy, 'racks/r0.yaml'), textOf(tidy, 'racks/r0.yaml'));
  assert.match(textOf(copy, 'roles/cs.yaml'), /^labels: \{ berth\.dev\/role: compute \}$/m);
  const again = await berth(['fmt'], { cwd: copy.folder });
  assert.equal([again.stdout, again.stderr, again.exitCode], ['', '', 0]);
});

test('with --check and --diff nothing is written', async () => {
  const copy = siteWith(untidy);
  const before = textOf(copy, 'racks/r0.yaml');
  const [check, diff, inOrder] = await Promise.all([
    berth(['fmt', '--check'], { cwd: copy.folder }),
    berth(['fmt', '.', '--diff', 'racks'], { cwd: copy.folder }),
    berth(['fmt', '--check', '.', 'ignition'], { cwd: copy.folder }),
  ]);
  assert.is(check.stdout, 'racks/r0.yaml\nroles/cs.yaml\n');
  assert.is(check.stderr, '2 documents have another form than berth fmt gives\n');
  assert.is(check.exitCode, 1);
  assert.match(
    diff.stdout,
    /^--- racks\/r0\.yaml\n\+\+\+ racks\/r0\.yaml\n@@ .* @@\n(?:.*\n)*-rack: {3}0\n\+rack: 0\n/,
  );
  assert.not.match(diff.stdout, /roles/);
  assert.is(diff.exitCode, 1);
  assert.equal([inOrder.stdout, inOrder.stderr, inOrder.exitCode], ['', '', 0]);
  assert.is(textOf(copy, 'racks/r0.yaml'), before);
});

test('a file that cannot be read is left as it is, the others are written', async () => {
  const broken = 'labels: {a: b}\nos: [\n';
  const copy = siteWith((site) => {
    untidy(site);
    writeFileSync(path.join(site.folder, 'roles/cs.yaml'), broken);
  });
  const { exitCode, stdout, stderr } = await berth(['fmt', 'site'], { cwd: copy.parent });
  assert.is(stdout, 'site/racks/r0.yaml\n');
  assert.match(stderr, /site\/roles\/cs\.yaml:3:1/);
  assert.match(stderr, /BERTH-001/);
  assert.is(exitCode, 1);
  assert.is(textOf(copy, 'roles/cs.yaml'), broken);
  assert.match(textOf(copy, 'racks/r0.yaml'), /^rack: 0$/m);
});

test('a file is replaced as a whole and keeps its mode', async () => {
  const copy = siteWith(untidy);
  const file = path.join(copy.folder, 'racks/r0.yaml');
  chmodSync(file, 0o640);
  const { ino } = statSync(file);
  const beside = readdirSync(path.dirname(file));
  assert.is((await berth(['fmt', copy.folder])).exitCode, 0);
  assert.is(statSync(file).mode & 0o777, 0o640);
  assert.is.not(statSync(file).ino, ino);
  assert.equal(readdirSync(path.dirname(file)), beside);
});

test('a file that cannot be replaced is named, and left as it was', async () => {
  // With a draft's longer name beside it, the folder cannot have it.
  const name = `racks/${'r'.repeat(250)}.yaml`;
  const copy = siteWith(({ folder }) => writeFileSync(path.join(folder, name), 'rack:   7\n'));
  const { exitCode, stderr } = await berth(['fmt', copy.folder, name]);
  assert.ok(stderr.startsWith(`berth: ${copy.folder}/${name} is left as it was: ENAMETOOLONG`), stderr);
  assert.is(exitCode, 1);
  assert.is(textOf(copy, name), 'rack:   7\n');
  assert.equal(
    readdirSync(path.join(copy.folder, 'racks')).filter((file) => file.startsWith('.')),
    [],
  );
});

test('what cannot be looked at is not said to be missing', async () => {
  const copy = siteWith();
  symlinkSync('loop', path.join(copy.parent, 'loop'));
  const { exitCode, stderr } = await berth(['fmt', 'loop'], { cwd: copy.parent });
  assert.match(stderr, /^berth: ELOOP: [^\n]+\n$/);
  assert.is(exitCode, 1);
});

test('files and folders by themselves, from wherever the user stands', async () => {
  const rows: readonly (readonly [folder: string, args: readonly string[], written: string])[] = [
    ['', ['roles'], 'roles/cs.yaml\n'],
    ['racks', ['.'], '../racks/r0.yaml\n'],
    ['racks', ['../roles/cs.yaml', 'r1.yaml'], '../roles/cs.yaml\n'],
    ['..', ['site', 'racks/r0.yaml', 'site/roles'], 'site/racks/r0.yaml\nsite/roles/cs.yaml\n'],
  ];
  for (const { args, written, said } of await Promise.all(
    rows.map(async ([folder, args, written]) => {
      const copy = siteWith(untidy);
      return { args, written, said: await berth(['fmt', ...args], { cwd: path.join(copy.folder, folder) }) };
    }),
  )) {
    assert.equal([said.stdout, said.stderr, said.exitCode], [written, '', 0], args.join(' '));
  }
});

test('what is nowhere is said in one line', async () => {
  const copy = siteWith();
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['nowhere'], 'there is no nowhere'],
    [['site', 'racks/r9.yaml'], 'there is no racks/r9.yaml in site'],
    [['site', 'README.md'], 'README.md: no document of a site repo'],
    [['.'], '. is in no site repo: there is no site.yaml above it'],
  ];
  const all = await Promise.all(rows.map(([args]) => berth(['fmt', ...args], { cwd: copy.parent })));
  for (const [index, { exitCode, stderr }] of all.entries()) {
    assert.is(stderr, `berth: ${rows[index]?.[1]}\n`);
    assert.is(exitCode, 1);
  }
});

test.run();
