import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeText, maxFileBytes, maxFindingsPerFile, parseDocument } from '../../schema/document.ts';

const file = 'racks/r0.yaml';

/** The value, or what is wrong as `rule line:column message`. */
function read(source: string | Uint8Array): unknown {
  const { document, diagnostics } = parseDocument(file, Buffer.from(source));
  if (document) return document.value;
  return diagnostics.map(({ rule, place, message }) => {
    assert.is(place.file, file);
    return `${rule} ${place.line}:${place.column} ${message}`;
  });
}

const notAllowed = 'is not allowed in a site repo';

const refused: readonly (readonly [name: string, source: string | Uint8Array, findings: readonly string[]])[] = [
  ['a key twice', 'a: 1\nb: 2\na: 3\n', ['BERTH-002 3:1 the key a stands twice in this map']],
  ['a key twice in a flow map', 'x: {b: 1, "b": 2}\n', ['BERTH-002 1:11 the key b stands twice in this map']],
  ['a key three times', 'a: 1\na: 2\na: 3\n', [2, 3].map((n) => `BERTH-002 ${n}:1 the key a stands twice in this map`)],
  ['an anchor', 'a: &x 1\n', [`BERTH-003 1:7 the anchor &x ${notAllowed}`]],
  ['an anchor at a key', '&x a: 1\n', [`BERTH-003 1:4 the anchor &x ${notAllowed}`]],
  [
    'an alias',
    'a: &x [1]\nb: *x\n',
    [`BERTH-003 1:7 the anchor &x ${notAllowed}`, `BERTH-003 2:4 the alias *x ${notAllowed}`],
  ],
  ['an alias as a key', '*x : 1\n', [`BERTH-003 1:1 a key that is no text ${notAllowed}`]],
  ['a tag of the core schema', 'a: !!str 1\n', [`BERTH-003 1:10 the tag tag:yaml.org,2002:str ${notAllowed}`]],
  ['a tag at a key', '!!str 1: a\n', [`BERTH-003 1:7 the tag tag:yaml.org,2002:str ${notAllowed}`]],
  ['a tag at a map', 'a: !!map {}\n', [`BERTH-003 1:10 the tag tag:yaml.org,2002:map ${notAllowed}`]],
  ['a tag of its own', 'a: !vault x\n', [`BERTH-003 1:11 the tag !vault ${notAllowed}`]],
  ['the non-specific tag', 'a: ! 1\n', [`BERTH-003 1:6 the tag ! ${notAllowed}`]],
  ['a %YAML directive', '# c\n%YAML 1.1\n---\na: 1\n', [`BERTH-003 2:1 a directive ${notAllowed}`]],
  ['a %TAG directive', '%TAG !e! tag:example.com,2026:\n---\na: 1\n', [`BERTH-003 1:1 a directive ${notAllowed}`]],
  ['a directive and nothing else', '%YAML 1.2\n', [`BERTH-003 1:1 a directive ${notAllowed}`]],
  ['a second document', 'a: 1\n---\nb: 2\n', [`BERTH-003 2:1 a second YAML document ${notAllowed}`]],
  ['a second document after an end', 'a: 1\n...\nb: 2\n', [`BERTH-003 3:1 a second YAML document ${notAllowed}`]],
  ['two empty documents', '---\n---\n', [`BERTH-003 2:1 a second YAML document ${notAllowed}`]],
  ['a merge key', 'a: {x: 1}\nb:\n  <<: {y: 2}\n', [`BERTH-003 3:3 the key << ${notAllowed}`]],
  ['a merge key in quotes', '"<<": 1\n', [`BERTH-003 1:1 the key << ${notAllowed}`]],
  ['__proto__', 'a:\n  __proto__: {b: 1}\n', [`BERTH-003 2:3 the key __proto__ ${notAllowed}`]],
  ['a number as a key', 'a:\n  22: ssh\n', [`BERTH-003 2:3 the key 22, which is no text, ${notAllowed}`]],
  ['null as a key', ': 1\n', [`BERTH-003 1:1 the key null, which is no text, ${notAllowed}`]],
  ['a boolean as a key', 'true: 1\n', [`BERTH-003 1:1 the key true, which is no text, ${notAllowed}`]],
  ['a list as a key', '? [a]\n: 1\n', [`BERTH-003 1:3 a key that is no text ${notAllowed}`]],
  [
    'what YAML 1.1 takes for more',
    'a: yes\nb: Off\nc: 12:30:45\nd: 1_000\ne: 0b11\n"f": y\nno: 1\n',
    [
      ['1:4 the bare yes', 'a boolean'],
      ['2:4 the bare Off', 'a boolean'],
      ['3:4 the bare 12:30:45', 'a number'],
      ['4:4 the bare 1_000', 'a number'],
      ['5:4 the bare 0b11', 'a number'],
      ['6:6 the bare y', 'a boolean'],
      ['7:1 the bare no', 'a boolean'],
    ].map(([what, meaning]) => `BERTH-003 ${what}, which older readers of YAML take for ${meaning}, ${notAllowed}`),
  ],
  [
    'numbers that are not what they seem',
    'a: 010\nb: 0x1F\nc: 0o17\nd: 1e3\ne: 1.0\nf: +1\ng: -0\nh: .inf\n',
    ['010, which reads as 10', '0x1F, which reads as 31', '0o17, which reads as 15', '1e3, which reads as 1000']
      .concat([
        '1.0, which reads as 1',
        '+1, which reads as 1',
        '-0, which reads as 0',
        '.inf, which reads as Infinity',
      ])
      .map((what, index) => `BERTH-003 ${index + 1}:4 the number ${what}, ${notAllowed}`),
  ],
  [
    'numbers too large to be exact',
    'a: 9007199254740992\nb: 12345678901234567890\n',
    [
      `BERTH-003 1:4 the number 9007199254740992, which reads as 9007199254740992, ${notAllowed}`,
      `BERTH-003 2:4 the number 12345678901234567890, which reads as 12345678901234567000, ${notAllowed}`,
    ],
  ],
  ['half of a surrogate pair', 'a: "x\\ud83d"\n', [`BERTH-003 1:4 half of a surrogate pair ${notAllowed}`]],
  ['a NUL', 'a: b\nc: "x\0"\n', [`BERTH-003 2:6 the character U+0000 ${notAllowed}`]],
  ['an escape sequence in a comment', '# \x1b[2K\na: 1\n', [`BERTH-003 1:3 the character U+001B ${notAllowed}`]],
  ['text that runs backwards', 'a: "x" # \u202ey\n', [`BERTH-003 1:10 the character U+202E ${notAllowed}`]],
  ['a carriage return by itself', 'a: 1\rb: 2\n', [`BERTH-003 1:5 the character U+000D ${notAllowed}`]],
  ['a byte order mark inside', 'a: 1\n\ufeffb: 2\n', [`BERTH-003 2:1 the character U+FEFF ${notAllowed}`]],
  ['tabs as indentation', 'a:\n\tb: 1\n', ['BERTH-001 2:1 Tabs are not allowed as indentation']],
  ['a double quote that is not closed', 'a: 1\nb: "x\nc: 2\n', ['BERTH-001 2:4 the text that this " opens has no end']],
  ['a single quote that is not closed', "a: [x, 'y]\nb: 1\n", ["BERTH-001 1:8 the text that this ' opens has no end"]],
  ['keys out of line', 'a:\n  b: 1\n c: 2\n', ['BERTH-001 3:1 All mapping items must start at the same column']],
  ['a reserved character', 'a: @x\n', ['BERTH-001 1:4 Plain value cannot start with reserved character @']],
  ['lists without end', '['.repeat(100_000), [`BERTH-003 1:65 a nesting as deep as this ${notAllowed}`]],
  [
    'lists in lists on one line',
    `${'- '.repeat(5000)}a\n`,
    [`BERTH-003 1:128 a nesting as deep as this ${notAllowed}`],
  ],
  ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), ['BERTH-004 1:1 the file is not UTF-8 text']],
  ['Latin-1', Buffer.from('a: \xe9\n', 'latin1'), ['BERTH-004 1:1 the file is not UTF-8 text']],
  [
    'a file too large',
    `#${'x'.repeat(maxFileBytes)}`,
    [`BERTH-004 1:1 the file has ${maxFileBytes + 1} bytes, more than the ${maxFileBytes} that are read`],
  ],
];

