import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalJson, digestOf, inCanonicalOrder, sha256 } from '../../schema/canonical.ts';
import { randomNumbers } from '../random.ts';

const rows: readonly (readonly [name: string, value: unknown, text: string])[] = [
  ['null', null, 'null'],
  ['a boolean', true, 'true'],
  ['a number', -12, '-12'],
  ['minus zero', -0, '0'],
  ['the largest number', Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ['text', 'a"b\\c\n\u0007é\u2028', '"a\\"b\\\\c\\n\\u0007é\u2028"'],
  ['an empty list', [], '[]'],
  ['a list keeps its order', [3, 'a', null, [1]], '[3,"a",null,[1]]'],
  ['an empty record', {}, '{}'],
  ['members in the order of their names', { b: 1, a: 2, A: 3, '10': 4, '9': 5 }, '{"10":4,"9":5,"A":3,"a":2,"b":1}'],
  // RFC 8785 §3.2.3: code units, so a character past U+FFFF stands before U+FB33.
  [
    'members by UTF-16 code unit',
    { '\ufb33': 1, '\u{1f600}': 2, '\u20ac': 3 },
    '{"\u20ac":3,"\u{1f600}":2,"\ufb33":1}',
  ],
  ['members that are undefined are left out', { a: undefined, b: { c: undefined } }, '{"b":{}}'],
  [
    'members in order, and a number for a name further in',
    { a: { b: [{ '1': 2, '+': 1 }] } },
    '{"a":{"b":[{"+":1,"1":2}]}}',
  ],
  ['a member that is named as prototypes are', JSON.parse('{"b":1,"__proto__":2}'), '{"__proto__":2,"b":1}'],
  ['a record without a prototype', Object.assign(Object.create(null), { b: 1, a: 2 }), '{"a":2,"b":1}'],
];

for (const [name, value, text] of rows) test(name, () => assert.is(canonicalJson(value), text));

const refused: readonly (readonly [name: string, value: unknown, says: RegExp])[] = [
  ['a fraction', 1.5, /^1\.5 has no canonical form/],
  ['a number past what is exact', 2 ** 53, /^9007199254740992 has no canonical form/],
  ['not a number', Number.NaN, /^NaN has no/],
  ['infinity, deep inside', { a: [{ b: Number.POSITIVE_INFINITY }] }, /^Infinity has no/],
  ['undefined', undefined, /^undefined has no/],
  ['undefined in a list', [undefined], /^undefined has no/],
  ['a function', () => 1, /^function has no/],
  ['a bigint', 1n, /^bigint has no/],
  ['a symbol', { a: Symbol('x') }, /^symbol has no/],
  ['a Map, which would be an empty record', new Map([['a', 1]]), /^a Map has no canonical form/],
  ['a Date', { at: new Date(0) }, /^a Date has no/],
  ['bytes', new Uint8Array([1]), /^a Uint8Array has no/],
];

for (const [name, value, says] of refused) {
  test(`${name} is refused`, () => {
    assert.throws(
      () => canonicalJson(value),
      (error: unknown) => error instanceof TypeError && says.test(error.message),
    );
  });
}

test('digests', () => {
  assert.is(sha256(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.is(sha256('é'), sha256(Buffer.from([0xc3, 0xa9])));
  assert.is(digestOf({ b: 1, a: [] }), sha256('{"a":[],"b":1}'));
});

test('the order in which members were added does not matter, and reading the text gives the value back', () => {
  const random = randomNumbers(3);
  const value = (depth: number): unknown => {
    const kind = depth === 0 ? random.below(3) : random.below(5);
    if (kind === 0) return random.below(1000) - 500;
    if (kind === 1) return String.fromCharCode(random.below(0xd800), random.below(128));
    if (kind === 2) return random.pick([true, false, null]);
    const length = random.below(5);
    if (kind === 3) return Array.from({ length }, () => value(depth - 1));
    const prefix = random.pick(['', 'x', 'x', 'x']);
    return Object.fromEntries(Array.from({ length }, () => [`${prefix}${random.below(50)}`, value(depth - 1)]));
  };
  const reordered = (from: unknown): unknown => {
    if (Array.isArray(from)) return from.map(reordered);
    if (typeof from !== 'object' || from === null) return from;
    const members = Object.entries(from).map(([name, member]) => [`${name}`, reordered(member)] as const);
    return Object.fromEntries(random.shuffled(members));
  };
  let kept = 0;
  for (let round = 0; round < 300; round++) {
    const made = value(4);
    const text = canonicalJson(made);
    assert.is(canonicalJson(reordered(made)), text);
    assert.equal(JSON.parse(text), made);
    const ordered = inCanonicalOrder(made);
    if (ordered === undefined) continue;
    kept += 1;
    assert.is(JSON.stringify(ordered), text);
    assert.is(inCanonicalOrder(ordered), ordered);
  }
  assert.ok(kept > 100, `${kept}`);
});

test('what is in order is not copied, and no part of it that is', () => {
  const inner = { a: [1], b: 'x' };
  const ordered = inCanonicalOrder({ z: inner, y: { b: 1, a: undefined } });
  assert.equal(JSON.stringify(ordered), '{"y":{"b":1},"z":{"a":[1],"b":"x"}}');
  assert.is(ordered?.z, inner);
  assert.is(inCanonicalOrder(inner), inner);
  assert.is(inCanonicalOrder({ a: { '2': 1 } }), undefined);
});

test.run();
