// What trust/signers.yaml and the files that it names come to, and what is wrong with them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  countedFor,
  filesOfTrust,
  type Person,
  personsFor,
  readTrust,
  thresholdsFor,
} from '../../../schema/trust/trusted-keys.ts';
import type { SignersDocument } from '../../../schema/types/signers.ts';
import { GitFixture } from '../../git.ts';
import { GpgFixture } from '../../gpg.ts';

const fixture = new GitFixture();
const gpg = new GpgFixture();
test.after(() => {
  fixture.remove();
  gpg.remove();
});

const ada = fixture.key('ada');
const adaToken = fixture.key('ada-token', 'ecdsa', 256);
const bob = fixture.key('bob');
const host = fixture.key('host');
const grace = gpg.key('grace');
const olga = gpg.key('olga', { algorithm: 'rsa2048' });
gpg.subkey(grace);

const files: Readonly<Record<string, string>> = {
  'trust/keys/grace.asc': gpg.publicKey(grace),
  'trust/keys/grace-again.asc': gpg.publicKey(grace, '--export-options', 'export-minimal'),
  'trust/keys/olga.asc': gpg.publicKey(olga),
  'trust/keys/both.asc': gpg.publicKey(grace) + gpg.publicKey(olga),
  'trust/keys/private.asc': gpg.privateKey(olga),
  'trust/keys/mislabelled.asc': gpg.privateKey(olga).replaceAll('PRIVATE', 'PUBLIC'),
  'trust/keys/cut.asc': gpg.publicKey(grace).replace(/\n[^\n]+\n(=|-----END)/, '\n$1'),
  'trust/keys/text.asc': 'to come\n',
  'trust/allowed_signers': `bob@example.com,bob namespaces="git",valid-before="20261231235959Z" ${bob.publicKey}\n`,
  'trust/pattern': `*@example.com ${bob.publicKey}\n`,
  'trust/mail': `bob namespaces="email" ${bob.publicKey}\n`,
  'trust/twice': `# team\nrobert ${ada.publicKey}\n`,
  'trust/impostor': `Ada ${bob.publicKey}\n`,
  'trust/more': `bob@example.com ${host.publicKey}\n`,
  'trust/broken': `bob ${bob.publicKey}\nbob cert-authority ${bob.publicKey}\n`,
};

const read = (path: string): string | null => files[path] ?? null;

const adaEntry = { name: 'Ada', key: ada.publicKey };

/** A trust without faults. */
function trustOf(document: SignersDocument) {
  const { trust, faults } = readTrust(document, read);
  assert.equal(faults, []);
  return trust;
}

function texts(person: Person | undefined): readonly string[] {
  return (person?.patterns ?? []).map(({ text }) => text);
}

const names = (persons: Iterable<Person>): readonly string[] => [...persons].map(({ name }) => name).sort();

const rich: SignersDocument = {
  signers: [
    { ...adaEntry, paths: ['roles/'], validAfter: '2026-01-01T00:00:00Z' },
    { name: 'Ada', key: adaToken.publicKey, paths: ['racks/r1*.yaml'], validBefore: '2027-01-01T00:00:00Z' },
    { name: 'Grace', openpgp: 'trust/keys/grace.asc' },
    {
      name: 'Olga',
      openpgp: 'trust/keys/olga.asc',
      paths: ['**'],
      revoked: { reason: 'stolen', from: '2026-05-01T00:00:00Z' },
    },
  ],
  groups: [
    { name: 'storage', members: ['Grace', 'Ada', 'Olga'], paths: ['ignition/ss/'] },
    { name: 'guests', allowedSigners: 'trust/allowed_signers', paths: ['README.md'] },
  ],
  thresholds: [
    { paths: ['ignition/', 'trust/'], signatures: 2 },
    { paths: ['ignition/ss/'], signatures: 1, group: 'guests' },
  ],
  mergeKeys: [{ name: 'Host', key: host.publicKey, paths: ['racks/'] }],
};