for (const [name, source, findings] of refused) test(`refused: ${name}`, () => assert.equal(read(source), findings));

const taken: readonly (readonly [name: string, source: string, value: unknown])[] = [
  ['an empty file', '', null],
  ['a document end and nothing else', '...\n', null],
  ['comments alone', '# a\n\n# b\n', null],
  ['a document start', '---\na: 1\n', { a: 1 }],
  ['a byte order mark at the start', '\ufeffa: 1\n', { a: 1 }],
  ['line ends of Windows', 'a: 1\r\nb: |\r\n  x\r\n  y\r\n', { a: 1, b: 'x\ny\n' }],
  ['the core schema', 'a: [true, null, ~, 12, -3, 1.5]\n', { a: [true, null, null, 12, -3, 1.5] }],
  ['a date', 'a: 2026-01-02\n', { a: '2026-01-02' }],
  ['what other schemas take for more, in quotes', 'a: ["yes", \'on\', "12:30:45"]\n', { a: ['yes', 'on', '12:30:45'] }],
  ['a MAC address of digits', 'a: 02:10:20:30:40:50\n', { a: '02:10:20:30:40:50' }],
  ['a key without a value', 'a:\nb: {c}\n', { a: null, b: { c: null } }],
  ['keys that every object has', 'constructor: 1\ntoString: 2\n', { constructor: 1, toString: 2 }],
  ['control characters as escapes', 'a: "\\0\\e\\u202e"\n', { a: '\0\u001b\u202e' }],
  ['quotes inside of blocks', 'a: |\n  "x\nb: >\n  \'y\nc: x "y\n', { a: '"x\n', b: "'y\n", c: 'x "y' }],
  ['sixty lists in lists', `${'['.repeat(60)}${']'.repeat(60)}`, nested(60)],
];

