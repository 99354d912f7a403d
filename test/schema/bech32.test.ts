// Bech32 as BIP 173 defines it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readBech32 } from '../../schema/bech32.ts';

/** Test vectors of BIP 173; of those whose data is no whole number of bytes, nothing is read. */
const sound: readonly (readonly [string, string, string])[] = [
  ['A12UEL5L', 'a', ''],
  ['abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw', 'abcdef', '00443214c74254b635cf84653a56d7c675be77df'],
  [
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
    'split',
    'c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d',
  ],
  ['?1ezyfcl', '?', ''],
];

for (const [text, prefix, hex] of sound) {
  test(`Bech32: ${text}`, () =>
    assert.equal(readBech32(text), { prefix, bytes: new Uint8Array(Buffer.from(hex, 'hex')) }));
}

for (const text of [
  ...['pzry9x0s0muk', '1pzry9x0s0muk', 'x1b4n0q5v', 'li1dgmt3', 'A1G7SGD8', '10a06t8', '1qzzfhee', '', '1'],
  ...['\u00201nwldj5', '\u007f1axkwrx', 'a12uel5L', 'a12uel5m', 'age1'],
]) {
  test(`no Bech32: ${JSON.stringify(text)}`, () => assert.is(readBech32(text), null));
}

test('any character that is changed is found', () => {
  const key = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
  assert.is(readBech32(key)?.bytes.length, 32);
  for (let at = 4; at < key.length; at++) {
    const other = key[at] === 'q' ? 'p' : 'q';
    assert.is(readBech32(`${key.slice(0, at)}${other}${key.slice(at + 1)}`), null, String(at));
  }
});

test.run();