test('keys of a document: whose they are, and when they count', () => {
  const trust = trustOf(rich);
  const always = { validAfterSeconds: null, validBeforeSeconds: null, revoked: null };
  assert.equal(
    trust.sshKeys,
    new Map([
      [ada.fingerprint, { ...always, name: 'Ada', key: ada.publicKey, validAfterSeconds: Date.UTC(2026, 0) / 1000 }],
      [
        adaToken.fingerprint,
        { ...always, name: 'Ada', key: adaToken.publicKey, validBeforeSeconds: Date.UTC(2027, 0) / 1000 },
      ],
      // OpenSSH has the last second in which the key counts.
      [
        bob.fingerprint,
        { ...always, name: 'bob@example.com', key: bob.publicKey, validBeforeSeconds: Date.UTC(2027, 0) / 1000 },
      ],
    ]),
  );
  const revoked = { reason: 'stolen', fromSeconds: Date.UTC(2026, 4) / 1000 };
  assert.equal(
    trust.openPgpKeys.map(({ armored, ...key }) => [key, armored === files[key.path]]),
    [
      [{ ...always, name: 'Grace', path: 'trust/keys/grace.asc', fingerprint: grace.fingerprint }, true],
      [{ ...always, name: 'Olga', path: 'trust/keys/olga.asc', fingerprint: olga.fingerprint, revoked }, true],
    ],
  );
  assert.equal([...trust.sshMergeKeys.keys()], [host.fingerprint]);
  assert.equal(
    trust.sshMergeKeys.get(host.fingerprint)?.patterns.map(({ text }) => text),
    ['racks/'],
  );
});

test('what persons may change: by all of their entries and groups, and nothing when all keys are revoked', () => {
  const { persons } = trustOf(rich);
  assert.equal([...persons.keys()], ['Ada', 'Grace', 'Olga', 'bob@example.com']);
  assert.equal(texts(persons.get('Ada')), ['roles/', 'racks/r1*.yaml', 'ignition/ss/']);
  assert.equal(texts(persons.get('Grace')), ['ignition/ss/']);
  assert.equal(texts(persons.get('bob@example.com')), ['README.md']);
  assert.equal(texts(persons.get('Olga')), []);
  assert.is(persons.get('Olga')?.canSign, false);
});

test('who may change a path, what it takes, and who is counted', () => {
  const trust = trustOf(rich);
  assert.equal(names(personsFor(trust, 'ignition/ss/x')), ['Ada', 'Grace']);
  assert.equal(names(personsFor(trust, 'site.yaml')), []);
  const [two, guest, ...others] = thresholdsFor(trust, 'ignition/ss/x');
  assert.ok(two && guest);
  assert.equal(others, []);
  assert.is(two.signatures, 2);
  assert.equal(names(countedFor(trust, two, 'ignition/ss/x')), ['Ada', 'Grace']);
  assert.equal(names(countedFor(trust, guest, 'ignition/ss/x')), ['bob@example.com']);
  assert.equal(thresholdsFor(trust, 'racks/r1.yaml'), []);
});

test('what a revoked key could change is not what the other keys of its owner can', () => {
  const { persons } = trustOf({
    signers: [
      { ...adaEntry, paths: ['**'], revoked: { reason: 'lost' } },
      { name: 'Ada', key: adaToken.publicKey, paths: ['racks/'] },
    ],
  });
  assert.equal(texts(persons.get('Ada')), ['racks/']);
  assert.ok(persons.get('Ada')?.canSign);
});

test('the files that a document names, each once', () => {
  assert.equal(filesOfTrust(rich), ['trust/keys/grace.asc', 'trust/keys/olga.asc', 'trust/allowed_signers']);
  const merge = { name: 'Host', openpgp: 'trust/keys/olga.asc', paths: ['**'] };
  assert.equal(filesOfTrust({ signers: [{ name: 'O', openpgp: 'trust/keys/olga.asc' }], mergeKeys: [merge] }), [
    'trust/keys/olga.asc',
  ]);
});

