// berth schema, and what it writes for editors.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonText, schemaAssociations, schemaPath, withModeline } from '../../../reconciler/cli/schema-editor.ts';
import { withSchemas } from '../../../reconciler/cli/schema-settings.ts';
import { editorFiles, writeEditorFiles } from '../../../reconciler/cli/schema-write.ts';
import { readFolder } from '../../../reconciler/source/folder.ts';
import { documentKinds, kindOfFile } from '../../../schema/document-kinds.ts';
import { berth, exampleFolder, type Said } from './command.ts';

const parent = mkdtempSync(path.join(tmpdir(), 'berth-schema-'));
test.after(() => rmSync(parent, { recursive: true, force: true }));

/** A folder of the tests' own that holds these files. */
function folderWith(name: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = path.join(parent, name);
  for (const [file, text] of Object.entries({ 'site.yaml': 'format: 1\n', ...files })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

test('every schema of the site repo is of a kind, and describes it', () => {
  const named = readdirSync('schema/site').map((file) => file.replace('.schema.json', ''));
  assert.equal(documentKinds.map(({ name }) => name).sort(), named.sort());
});

const files: readonly (readonly [string, string | undefined])[] = [
  ['site.yaml', 'site'],
  ['my-site.yaml', undefined],
  ['racks/r0.yaml', 'rack'],
  ['racks/.yaml', undefined],
  ['racks/a/r0.yaml', undefined],
  ['a/racks/r0.yaml', undefined],
  ['roles/cs.yaml', 'role'],
  ['roles/cs.yml', undefined],
  ['ignition/common/ignition.yaml', 'ignition'],
  ['ignition/common/etc/ignition.yaml', undefined],
  ['kubernetes/cluster.yaml', 'cluster'],
  ['kubernetes/resources/10-dns/coredns.yaml', 'resource'],
  ['trust/signers.yaml', 'signers'],
  ['trust/recipients.yaml', 'recipients'],
  ['README.md', undefined],
];

for (const [file, name] of files) {
  test(`${file} is ${name === undefined ? 'of no kind' : `a ${name}`}`, () => assert.is(kindOfFile(file)?.name, name));
}

test('the line for editors: put in, put right, left alone', () => {
  const rack = kindOfFile('racks/r0.yaml');
  assert.ok(rack);
  const line = '# yaml-language-server: $schema=../.vscode/berth/rack.schema.json\n';
  const texts = ['rack: 0\n', '# Rack 0.\nrack: 0\n', '', '\r\nrack: 0\r\n'];
  for (const text of texts) {
    const done = withModeline(text, 'racks/r0.yaml', rack);
    assert.is(done, `${line}${text}`);
    assert.is(withModeline(done, 'racks/r0.yaml', rack), done);
    assert.is(withModeline(`# yaml-language-server: $schema=elsewhere.json\n${text}`, 'racks/r0.yaml', rack), done);
  }
});

test('JSON is laid out for people', () => {
  const long = Array.from({ length: 12 }, (_, index) => `something-${index}`);
  const value = { list: ['a', 1, null], pairs: [['a', 'b']], maps: [{ a: 1 }], none: [], nothing: {}, long };
  const text = jsonText(value);
  assert.equal(JSON.parse(text), value);
  assert.is(
    text.slice(0, text.indexOf('  "long"')),
    [
      '{',
      '  "list": ["a", 1, null],',
      '  "pairs": [["a", "b"]],',
      '  "maps": [',
      '    {',
      '      "a": 1',
      '    }',
      '  ],',
      '  "none": [],',
      '  "nothing": {},',
      '',
    ].join('\n'),
  );
  assert.ok(text.includes('"long": [\n    "something-0",\n'));
});

const associations = { '.vscode/berth/site.schema.json': ['/site.yaml'] };
const mapped = '    ".vscode/berth/site.schema.json": ["/site.yaml"]';

const settings: readonly (readonly [name: string, before: string | undefined, after: string | null])[] = [
  ['none', undefined, `{\n  "yaml.schemas": {\n${mapped}\n  }\n}\n`],
  ['an empty file', '\n', `{\n  "yaml.schemas": {\n${mapped}\n  }\n}\n`],
  ['an empty map', '{}', `{\n  "yaml.schemas": {\n${mapped}\n  }\n}`],
  ['other settings', '{\n  "a": [1,  2]\n}\n', `{\n  "yaml.schemas": {\n${mapped}\n  },\n  "a": [1,  2]\n}\n`],
  [
    'comments, strings that look like them, and a comma too many',
    '// { "yaml.schemas": {} }\n{\n  /* { */ "a": "// b", // c\n}\n',
    `// { "yaml.schemas": {} }\n{\n  "yaml.schemas": {\n${mapped}\n  },\n  /* { */ "a": "// b", // c\n}\n`,
  ],
  [
    'other schemas, with a comment',
    '{\n  "yaml.schemas": {\n    // ours\n    "x.json": "x.yaml"\n  }\n}\n',
    `{\n  "yaml.schemas": {\n${mapped},\n    // ours\n    "x.json": "x.yaml"\n  }\n}\n`,
  ],
  [
    'no schemas yet, with a comment',
    '{\n  // none\n  "yaml.schemas": {}\n}\n',
    `{\n  // none\n  "yaml.schemas": {\n${mapped}\n  }\n}\n`,
  ],
  [
    'those of another version',
    '{"yaml.schemas":{".vscode/berth/old.schema.json":["/old.yaml"],"x.json":"x.yaml"},"a":1}',
    `{\n  "yaml.schemas": {\n${mapped},\n    "x.json": "x.yaml"\n  },\n  "a": 1\n}\n`,
  ],
  [
    'those of another version, with a comment',
    '{ // a\n "yaml.schemas": {".vscode/berth/old.schema.json": []} }',
    null,
  ],
  ['no JSON', '{ "a": }', null],
  ['no map', '[]', null],
  ['schemas that are no map', '{ "yaml.schemas": [] }', null],
];

for (const [name, before, after] of settings) {
  test(`settings: ${name}`, () => {
    assert.is(withSchemas(before, associations), after);
    if (after !== null) assert.is(withSchemas(after, associations), after, 'and no more after that');
  });
}

test('settings: a schema more than there were stands there once, and so do the others', () => {
  const [one, two] = [{ '.vscode/berth/a.schema.json': ['/a'] }, { '.vscode/berth/b.schema.json': ['/b'] }];
  const plain = '{\n  "x": 1\n}\n';
  assert.is(withSchemas(withSchemas(plain, one) ?? '', { ...one, ...two }), withSchemas(plain, { ...one, ...two }));
});

test('the example has what is current, and so have its documents', async () => {
  for (const [file, text] of editorFiles()) assert.is(readFileSync(path.join(exampleFolder, file), 'utf8'), text, file);
  const copy = path.join(parent, 'example');
  cpSync(exampleFolder, copy, { recursive: true });
  assert.equal(writeEditorFiles(copy, await readFolder(copy)), []);
});

test('a document that is no text is left alone', async () => {
  const folder = folderWith('latin1');
  mkdirSync(path.join(folder, 'racks'));
  writeFileSync(path.join(folder, 'racks', 'r0.yaml'), Buffer.from('# caf\u00e9\n', 'latin1'));
  const written = writeEditorFiles(folder, await readFolder(folder));
  assert.ok(written.includes('site.yaml'));
  assert.not.ok(written.includes('racks/r0.yaml'));
});

test('a list of kinds, and one of them', async () => {
  const [list, rack, typo, nothing] = (await Promise.all([
    berth(['schema']),
    berth(['schema', 'rack']),
    berth(['schema', 'racks']),
    berth(['schema', 'xyzzy']),
  ])) as [Said, Said, Said, Said];
  const rows = list.stdout.split('\n\n')[0]?.split('\n') ?? [];
  assert.equal(
    rows.map((row) => row.split(/ {2,}/).slice(0, 2)),
    documentKinds.map(({ name, glob }) => [name, glob]),
  );
  for (const row of rows) assert.match(row, / {2}\S.{15}/);
  assert.equal(JSON.parse(rack.stdout), JSON.parse(readFileSync('schema/site/rack.schema.json', 'utf8')));
  assert.equal([typo.exitCode, typo.stderr], [1, 'berth: there is no kind racks; did you mean rack?\n']);
  assert.match(nothing.stderr, /^berth: there is no kind xyzzy; there are site, rack, /);
});

test('written into a site repo, once', async () => {
  const folder = folderWith('written', { 'racks/r0.yaml': 'rack: 0\n', '.vscode/settings.json': '{ "a": 1 }\n' });
  const first = await berth(['schema', '--write', 'written', '--modelines'], { cwd: parent });
  const wrote = [...documentKinds.map(schemaPath), '.vscode/settings.json', 'racks/r0.yaml', 'site.yaml'].sort();
  assert.is(first.stdout, wrote.map((file) => `wrote written/${file}\n`).join(''));
  assert.equal([first.exitCode, first.stderr], [0, '']);
  const said = readFileSync(path.join(folder, '.vscode/settings.json'), 'utf8');
  assert.equal(JSON.parse(said), { 'yaml.schemas': schemaAssociations(documentKinds), a: 1 });
  assert.match(
    readFileSync(path.join(folder, 'site.yaml'), 'utf8'),
    /^# yaml-language-server: \$schema=\.vscode\/berth\/site/,
  );

  const second = await berth(['schema', '--write'], { cwd: folder });
  assert.equal([second.exitCode, second.stdout], [0, 'everything is up to date\n']);
});

test('what it does not do: exit 1, and nothing is written', async () => {
  const broken = folderWith('broken', { '.vscode/settings.json': '{ "a": }\n' });
  const empty = path.join(parent, 'empty');
  mkdirSync(empty);
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [['--write', 'broken'], /^berth: \.vscode\/settings\.json cannot be changed .*:\n\{\n {2}"yaml\.schemas": \{\n/],
    [['--write', 'empty'], /^berth: empty is no site repo: it has no site\.yaml\n$/],
    [['--write', 'missing'], /^berth: there is no folder missing\n$/],
    [['--modelines'], /^berth: --modelines goes with --write\n$/],
    [['rack', '--write', 'broken'], /^berth: --write writes the schemas of all kinds: name none\n$/],
  ];
  const all = await Promise.all(rows.map(([args]) => berth(['schema', ...args], { cwd: parent })));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.match(stderr, rows[index]?.[1] as RegExp);
    assert.equal([exitCode, stdout], [1, '']);
  }
  assert.equal(readdirSync(broken).sort(), ['.vscode', 'site.yaml']);
  assert.equal(readdirSync(path.join(broken, '.vscode')), ['settings.json']);
  assert.equal(readdirSync(empty), []);
});

test.run();
