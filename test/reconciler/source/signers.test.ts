import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSigners, SignersError } from '../../../reconciler/source/signers.ts';
import { GitFixture } from '../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const ada = fixture.key('ada');
const bob = fixture.key('bob', 'ecdsa', 256);
const weak = fixture.key('weak', 'rsa', 1024);

function signer(name: string, key: string, ...paths: readonly string[]): string {
  return `  - { name: ${name}, key: ${key}, paths: [${paths.map((path) => JSON.stringify(path)).join(', ')}] }\n`;
}

function parse(...entries: readonly string[]): ReturnType<typeof parseSigners> {
  return parseSigners(Buffer.from(`signers:\n${entries.join('')}`));
}

test('keys and what they may change', () => {
  const signers = parse(signer('ada', ada.publicKey, '**'), signer('bob', bob.publicKey, 'racks/', 'site.yaml'));
  assert.equal(
    [...signers],
    [
      [ada.fingerprint, { name: 'ada', paths: ['**'] }],
      [bob.fingerprint, { name: 'bob', paths: ['racks/', 'site.yaml'] }],
    ],
  );
});

const unreadable: readonly [name: string, text: string | Buffer, message: RegExp][] = [
  ['nothing', '', /trust\/signers\.yaml/],
  ['no YAML', 'signers: [', /trust\/signers\.yaml:1:/],
  ['no UTF-8', Buffer.from([0xff]), /UTF-8/],
  ['nobody', 'signers: []\n', /signers/],
  ['an unknown key', `signers:\n${signer('ada', ada.publicKey, '**')}threshold: 2\n`, /:3:1: .*threshold/],
  ['an alias', `signers:\n  - &a { name: a, key: x, paths: [a] }\n  - *a\n`, /anchor/],
  ['a key that is none', `signers:\n${signer('ada', 'ssh-ed25519 AAAA', '**')}`, /ada has an unusable key/],
  ['a weak key', `signers:\n${signer('w', weak.publicKey, '**')}`, /1024 bits is too weak/],
  ['a key said to be another', `signers:\n${signer('b', bob.publicKey.replace('256', '384'), '**')}`, /unusable key/],
  [
    'one key twice',
    `signers:\n${signer('ada', ada.publicKey, 'a')}${signer('eve', ada.publicKey, '**')}`,
    /eve has the same key as ada/,
  ],
  ...['racks/**', '*.yaml', '/site.yaml', 'racks//r0', '../x', './x', 'a/../b', 'r[0]', '/', 'a\\b'].map(
    (pattern): [string, string, RegExp] => [
      `the path ${pattern}`,
      `signers:\n${signer('ada', ada.publicKey, pattern)}`,
      /ada has the path/,
    ],
  ),
];

for (const [name, text, message] of unreadable) {
  test(`unreadable: ${name}`, () => {
    assert.throws(
      () => parseSigners(Buffer.from(text)),
      (error: unknown) =>
        error instanceof SignersError && error.code === 'trust-unreadable' && message.test(error.message),
    );
  });
}

test.run();
