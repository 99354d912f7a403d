import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument as parseNodes } from 'yaml';
import { type Spot, spotAt, spotOf } from '../../schema/spots.ts';

const text = `# a rack
rack: 7
tors:
  - { name: "r7-tor1", links: { spine1: 28 } }
  - name: r7-tor2
motd: |
  welcome
empty:
`;
const top = spotOf(parseNodes(text).contents);

/** What a spot covers, from its key on. */
function covered({ key, start, end }: Spot): readonly [key: string, value: string] {
  return [text.slice(key, start), text.slice(start, end)];
}

for (const [path, expected] of [
  [['rack'], ['rack: ', '7']],
  [
    ['tors', 0],
    ['', '{ name: "r7-tor1", links: { spine1: 28 } }'],
  ],
  [
    ['tors', 0, 'name'],
    ['name: ', '"r7-tor1"'],
  ],
  [
    ['tors', 0, 'links', 'spine1'],
    ['spine1: ', '28'],
  ],
  [
    ['tors', 1, 'name'],
    ['name: ', 'r7-tor2'],
  ],
  [['motd'], ['motd: ', '|\n  welcome\n']],
] as const) {
  test(`the spot of ${path.join('.')}`, () => assert.equal(covered(spotAt(top, path)), expected));
}

test('a scalar keeps its value and its style', () => {
  const { scalar, style } = spotAt(top, ['tors', 0, 'name']);
  assert.equal([scalar, style], ['r7-tor1', 'QUOTE_DOUBLE']);
  assert.is(spotAt(top, ['motd']).style, 'BLOCK_LITERAL');
});

test('what is not there has the spot of the nearest value above it', () => {
  assert.is(spotAt(top, ['tors', 1, 'links', 'spine1']), spotAt(top, ['tors', 1]));
  assert.is(spotAt(top, ['tors', 2]), spotAt(top, ['tors']));
  assert.is(spotAt(top, ['tors', '0']), spotAt(top, ['tors']));
  assert.is(spotAt(top, ['rack', 'number']), spotAt(top, ['rack']));
  assert.is(spotAt(top, ['machines']), top);
});

test('a key without a value', () => {
  const { key, scalar } = spotAt(top, ['empty']);
  assert.is(text.slice(key, key + 6), 'empty:');
  assert.is(scalar, null);
});

test('a document without a value', () => {
  const { key, start, end, inside } = spotOf(parseNodes('# nothing\n').contents);
  assert.equal([key, start, end, inside.size], [0, 0, 0, 0]);
});

test.run();
