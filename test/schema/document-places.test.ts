// Where values, keys and the characters of texts stand, in every style in which YAML can write them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Document, Scalar } from 'yaml';
import type { Place } from '../../schema/diagnostic.ts';
import { parseDocument, type SiteDocumentFile, type ValuePath } from '../../schema/document.ts';
import { randomNumbers } from '../random.ts';

function documentOf(source: string): SiteDocumentFile<unknown> {
  const { document, diagnostics } = parseDocument('x.yaml', Buffer.from(source));
  if (!document) throw new Error(`${diagnostics[0]?.message} in ${JSON.stringify(source)}`);
  return document;
}

function show({ line, column }: Place): string {
  return `${line}:${column}`;
}

const source = `# comment
a: 1
list:
  - one
  -   two
  - { x: w, "z": [p, q] }
  -
empty:
block: |
  text
map:

  deep:
    - k: v
"quoted key" : 'v'
`;

const places: readonly (readonly [path: ValuePath, key: string, value: string])[] = [
  [[], '2:1', '2:1'],
  [['a'], '2:1', '2:4'],
  [['list'], '3:1', '4:3'],
  [['list', 0], '4:5', '4:5'],
  [['list', 1], '5:7', '5:7'],
  [['list', 2], '6:5', '6:5'],
  [['list', 2, 'x'], '6:7', '6:10'],
  [['list', 2, 'z'], '6:13', '6:18'],
  [['list', 2, 'z', 1], '6:22', '6:22'],
  [['list', 3], '7:4', '7:4'],
  [['block'], '9:1', '9:8'],
  [['map'], '11:1', '13:3'],
  [['map', 'deep', 0, 'k'], '14:7', '14:10'],
  [['quoted key'], '15:1', '15:16'],
  // What is not there stands where the nearest value above it does.
  [['list', 9], '3:1', '4:3'],
  [['list', 2, 'no', 'such'], '6:5', '6:5'],
  [['list', '0'], '3:1', '4:3'],
  [['a', 'b', 0], '2:1', '2:4'],
];

for (const [path, key, value] of places) {
  test(`the place of ${path.join('.') || 'the document'}`, () => {
    const document = documentOf(source);
    assert.is(show(document.placeOf(...path)), value);
    assert.is(show(document.placeOfKey(...path)), key);
  });
}

test('a key without a value stands at the end of the key', () => {
  const document = documentOf('empty:\nnext: 1\n');
  assert.is(show(document.placeOfKey('empty')), '1:1');
  assert.is(show(document.placeOf('empty')), '1:7');
});

test('a document without a value has a place all the same', () => {
  assert.is(show(documentOf('').placeOf('a', 0)), '1:1');
  assert.is(show(documentOf('# only this\n').placeOf()), '1:1');
});

/** Offset in the text of a place. */
function offsetOf(text: string, { line, column }: Place): number {
  return (
    text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length +
    (line > 1 ? 1 : 0) +
    column -
    1
  );
}

/**
 * Each character of the text at `path` that is no white space must be found where the source has it, and each later one
 * further on.
 */
function checkCharacters(text: string, ...path: ValuePath): void {
  const document = documentOf(text);
  let value = document.value as never;
  for (const step of path) value = value[step];
  let before = -1;
  for (const [index, character] of [...(value as string)].entries()) {
    if (/\s/.test(character)) continue;
    const offset = [...(value as string)].slice(0, index).join('').length;
    const at = offsetOf(text, document.placeInside(offset, ...path));
    assert.ok(at > before, `${index} of ${JSON.stringify(value)} comes after ${before}`);
    const written = text.slice(at);
    assert.ok(
      written.startsWith(character) || /^(\\|'')/.test(written),
      `${index} of ${JSON.stringify(text)}: ${written}`,
    );
    before = at;
  }
}

