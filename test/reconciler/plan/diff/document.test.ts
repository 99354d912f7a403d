// What differs between two versions of a document, and where.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffDocument, type Version } from '../../../../reconciler/plan/diff/document.ts';
import { formatPlace } from '../../../../schema/diagnostic.ts';
import { parseDocument } from '../../../../schema/document.ts';

function version(name: string, text: string | null): Version {
  if (text === null) return { document: undefined, placeIn: (place) => place };
  const { document, diagnostics } = parseDocument('x.yaml', new TextEncoder().encode(text));
  if (!document) throw new Error(JSON.stringify(diagnostics));
  return { document, placeIn: (place) => ({ ...place, file: `${name}:${place.file}` }) };
}

function differences(before: string | null, after: string | null, leftOut: readonly string[] = []): readonly string[] {
  return diffDocument('p', version('old', before), version('new', after), leftOut).map(
    ({ field, from, to, place }) => `${field}: ${from} → ${to} ${place ? formatPlace(place) : ''}`,
  );
}

const rows: readonly (readonly [
  name: string,
  before: string | null,
  after: string | null,
  expected: readonly string[],
])[] = [
  ['nothing', 'a: 1', '# words\na:   1', []],
  ['a scalar', 'a: 1\nb: 2', 'a: 1\nb: 3', ['p.b: 2 → 3 new:x.yaml:2:4']],
  ['deep inside', 'a: { b: { c: x } }', 'a: { b: { c: z } }', ['p.a.b.c: x → z new:x.yaml:1:14']],
  ['a value that comes', 'a: 1', 'a: 1\nb: x', ['p.b: null → x new:x.yaml:2:4']],
  ['a value that goes', 'a: 1\nb: x', 'a: 1', ['p.b: x → null old:x.yaml:2:4']],
  ['a branch that comes', 'a: 1', 'a: 1\nb: { c: 1, d: 2 }', ['p.b: null → declared new:x.yaml:2:4']],
  ['a branch that goes', 'b: { c: 1, d: 2 }\na: 1', 'a: 1', ['p.b: declared → null old:x.yaml:1:4']],
  ['a list of scalars', 'a: [1, 2]', 'a: [1, 3]', ['p.a: 1, 2 → 1, 3 new:x.yaml:1:4']],
  [
    'a list of things with names',
    'a: [{ name: x, v: 1 }, { name: w, v: 2 }]',
    'a: [{ name: z, v: 0 }, { name: w, v: 3 }]',
    [
      'p.a.z: null → declared new:x.yaml:1:5',
      'p.a.w.v: 2 → 3 new:x.yaml:1:38',
      'p.a.x: declared → null old:x.yaml:1:5',
    ],
  ],
  ['a new order of names', 'a: [{ name: x }, { name: w }]', 'a: [{ name: w }, { name: x }]', []],
  ['a list of things without names', 'a: [{ v: 1 }]', 'a: [{ v: 2 }]', ['p.a: {"v":1} → {"v":2} new:x.yaml:1:4']],
  ['a scalar that becomes a map', 'a: 1', 'a: { b: 1 }', ['p.a: 1 → declared new:x.yaml:1:4']],
  ['a document that comes', null, 'a: 1', ['p: null → declared new:x.yaml:1:1']],
  ['a document that goes', 'a: 1', null, ['p: declared → null old:x.yaml:1:1']],
  ['no document at all', null, null, []],
];

for (const [name, before, after, expected] of rows) {
  test(name, () => assert.equal(differences(before, after), expected));
}

test('what is left out', () => {
  assert.equal(differences('a: 1\nb: 1', 'a: 2\nb: 2', ['b']), ['p.a: 1 → 2 new:x.yaml:1:4']);
});

test.run();
