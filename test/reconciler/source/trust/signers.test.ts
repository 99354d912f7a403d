import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTrustSet, SignersError } from '../../../../reconciler/source/trust/signers.ts';
import { GitFixture } from '../../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const ada = fixture.key('ada');
const bob = fixture.key('bob', 'ecdsa', 256);
const carol = fixture.key('carol');
const dan = fixture.key('dan');
const weak = fixture.key('weak', 'rsa', 1024);

function signer(name: string, key: string, ...paths: readonly string[]): string {
  return `  - { name: ${name}, key: ${key}, paths: [${paths.map((path) => JSON.stringify(path)).join(', ')}] }\n`;
}

type Files = Readonly<Record<string, string | Buffer>>;

function read(signers: string | Buffer, more: Files = {}): ReturnType<typeof readTrustSet> {
  const files = Object.entries({ ...more, 'trust/signers.yaml': signers });
  return readTrustSet(new Map(files.map(([path, content]) => [path, Buffer.from(content)])));
}

test('keys and what they may change', async () => {
  const entries = [signer('ada', ada.publicKey, '**'), signer('bob', bob.publicKey, 'racks/r*.yaml', 'site.yaml')];
  const trust = await read(`signers:\n${entries.join('')}`);
  const key = { validAfterSeconds: null, validBeforeSeconds: null, revoked: null };
  assert.equal(
    [...trust.keys],
    [
      [ada.fingerprint, { name: 'ada', fingerprint: ada.fingerprint, ...key }],
      [bob.fingerprint, { name: 'bob', fingerprint: bob.fingerprint, ...key }],
    ],
  );
  assert.equal([...trust.whoMayChange('racks/r1.yaml')], ['ada', 'bob']);
  assert.equal([...trust.whoMayChange('racks/old/r1.yaml')], ['ada']);
  assert.equal([...trust.whoMayChange('site.yaml')], ['ada', 'bob']);
});

test('groups, thresholds, times, a revoked key and the key of the host', async () => {
  const trust = await read(
    `signers:
  - { name: ada, key: ${ada.publicKey}, validAfter: 2026-01-01T00:00:00Z, validBefore: 2026-02-01T00:00:00Z }
  - { name: bob, key: ${bob.publicKey}, revoked: { reason: lost, from: 2026-01-01T00:00:00Z } }
groups:
  - { name: trust, members: [ada], paths: [trust/] }
  - { name: storage, allowedSigners: trust/allowed_signers, paths: [roles/ss.yaml] }
thresholds:
  - { paths: [trust/], signatures: 2, group: trust }
  - { paths: ['**'], signatures: 1 }
mergeKeys:
  - { name: host, key: ${carol.publicKey}, paths: [racks/] }
`,
    { 'trust/allowed_signers': `dan@example.com,dan namespaces="git" ${dan.publicKey}\n` },
  );
  const [newYear, february] = [1_767_225_600, 1_769_904_000];
  const { validAfterSeconds, validBeforeSeconds } = trust.keys.get(ada.fingerprint) ?? {};
  assert.equal([validAfterSeconds, validBeforeSeconds], [newYear, february]);
  assert.equal(trust.keys.get(bob.fingerprint)?.revoked, { reason: 'lost', fromSeconds: newYear });
  assert.is(trust.keys.get(dan.fingerprint)?.name, 'dan@example.com');
  assert.equal([...trust.whoMayChange('trust/signers.yaml')], ['ada']);
  assert.equal([...trust.whoMayChange('roles/ss.yaml')], ['dan@example.com']);
  assert.equal([...trust.membersOf('trust')], ['ada']);
  assert.equal(
    trust.demandsOn('trust/keys/x.asc').map(({ signatures, group }) => [signatures, group]),
    [
      [2, 'trust'],
      [1, null],
    ],
  );
  assert.not.ok(trust.keys.has(carol.fingerprint));
  const host = trust.hostKeys.get(carol.fingerprint);
  assert.equal([host?.mayBring('racks/r1.yaml'), host?.mayBring('site.yaml')], [true, false]);
});

const unreadable: readonly [name: string, text: string | Buffer, message: RegExp][] = [
  ['nothing', '', /trust\/signers\.yaml/],
  ['no YAML', 'signers: [', /trust\/signers\.yaml:1:/],
  ['no UTF-8', Buffer.from([0xff]), /UTF-8/],
  ['nobody', 'signers: []\n', /signers/],
  ['an unknown key', `signers:\n${signer('ada', ada.publicKey, '**')}threshold: 2\n`, /:3:1: .*threshold/],
  ['an alias', `signers:\n  - &a { name: a, key: x, paths: [a] }\n  - *a\n`, /anchor/],
  [
    'a key that is none',
    `signers:\n${signer('ada', 'ssh-ed25519 AAAA', '**')}`,
    /signers\.yaml:2:\d+: no signature of ada can be checked/,
  ],
  ['a weak key', `signers:\n${signer('w', weak.publicKey, '**')}`, /1024 bits is too weak/],
  [
    'a key said to be another',
    `signers:\n${signer('b', bob.publicKey.replace('256', '384'), '**')}`,
    /no signature of b can be checked/,
  ],
  [
    'one key twice',
    `signers:\n${signer('ada', ada.publicKey, 'a')}${signer('eve', ada.publicKey, '**')}`,
    /the key of eve stands already with ada/,
  ],
  ...['racks/**', '/site.yaml', 'racks//r0', '../x', './x', 'a/../b', 'r[0]', '/', 'a\\b'].map(
    (pattern): [string, string, RegExp] => [
      `the path ${pattern}`,
      `signers:\n${signer('ada', ada.publicKey, pattern)}`,
      /ada has the path/,
    ],
  ),
];

for (const [name, text, message] of unreadable) {
  test(`unreadable: ${name}`, async () => {
    try {
      await read(text);
    } catch (error) {
      assert.instance(error, SignersError);
      assert.match(String(error), message);
      return;
    }
    assert.unreachable();
  });
}

test.run();