const styles: readonly (readonly [name: string, source: string])[] = [
  ['plain', 'k: a {{ b }} c # d\n'],
  ['plain in a flow map', '{ x: [1], k: a  b\n c, z: 2 }\n'],
  ['plain over lines', 'k: ab\n  cd\n\n\n   ef {{ x }}\n  g # no\n'],
  ['single quotes', "k:   'it''s {{ x }} ''y'''\n"],
  ['single quotes over lines', "k: 'a\n\n  b\n  c''d'\n"],
  ['double quotes', 'k: "a {{ x }} b"\n'],
  ['double quotes with escapes', 'k: "\\ta\\x41\\u00e9\\U0001F600\\n\\\\b\\"{{ x }}\\/"\n'],
  ['double quotes with white space in escapes', 'k: "a\\x20b\\u0009c\\ d\\\te"\n'],
  ['double quotes over lines', 'k: "a\\\n  b\n\n  c \\\n  \\ d {{ x }}"\n'],
  ['a literal block', 'k: |\n  a\n  {{ b }}\n'],
  ['a literal block whose first lines are empty', 'k: |\n\n \n  a\n\n  b\n'],
  ['a literal block that keeps its end', 'k: |+\n  a\n  b\n\n\nl: 1\n'],
  ['a literal block that drops its end', 'k: |-\n  a\n  b\n\n'],
  ['a literal block whose header says its indentation', 'k: |2\n    a\n  b\n   c {{ x }}\n'],
  ['a literal block with a comment at its header', 'k: |- # {{ z }}\n  a\n  {{ b }}\n'],
  ['a literal block in a list', '- - |\n    a\n     b\n- x\n'],
  ['a literal block with tabs', 'k: |\n  a\tb\n  \tc\n'],
  ['a folded block', 'k: >\n  a\n  b\n\n  c\n    d\n  e {{ x }}\n'],
  ['a folded block that drops its end', 'k: >-\n\n  a b\n  c\n\n\n'],
];

for (const [name, text] of styles) {
  test(`characters in ${name}`, () => {
    const path = text.startsWith('-') ? [0, 0] : ['k'];
    checkCharacters(text, ...path);
    checkCharacters(text.replaceAll('\n', '\r\n'), ...path);
  });
}

const inside: readonly (readonly [name: string, source: string, at: string, place: string])[] = [
  ['the third line of a block', 'k: |\n  a\n  b\n  {{ x }}\n', '{{', '4:3'],
  ['a block that its header indents', 'k: |2\n     a\n  {{ x }}\n', '{{', '3:3'],
  ['a line of a block that is indented further', 'k: |\n  a\n     {{ x }}\n', '{{', '3:6'],
  ['a folded line', 'k: >\n  a b\n  c {{ x }}\n', '{{', '3:5'],
  ['after an escape', 'k: "\\u0041\\n{{ x }}"\n', '{{', '1:13'],
  ['after a doubled quote', "k: 'a''b {{ x }}'\n", '{{', '1:10'],
  ['a plain text that goes on', 'k: a\n  {{ x\n', '{{', '2:3'],
];

for (const [name, text, at, place] of inside) {
  test(`inside: ${name}`, () => {
    const document = documentOf(text);
    const { k } = document.value as { k: string };
    assert.is(show(document.placeInside(k.indexOf(at), 'k')), place);
  });
}

test('white space and the end stand right behind the character before', () => {
  const document = documentOf('k: |\n  ab\n\n  c\nm: 12\ne: ""\n');
  assert.is(show(document.placeInside(2, 'k')), '2:5');
  assert.is(show(document.placeInside(3, 'k')), '2:5');
  assert.is(show(document.placeInside(99, 'k')), '4:4');
  assert.is(show(document.placeInside(5, 'm')), '5:4', 'a number is no text');
  assert.is(show(document.placeInside(0, 'e')), '6:4');
  assert.is(show(document.placeInside(7, 'missing')), '1:1');
});

test('characters of random texts in random styles', () => {
  const random = randomNumbers(7);
  const alphabet = [
    'a',
    'b',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '{{ x }}',
    "'",
    '"',
    '\\',
    '#',
    ': ',
    '- ',
    'é',
    '\u{1f600}',
    '\t',
    '|',
  ];
  for (let round = 0; round < 400; round++) {
    const text = Array.from({ length: 1 + random.below(30) }, () => random.pick(alphabet)).join('');
    const scalar = new Scalar(text);
    scalar.type = random.pick(['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const);
    const written = new Document({ list: [{ first: 1, k: scalar }] }).toString({ lineWidth: 20 + random.below(60) });
    checkCharacters(written, 'list', 0, 'k');
    checkCharacters(written.replaceAll('\n', '\r\n'), 'list', 0, 'k');
  }
});

test.run();