function nested(levels: number): unknown {
  return levels === 0 ? undefined : levels === 1 ? [] : [nested(levels - 1)];
}

for (const [name, source, value] of taken) test(`taken: ${name}`, () => assert.equal(read(source), value));

test('places count from the first character after a byte order mark, and lines end alike everywhere', () => {
  assert.equal(read('\ufeffa: 1\na: 2\n'), ['BERTH-002 2:1 the key a stands twice in this map']);
  assert.equal(read('\ufeffa: &x 1\n'), [`BERTH-003 1:7 the anchor &x ${notAllowed}`]);
  assert.equal(read('a: |\r\n  x\r\nb: 1\r\na: 2\r\n'), ['BERTH-002 4:1 the key a stands twice in this map']);
});

test('columns count UTF-16 code units', () => {
  assert.equal(read('"\u{1f680}é": &x 1\n'), [`BERTH-003 1:11 the anchor &x ${notAllowed}`]);
});

test('a file of nothing but faults gives a readable number of findings', () => {
  assert.is((read('a: *b\n'.repeat(1000)) as unknown[]).length, maxFindingsPerFile);
});

test('of errors in the syntax the first is said, which the others mostly follow from', () => {
  assert.equal(read(`a: 1\n${']'.repeat(5000)}\n`), [
    'BERTH-001 2:1 Unexpected flow-seq-end token in YAML stream: "]"',
  ]);
  const moved = 'files:\n    - a: 1\n  b: 2\n    - c: 3\n';
  assert.equal(read(moved), ['BERTH-001 3:1 All mapping items must start at the same column']);
});

test('a map of 30,000 keys is read', () => {
  const source = Array.from({ length: 30_000 }, (_, index) => `key${index}: ${index}\n`).join('');
  const value = read(source) as Record<string, number>;
  assert.is(Object.keys(value).length, 30_000);
  assert.is(value.key29999, 29_999);
});

test('every short text of the characters that mean something to YAML is read or refused', () => {
  const characters = [...'?:-,[]{}#&*!|>\'"%@ \na'];
  let texts = [''];
  for (let length = 1; length <= 3; length++) {
    texts = texts.flatMap((text) => characters.map((character) => text + character));
    for (const text of texts) {
      const { document, diagnostics } = parseDocument(file, Buffer.from(text));
      assert.is(document === null, diagnostics.length > 0, JSON.stringify(text));
      const lines = text.split('\n');
      for (const { place } of diagnostics) {
        assert.ok(
          place.column <= (lines[place.line - 1]?.length ?? -1) + 1,
          `${JSON.stringify(text)} at ${place.line}:${place.column}`,
        );
      }
    }
  }
});

test('hints say what to do', () => {
  const hint = (source: string): string | undefined => parseDocument(file, Buffer.from(source)).diagnostics[0]?.hint;
  assert.is(hint('a:\n\tb: 1\n'), 'indent with spaces');
  assert.is(hint('1: a\n'), 'put the key into quotes');
  assert.is(hint('a: 1\n---\nb: 1\n'), 'put it into a file of its own');
  assert.is(hint('a: 1\na: 2\n'), 'remove one of the two');
  assert.is(hint('a: 007\n'), 'write it in plain decimal digits, or put it into quotes if it is text');
});

test('files beside documents keep every byte, a byte order mark too', () => {
  const bytes = Buffer.from('\ufeffx\r\n\0');
  const decoded = decodeText('ignition/cs/x', bytes);
  assert.ok('text' in decoded);
  assert.equal(Buffer.from(decoded.text), bytes);
});

test.run();
