// Whatever hand a document is written in, formatting keeps what it says and every comment, and settles at once.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocuments } from '../../../schema/document.ts';
import { kindOfFile } from '../../../schema/document-kinds.ts';
import { formatDocument } from '../../../schema/format/format.ts';
import type { SiteFiles } from '../../../schema/load.ts';
import { generateSite } from '../../bench/generated-site.ts';
import { randomNumbers } from '../../random.ts';
import { example } from '../example-site.ts';
import { oddMap } from './odd-values.ts';
import { restyled } from './restyle.ts';

function formatted(file: string, text: string): string {
  const result = formatDocument(kindOfFile(file)?.name ?? 'site', file, Buffer.from(text));
  assert.is(result.outcome, 'formatted', `${JSON.stringify(result)}\n${text}`);
  return result.outcome === 'formatted' ? result.text : '';
}

function valuesOf(file: string, text: string): unknown[] {
  const { documents, diagnostics } = parseDocuments(file, Buffer.from(text));
  assert.equal(diagnostics, [], text);
  return documents.map(({ value }) => value);
}

/** Each document in so many hands. */
function checkRestyled(files: SiteFiles, seeds: number): number {
  let checked = 0;
  for (const [file, { bytes }] of files) {
    if (!kindOfFile(file)) continue;
    const values = valuesOf(file, Buffer.from(bytes).toString());
    for (let seed = 0; seed < seeds; seed++, checked++) check(file, values, seed);
  }
  return checked;
}

function check(file: string, values: readonly unknown[], seed: number): void {
  const { text, comments } = restyled(values, randomNumbers(seed));
  const label = `${file}, seed ${seed}:\n${text}`;
  assert.equal(valuesOf(file, text), values, label);
  const once = formatted(file, text);
  assert.equal(valuesOf(file, once), values, label);
  for (const comment of comments) assert.is(once.split(`${comment}\n`).length, 2, `${comment} in ${label}\n${once}`);
  assert.is(formatted(file, once), once, label);
}

interface Row {
  readonly name: string;
  readonly file?: string;
  readonly from: string;
  /** The same as `from` where it is not said. */
  readonly to?: string;
}

const machine = '{ serial: S1, slot: 4, role: cs, macs: [02:be:00:00:04:01], bmc: { type: redfish } }';
const tooLong = '02:be:00:00:04:01, 02:be:00:00:04:02, 02:be:00:00:04:03, 02:be:00:00:04:04';

