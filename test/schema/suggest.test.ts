import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { suggest } from '../../schema/suggest.ts';

const keys = ['serial', 'slot', 'role', 'macs', 'bmc', 'labels'];

const rows: readonly (readonly [word: string, candidates: readonly string[], meant: string | null])[] = [
  ['serail', keys, 'serial'],
  ['serials', keys, 'serial'],
  ['erial', keys, 'serial'],
  ['Serial', keys, 'serial'],
  ['h2rqp02', ['H2RQP01', 'H2RQP02'], 'H2RQP02'],
  ['lables', keys, 'labels'],
  ['slto', keys, 'slot'],
  ['mac', keys, 'macs'],
  ['serialNumber', keys, null],
  ['firmware', keys, null],
  ['xyz', keys, null],
  ['', keys, null],
  ['serial', keys, 'serial'],
  ['serial', [], null],
  // The nearest one, and the first of those that are equally near.
  ['spin1', ['spine2', 'spine1'], 'spine1'],
  ['spine3', ['spine1', 'spine2'], 'spine1'],
  ['flatcar-4081.2.1', ['flatcar-4081.3.1', 'flatcar-4081.2.0'], 'flatcar-4081.3.1'],
];

for (const [word, candidates, meant] of rows) {
  test(`${word || 'nothing'} among ${candidates.length}: ${meant ?? 'none'}`, () => {
    assert.is(suggest(word, candidates), meant);
    assert.is(suggest(word, new Set(candidates)), meant);
  });
}

test('a word as long as a file is compared with nothing', () => {
  assert.is(suggest('x'.repeat(1 << 20), keys), null);
});

test.run();