const faulty: readonly [
  name: string,
  document: Partial<SignersDocument>,
  found: readonly string[],
  says: RegExp,
  line?: number,
][] = [
  ['no key', { signers: [{ name: 'Ada' }] }, ['one-key signers.0'], /^Ada has no key$/],
  [
    'two keys in an entry',
    { signers: [{ ...adaEntry, openpgp: 'trust/keys/grace.asc' }] },
    ['one-key signers.0'],
    /^Ada has two keys in one entry$/,
  ],
  [
    'a key twice',
    { signers: [adaEntry, { ...adaEntry, name: 'Eve' }] },
    ['doubled-key signers.1.key'],
    /^the key of Eve stands already with Ada \(SHA256:/,
  ],
  [
    'a revoked key that is let in again',
    { signers: [{ ...adaEntry, revoked: { reason: 'lost' } }, adaEntry] },
    ['doubled-key signers.1.key'],
    /stands already with Ada/,
  ],
  [
    'a key in two files',
    {
      signers: [
        { name: 'Grace', openpgp: 'trust/keys/grace.asc' },
        { name: 'Eve', openpgp: 'trust/keys/grace-again.asc' },
      ],
    },
    ['doubled-key signers.1.openpgp'],
    new RegExp(`^the key of Eve stands already with Grace \\(${grace.fingerprint}\\)$`),
  ],
  [
    'no such key file',
    { signers: [{ name: 'Ada', openpgp: 'trust/keys/ada.asc' }] },
    ['missing-file signers.0.openpgp'],
    /^there is no file trust\/keys\/ada\.asc/,
  ],
  ...['private', 'mislabelled'].map((file): (typeof faulty)[number] => [
    `a private key that is ${file}`,
    { signers: [{ name: 'Olga', openpgp: `trust/keys/${file}.asc` }] },
    ['private-key signers.0.openpgp'],
    /^the file holds a private key of Olga/,
    1,
  ]),
  [
    'two keys in a file',
    { signers: [{ name: 'Olga', openpgp: 'trust/keys/both.asc' }] },
    ['unusable-file signers.0.openpgp'],
    /./,
    1,
  ],
  [
    'half a key',
    { signers: [{ name: 'Olga', openpgp: 'trust/keys/cut.asc' }] },
    ['unusable-file signers.0.openpgp'],
    /^no signature of Olga can be checked/,
    1,
  ],
  [
    'no key in the file',
    { signers: [{ name: 'Olga', openpgp: 'trust/keys/text.asc' }] },
    ['unusable-file signers.0.openpgp'],
    /^no signature of Olga can be checked/,
    1,
  ],
  [
    'a merge key of a signer',
    { mergeKeys: [{ name: 'Host', key: ada.publicKey, paths: ['**'] }] },
    ['merge-and-signer mergeKeys.0.key'],
    /^the merge key Host is a key of Ada/,
  ],
  [
    'an OpenPGP merge key of a signer',
    {
      signers: [{ name: 'Grace', openpgp: 'trust/keys/grace.asc' }],
      mergeKeys: [{ name: 'Host', openpgp: 'trust/keys/grace-again.asc', paths: ['**'] }],
    },
    ['merge-and-signer mergeKeys.0.openpgp'],
    /^the merge key Host is a key of Grace/,
  ],
  [
    'a merge key twice',
    {
      mergeKeys: [
        { name: 'Host', key: host.publicKey, paths: ['**'] },
        { name: 'Other', key: host.publicKey, paths: ['**'] },
      ],
    },
    ['doubled-key mergeKeys.1.key'],
    /^the key of Other stands already with Host/,
  ],
  [
    'a group twice',
    { groups: [{ name: 'a' }, { name: 'a' }] },
    ['doubled-group groups.1.name'],
    /^there is a group a already$/,
  ],
  [
    'names of nobody',
    { groups: [{ name: 'a', members: ['Ada', 'Eva'] }], thresholds: [{ paths: ['**'], signatures: 1, group: 'b' }] },
    ['unknown-name groups.0.members.1', 'unknown-name thresholds.0.group'],
    /^there is no signer Eva, who is to be a member of a$/,
  ],
  [
    'a member who stands in the list of another group',
    {
      groups: [
        { name: 'a', members: ['Ada', 'bob@example.com'] },
        { name: 'guests', allowedSigners: 'trust/allowed_signers', members: ['bob@example.com'] },
      ],
    },
    ['unknown-name groups.0.members.1'],
    /^whoever may change trust\/allowed_signers could enter a key of their own as bob@example.com, a member of a$/,
  ],
  [
    'patterns that are none, wherever they stand',
    {
      signers: [{ ...adaEntry, paths: ['racks/', 'r?'] }],
      groups: [{ name: 'a', paths: ['/x'] }],
      thresholds: [{ paths: ['a/**'], signatures: 1 }],
      mergeKeys: [{ name: 'Host', key: host.publicKey, paths: ['..'] }],
    },
    [
      'bad-pattern signers.0.paths.1',
      'bad-pattern groups.0.paths.0',
      'bad-pattern thresholds.0.paths.0',
      'bad-pattern mergeKeys.0.paths.0',
    ],
    /^Ada has the path r\?: there are no wildcards but \*/,
  ],
  [
    'a pattern of a revoked key that is none',
    { signers: [{ ...adaEntry, paths: ['/'], revoked: { reason: 'lost' } }] },
    ['bad-pattern signers.0.paths.0'],
    /^Ada has the path \//,
  ],
  [
    'a key that counts at no time',
    { signers: [{ ...adaEntry, validAfter: '2026-01-01T00:00:00Z', validBefore: '2026-01-01T00:00:00Z' }] },
    ['bad-time signers.0.validBefore'],
    /^the key of Ada counts at no time/,
  ],
  [
    'days that are not in the calendar',
    {
      signers: [
        {
          ...adaEntry,
          validAfter: '2026-02-30T00:00:00Z',
          validBefore: '2026-13-01T00:00:00Z',
          revoked: { reason: 'lost', from: '2026-01-01T24:00:00Z' },
        },
      ],
    },
    ['bad-time signers.0.validAfter', 'bad-time signers.0.validBefore', 'bad-time signers.0.revoked.from'],
    /^there is no such time as 2026-02-30T00:00:00Z$/,
  ],
  [
    'no such list',
    { groups: [{ name: 'a', allowedSigners: 'trust/list' }] },
    ['missing-file groups.0.allowedSigners'],
    /^there is no file trust\/list/,
  ],
  [
    'a list of whom nobody can tell who it is',
    { groups: [{ name: 'a', allowedSigners: 'trust/pattern' }] },
    ['unusable-file groups.0.allowedSigners'],
    /^\*@example\.com names nobody/,
    1,
  ],
  [
    'a list of keys that sign something else',
    { groups: [{ name: 'a', allowedSigners: 'trust/mail' }] },
    ['unusable-file groups.0.allowedSigners'],
    /^the key of bob signs no commits: its namespaces are email$/,
    1,
  ],
  [
    'a list with the key of a signer',
    { groups: [{ name: 'a', allowedSigners: 'trust/twice' }] },
    ['doubled-key groups.0.allowedSigners'],
    /^the key of robert stands already with Ada/,
    2,
  ],
  [
    'a list twice',
    {
      groups: [
        { name: 'a', allowedSigners: 'trust/allowed_signers' },
        { name: 'b', allowedSigners: 'trust/allowed_signers' },
      ],
    },
    ['doubled-key groups.1.allowedSigners'],
    /^the key of bob@example\.com stands already with bob@example\.com/,
    1,
  ],
  [
    'a list with somebody else in the name of a signer',
    { groups: [{ name: 'a', allowedSigners: 'trust/impostor' }] },
    ['taken-name groups.0.allowedSigners'],
    /^Ada stands already in trust\/signers\.yaml: whoever may change this file could sign as them$/,
    1,
  ],
  [
    'a name in two lists',
    {
      groups: [
        { name: 'a', allowedSigners: 'trust/allowed_signers' },
        { name: 'b', allowedSigners: 'trust/more' },
      ],
    },
    ['taken-name groups.1.allowedSigners'],
    /^bob@example\.com stands already in trust\/allowed_signers: /,
    1,
  ],
  [
    'a list that cannot be read',
    { groups: [{ name: 'a', allowedSigners: 'trust/broken' }] },
    ['unusable-file groups.0.allowedSigners'],
    /^certificates are not supported/,
    2,
  ],
];

for (const [name, document, found, says, line] of faulty) {
  test(name, () => {
    const { faults } = readTrust({ signers: [adaEntry], ...document }, read);
    assert.equal(
      faults.map(({ code, path }) => `${code} ${path.join('.')}`),
      found,
    );
    assert.match(faults[0]?.message ?? '', says);
    assert.is(faults[0]?.place?.line, line);
  });
}

test.run();