const rows: readonly Row[] = [
  // The order of keys
  { name: 'keys as in the schema', from: 'site: a\nformat: 1\n', to: 'format: 1\nsite: a\n' },
  { name: 'names as they are written', file: 'roles/a.yaml', from: 'labels:\n  z: a\n  a: z\n' },
  {
    name: 'below a reference of the schema',
    from: 'network:\n  bmc: { gateway: 10.0.0.1, pool: 10.0.0.0/8 }\n',
    to: 'network:\n  bmc: { pool: 10.0.0.0/8, gateway: 10.0.0.1 }\n',
  },
  { name: 'unknown keys last', from: 'wrong: 1\nsite: a\n', to: 'site: a\nwrong: 1\n' },
  {
    name: 'a Kubernetes object begins as all do',
    file: 'kubernetes/resources/10-a/a.yaml',
    from: '---\nspec: {}\nmetadata: { namespace: b, name: a }\nkind: Pod\ndata: {}\napiVersion: v1\n',
    to: 'apiVersion: v1\nkind: Pod\nmetadata: { namespace: b, name: a }\nspec: {}\ndata: {}\n',
  },
  {
    name: 'several of them',
    file: 'kubernetes/resources/10-a/a.yaml',
    from: '# a\n---\na: 1\n...\n# b\n---\n# c\n---\nb: 1\n---\n',
    to: '# a\na: 1\n---\n# b\n# c\nb: 1\n',
  },
  // Comments
  {
    name: 'a comment goes where its line goes',
    from: 'a: 1\n# of the site\nsite: a # its name\n',
    to: '# of the site\nsite: a # its name\na: 1\n',
  },
  { name: 'the top stays at the top', from: '# Of all.\nsite: a\nformat: 1\n', to: '# Of all.\nformat: 1\nsite: a\n' },
  {
    name: 'but not its last paragraph',
    from: '# Of all.\n\n# Of the site.\nsite: a\nformat: 1\n',
    to: '# Of all.\n\nformat: 1\n\n# Of the site.\nsite: a\n',
  },
  { name: 'a comment that goes on below', from: 'site: a # one\n        # two\nx: 1\n' },
  { name: 'behind a key', from: 'network: # one\n  # two\n  spines: [a]\n' },
  { name: 'behind a dash', from: 'x:\n  - # one\n    a: 1\n' },
  { name: 'behind the mark of a block of text', from: 'x: | # one\n  two\n' },
  { name: 'at the end of a map and of all', from: 'network:\n  x: 1\n  # one\n# two\n' },
  { name: 'nothing but comments', from: '\n\n# one\n\n\n# two', to: '# one\n\n# two\n' },
  {
    name: 'within brackets',
    from: 'dns: [ # one\n  10.0.0.1, # two\n  # three\n  10.0.0.2 # four\n  # five\n] # six\n',
    to: 'dns: # six\n  # one\n  - 10.0.0.1 # two\n  # three\n  - 10.0.0.2 # four\n  # five\n',
  },
  { name: 'within empty brackets', from: 'x: 1\ndns: [\n  # one\n]\n', to: '# one\ndns: []\nx: 1\n' },
  // Lines
  { name: 'at most one blank line', from: 'format: 1\n\n\n  \nsite: a\n', to: 'format: 1\n\nsite: a\n' },
  { name: 'none at the ends', from: '\n\nformat: 1\n\n\n', to: 'format: 1\n' },
  { name: 'none below a key', from: 'x:\n\n  - a\n\n  - b\n', to: 'x:\n  - a\n\n  - b\n' },
  {
    name: 'LF alone, and no byte order mark',
    from: '\ufeffformat: 1\r\nx: |\r\n  a\r\n',
    to: 'format: 1\nx: |\n  a\n',
  },
  { name: 'two spaces', from: 'x:\n- a\n-   - b\n    - c\n', to: 'x:\n  - a\n  - - b\n    - c\n' },
  { name: 'flow style on one line', from: 'x: {a:   [1,\n  2], }\n', to: 'x: { a: [1, 2] }\n' },
  { name: 'pairs in brackets', from: 'x: [a: 1, b]\n', to: 'x: [{ a: 1 }, b]\n' },
  { name: 'explicit keys', from: '? x\n: ? a\n  : 1\n', to: 'x:\n  a: 1\n' },
  { name: 'null as it is written', from: 'x:\nw: ~\nz: { a: , b: null }\n', to: 'x:\nw: ~\nz: { a: null, b: null }\n' },
  // Machines
  {
    name: 'a machine that fits is a line',
    file: 'racks/r0.yaml',
    from: 'machines:\n  - slot: 4\n    serial: S1\n    role: cs\n\n    macs:\n      - 02:be:00:00:04:01\n    bmc:\n      type: redfish\n',
    to: `machines:\n  - ${machine}\n`,
  },
  {
    name: 'a machine that does not fit is several',
    file: 'racks/r0.yaml',
    from: `machines:\n  - { serial: S1, slot: 4, role: cs, macs: [${tooLong}], bmc: { type: redfish } } # why\n`,
    to: `machines:\n  - # why\n    serial: S1\n    slot: 4\n    role: cs\n    macs: [${tooLong}]\n    bmc: { type: redfish }\n`,
  },
  {
    name: 'a machine with a comment in it is several, too',
    file: 'racks/r0.yaml',
    from: 'machines:\n  - serial: S1 # broken\n    slot: 4\n',
  },
  {
    name: 'machines stay in their order',
    file: 'racks/r0.yaml',
    from: `machines:\n  - { slot: 9 }\n  - { slot: 4 }\n`,
  },
  // Scalars
  { name: 'quotes that are not needed', from: `'site': "tokyo0"\nx: 'a b'\n`, to: 'site: tokyo0\nx: a b\n' },
  {
    name: 'quotes that are, as they are written',
    from: `a: '0644'\nb: "1.31"\nc: 'no'\nd: '12:34:56:12:34:56'\ne: "2026-01-31"\nf: ''\ng: '{{ x }}'\nh: 'a: b'\n`,
  },
  {
    name: 'no quotes where nobody would',
    from: 'a: 02:be:00:00:04:01\nb: -x\nc: a#b\nd: http://x:3128\ne: 1.31.6\nf: 2026-01-31\n',
  },
  {
    name: 'quotes within quotes',
    from: `a: "'so' \\"it\\" is"\nb: '"it''s"'\nc: '"\n\n  so"'\n`,
    to: `a: "'so' \\"it\\" is"\nb: '"it''s"'\nc: "\\"\\nso\\""\n`,
  },
  {
    name: 'commas in brackets alone need quotes',
    from: `a: "b, c"\nd: ["b, c"]\n`,
    to: `a: b, c\nd: ["b, c"]\n`,
  },
  {
    name: 'what is not seen stays an escape',
    from: 'a: "\\u200b\\u00a0\\x07\\u00e9"\n',
    to: 'a: "\\u200b\\u00a0\\u0007é"\n',
  },
  { name: 'text over several lines that fits one', from: 'a: b\n  c\nd: "e\n  f"\n', to: 'a: b c\nd: e f\n' },
  {
    name: 'text over several lines that does not',
    from: `a:\n  ${'word '.repeat(30)}\n    end # why\n`,
    to: `a: ${'word '.repeat(22)}word\n  ${'word '.repeat(7)}end # why\n`,
  },
  { name: 'a long line as it is', from: `a: ${'word '.repeat(30)}end\n` },
  {
    name: 'blocks of text',
    from: 'a: |\n    b\n     c\n\n    d\ne: >-\n f\n g\n',
    to: 'a: |\n  b\n   c\n\n  d\ne: >-\n  f\n  g\n',
  },
  {
    name: 'a blank line below a block of text',
    from: 'a: |\n  b\n\n\nc: |+\n  d\n\n\ne: 1\n',
    to: 'a: |\n  b\n\nc: |+\n  d\n\n\ne: 1\n',
  },
  { name: 'a block of text that begins with spaces', from: 'a: |4\n      b\n    c\n', to: 'a: |2\n    b\n  c\n' },
  { name: 'a block of text without end of line', from: 'a: |\n  b', to: 'a: |\n  b\n' },
];

