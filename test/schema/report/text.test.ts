// Findings as text, as people see them: golden rows.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../schema/diagnostic.ts';
import { ansi } from '../../../schema/report/palette.ts';
import { textReport } from '../../../schema/report/text.ts';

const source = [
  'number: 1',
  'machines:',
  '  - { slot: 4, serial: S1 }',
  '\t\tslot: 4',
  "name: '試験': x",
  'a: e\u0301\u0301 b',
  'esc: \u001b[2J',
  `long: ${'x'.repeat(300)} y ${'z'.repeat(300)}`,
  'last',
].join('\n');

function at(line: number, column: number, parts: Partial<Diagnostic> = {}): Diagnostic {
  const place = { file: 'racks/r1.yaml', line, column };
  return { rule: 'BERTH-014', severity: 'error', place, message: 'slot 4 is given twice', ...parts };
}

const report = (...diagnostics: readonly Diagnostic[]) => textReport(diagnostics, { sourceOf: () => source });

for (const [name, diagnostic, text] of [
  [
    'with a hint',
    at(3, 5, { hint: 'the next free one is 7' }),
    `error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:3:5
  |
3 |   - { slot: 4, serial: S1 }
  |     ^
  = hint: the next free one is 7
`,
  ],
  [
    'a warning without one',
    at(1, 9, { severity: 'warning' }),
    `warning BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:1:9
  |
1 | number: 1
  |         ^
`,
  ],
  [
    'tabs reach to the next stop',
    at(4, 3),
    `error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:4:3
  |
4 |         slot: 4
  |         ^
`,
  ],
  [
    'East Asian letters take two columns',
    at(5, 12),
    `error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:5:12
  |
5 | name: '試験': x
  |              ^
`,
  ],
  [
    'marks take none',
    at(6, 8),
    `error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:6:8
  |
6 | a: e\u0301\u0301 b
  |      ^
`,
  ],
  [
    'what would command the terminal is shown',
    at(7, 9, { message: 'bad \u001b[2J', hint: 'no \u202e' }),
    `error BERTH-014: bad \\u001b[2J
 --> racks/r1.yaml:7:9
  |
7 | esc: \\u001b[2J
  |              ^
  = hint: no \\u202e
`,
  ],
  [
    'a long line is cut on both sides',
    at(8, 308),
    `error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:8:308
  |
8 | …${'x'.repeat(79)} y ${'z'.repeat(78)}…
  | ${' '.repeat(81)}^
`,
  ],
  [
    'a column beyond the line is its end',
    at(2, 99),
    `error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:2:99
  |
2 | machines:
  |          ^
`,
  ],
  [
    'a line beyond the file is not shown',
    at(99, 1, { hint: 'mend it' }),
    `error BERTH-014: slot 4 is given twice
  --> racks/r1.yaml:99:1
   = hint: mend it
`,
  ],
] as const) {
  test(name, () => assert.is(report(diagnostic), text));
}

test('an empty line has no blanks behind', () => {
  const text = textReport([at(2, 1)], { sourceOf: () => 'a\r\n\r\nb' });
  assert.is(text, 'error BERTH-014: slot 4 is given twice\n --> racks/r1.yaml:2:1\n  |\n2 |\n  | ^\n');
});

test('a line is cut between characters, not inside one', () => {
  const emoji = '🚀'.repeat(200);
  for (const column of [150, 151, 152, 153]) {
    const [, , , excerpt = ''] = textReport([at(1, column)], { sourceOf: () => emoji }).split('\n');
    assert.match(excerpt, /^1 \| …?(🚀)+…?$/u);
  }
});

test('blocks have an empty line between them, and each file is read once', () => {
  const asked: string[] = [];
  const sourceOf = (file: string) => {
    asked.push(file);
    return undefined;
  };
  const other = { ...at(1, 1), place: { file: 'site.yaml', line: 1, column: 1 } };
  const text = textReport([at(1, 1), at(2, 1), other], { sourceOf });
  assert.is(
    text,
    `error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:1:1

error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:2:1

error BERTH-014: slot 4 is given twice
 --> site.yaml:1:1
`,
  );
  assert.equal(asked, ['racks/r1.yaml', 'site.yaml']);
});

test('the line of a secret is shown to nobody', () => {
  const text = report(at(3, 5, { isSecret: true, hint: 'seal it' }));
  assert.not.match(text, 'S1');
  assert.match(text, 'racks/r1.yaml:3:5');
  assert.match(text, 'hint: seal it');
});

test('no findings, no text', () => assert.is(report(), ''));

test('colours only when asked', () => {
  const plain = report(at(3, 5, { hint: 'x' }));
  const colourful = textReport([at(3, 5, { hint: 'x' })], { sourceOf: () => source, palette: ansi });
  assert.not.match(plain, '\u001b');
  assert.is(colourful.split('\n')[0], '\u001b[1m\u001b[31merror BERTH-014\u001b[39m: slot 4 is given twice\u001b[22m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences are what is taken away
  assert.is(colourful.replace(/\u001b\[[\d;]*m/g, ''), plain);
});

test.run();