for (const { name, file = 'site.yaml', from, to = from } of rows) {
  test(name, () => {
    assert.is(formatted(file, from), to);
    assert.is(formatted(file, to), to);
  });
}

test('what cannot be read comes back with its place', () => {
  for (const [text, rule] of [
    ['a: [', 'BERTH-001'],
    ['a: 1\na: 2\n', 'BERTH-002'],
    ['a: 010\n', 'BERTH-003'],
    ['a: 1\n---\nb: 2\n', 'BERTH-003'],
  ] as const) {
    const result = formatDocument('site', 'site.yaml', Buffer.from(text));
    assert.equal(result.outcome === 'unreadable' && result.diagnostics.map((found) => found.rule), [rule], text);
  }
});

test('the example has its canonical form', () => {
  for (const [file, { bytes }] of example) {
    const text = Buffer.from(bytes).toString();
    if (kindOfFile(file)) assert.fixture(formatted(file, text), text, file);
  }
});

test('the example in any hand', () => {
  assert.ok(checkRestyled(example, 12) > 150);
});

test('a generated site in any hand', () => {
  const files = generateSite(example, { machines: 60, racks: 4 });
  assert.ok(checkRestyled(new Map([...files].filter(([file]) => /^(site|racks)/.test(file))), 6) >= 30);
});

test('values that are hard to write down, in any hand', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = randomNumbers(seed);
    check('kubernetes/resources/10-odd/odd.yaml', [oddMap(random), oddMap(random)], seed);
  }
});

test.run();
