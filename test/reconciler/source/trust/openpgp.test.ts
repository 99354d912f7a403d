import * as openpgp from 'openpgp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OpenPgpKeyError, readOpenPgpKey } from '../../../../reconciler/source/trust/openpgp.ts';
import { type OpenPgpVerdict, verifyOpenPgpSignature } from '../../../../reconciler/source/trust/openpgp-signature.ts';
import { GpgFixture, keysMadeSeconds, signedSeconds } from '../../../gpg.ts';
import { armored, packets, repacked, type TestPacket, unarmored } from './openpgp-packet.ts';

const gpg = new GpgFixture();
test.after(() => gpg.remove());
const payload = Buffer.from('tree\n\na change\n');
const day = 24 * 3600;
const ada = gpg.key('ada');
const eve = gpg.key('eve');
const adasKey = gpg.publicKey(ada);
const byAda = gpg.sign(ada, payload);

async function verified(armor: string, ...publicKeys: readonly string[]): Promise<OpenPgpVerdict> {
  const keys = await Promise.all(publicKeys.map((key) => readOpenPgpKey(key)));
  return verifyOpenPgpSignature(armor, payload, keys, signedSeconds);
}

test('a key with its subkeys', async () => {
  const made = gpg.key('grace', { lifetimeSeconds: 9 * day });
  const signer = gpg.subkey(made, { algorithm: 'rsa2048', madeSeconds: keysMadeSeconds + day, lifetimeSeconds: day });
  const encrypter = gpg.subkey(made, { algorithm: 'cv25519', usage: 'encr', lifetimeSeconds: 99 * day });
  const { fingerprint, parts } = await readOpenPgpKey(Buffer.from(gpg.publicKey(made)));
  assert.is(fingerprint, made.fingerprint);
  const shown = parts.map((part) => [part.fingerprint, part.createdSeconds, part.expiresSeconds, part.fault?.code]);
  assert.equal(shown, [
    [made.fingerprint, keysMadeSeconds, keysMadeSeconds + 9 * day, undefined],
    [signer, keysMadeSeconds + day, keysMadeSeconds + 2 * day, undefined],
    [encrypter, keysMadeSeconds, keysMadeSeconds + 9 * day, 'not-a-signing-key'],
  ]);
});

test('a signature by a subkey is one of its primary key', async () => {
  const made = gpg.key('hedy', { usage: 'cert' });
  const armor = gpg.sign(gpg.subkey(made), payload);
  assert.equal(await verified(armor, adasKey, gpg.publicKey(made)), { ok: true, fingerprint: made.fingerprint });
});

test('an unknown key is called by what the signature says', async () => {
  const verdict = await verified(byAda, gpg.publicKey(eve));
  assert.not.ok(verdict.ok);
  if (!verdict.ok) assert.equal([verdict.code, verdict.fingerprint], ['unknown-key', ada.fingerprint]);
});

test('a key in lines of Windows', async () => {
  assert.is((await readOpenPgpKey(adasKey.replaceAll('\n', '\r\n'))).fingerprint, ada.fingerprint);
});

const publicBlock = 'PGP PUBLIC KEY BLOCK';
const secret = gpg.privateKey(ada);
const unreadable: readonly [name: string, file: string, code: string][] = [
  ['nothing', '', 'malformed-key'],
  ['no armor', 'ssh-ed25519 AAAA', 'malformed-key'],
  ['text in front', `Ada's key\n${adasKey}`, 'malformed-key'],
  ['text behind', `${adasKey}\nAda\n`, 'malformed-key'],
  ['a signature', byAda, 'malformed-key'],
  ['a signature in the armor of a key', armored(unarmored(byAda), publicBlock), 'malformed-key'],
  ['cut off', armored(unarmored(adasKey).subarray(0, -5), publicBlock), 'malformed-key'],
  ['a wrong checksum', adasKey.replace(/\n=\S{4}\n/, '\n=AAAA\n'), 'malformed-key'],
  ['two armors', adasKey + gpg.publicKey(eve), 'malformed-key'],
  [
    'two keys in one armor',
    armored(Buffer.concat([unarmored(adasKey), unarmored(gpg.publicKey(eve))]), publicBlock),
    'several-keys',
  ],
  ['a private key', secret, 'private-key'],
  ['a private key behind the public one', adasKey + secret, 'private-key'],
  ['a private key in the armor of a public one', armored(unarmored(secret), publicBlock), 'private-key'],
  [
    'a private subkey among the rest',
    repacked(adasKey, (all) => [...all, { tag: 7, body: Buffer.from('secret') }], publicBlock),
    'private-key',
  ],
  [
    'a packet of a version that is not known',
    repacked(adasKey, (all) => [...all, { tag: 2, body: Buffer.from([3, 5, 0x18, 0, 0]) }], publicBlock),
    'unsupported-key',
  ],
  [
    'a packet that is no part of a key',
    repacked(adasKey, (all) => [...all, { tag: 11, body: payload }], publicBlock),
    'unsupported-key',
  ],
  ['more than 256 KiB', adasKey + '\n'.repeat(256 * 1024), 'key-too-large'],
];

for (const [name, file, code] of unreadable) {
  test(`no key: ${name}`, async () => {
    const error = await readOpenPgpKey(file).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    assert.instance(error, OpenPgpKeyError);
    if (!(error instanceof OpenPgpKeyError)) return;
    assert.is(error.code, code);
    const base64 = file.split('\n').filter((line) => line.length > 40 && !line.startsWith('-'));
    assert.not.ok(
      base64.some((line) => error.message.includes(line)),
      'the message shows something of the file',
    );
  });
}

test('a key that another may revoke', async () => {
  const made = gpg.key('joan');
  gpg.addRevoker(made, eve);
  const error = await readOpenPgpKey(gpg.publicKey(made)).catch((thrown: unknown) => thrown);
  assert.instance(error, OpenPgpKeyError);
  assert.match(String(error), /names another one that may revoke it/);
});

test('what is said with a user ID counts until that is revoked', async () => {
  const made = gpg.key('mary');
  gpg.addRevokedUserId(made, 'Mary', keysMadeSeconds + day, keysMadeSeconds + 2 * day);
  const armor = gpg.sign(made, payload);
  const isRevocation = ({ tag, body }: TestPacket): boolean => tag === 2 && body[1] === 0x30;
  /** The key as if it had only its second user ID. */
  const second = (all: TestPacket[]): TestPacket[] => {
    return [...all.slice(0, 1), ...all.slice(all.findIndex(({ body }) => body.toString() === 'Mary'))];
  };
  const revoked = repacked(gpg.publicKey(made), second, publicBlock);
  const unrevoked = repacked(revoked, (all) => all.filter((packet) => !isRevocation(packet)), publicBlock);
  assert.not.equal(revoked, unrevoked);
  assert.ok((await verified(armor, gpg.publicKey(made))).ok);
  assert.ok((await verified(armor, unrevoked)).ok);
  const verdict = await verified(armor, revoked);
  assert.is(verdict.ok ? 'ok' : verdict.code, 'not-a-signing-key');
});

test('a key without what its owner says of it', async () => {
  const bare = repacked(adasKey, (all) => all.filter(({ tag }) => tag !== 2), publicBlock);
  const foreign = repacked(
    adasKey,
    (all) => [
      ...all.filter(({ tag }) => tag !== 2),
      ...packets(unarmored(gpg.publicKey(eve))).filter(({ tag }) => tag === 2),
    ],
    publicBlock,
  );
  for (const key of [bare, foreign]) {
    const verdict = await verified(byAda, key);
    assert.is(verdict.ok ? 'ok' : verdict.code, 'not-a-signing-key');
  }
});

test('a subkey that was taken from another key', async () => {
  const victim = gpg.key('victim', { usage: 'cert' });
  const armor = gpg.sign(gpg.subkey(victim), payload);
  const taken = packets(unarmored(gpg.publicKey(victim))).slice(-2);
  const thief = repacked(gpg.publicKey(eve), (all) => [...all, ...taken], publicBlock);
  const verdict = await verified(armor, thief);
  assert.is(verdict.ok ? 'ok' : verdict.code, 'not-a-signing-key');
});

test('of two keys with the same id the one counts that has signed', async () => {
  // The forged one says that it is Ada's, and cannot have signed.
  const adas = await readOpenPgpKey(adasKey);
  const [part] = adas.parts;
  const [evesPart] = (await readOpenPgpKey(gpg.publicKey(eve))).parts;
  if (!part || !evesPart) throw new Error('keys have parts');
  const packet = Object.create(evesPart.packet, { getKeyID: { value: () => part.packet.getKeyID() } });
  const twin = { fingerprint: eve.fingerprint, parts: [{ ...evesPart, packet }] };
  for (const keys of [
    [adas, twin],
    [twin, adas],
  ]) {
    assert.equal(await verifyOpenPgpSignature(byAda, payload, keys, signedSeconds), {
      ok: true,
      fingerprint: ada.fingerprint,
    });
  }
  const verdict = await verifyOpenPgpSignature(byAda, payload, [twin], signedSeconds);
  assert.is(verdict.ok ? 'ok' : verdict.code, 'bad-signature');
});

test('version 6', async () => {
  const date = new Date(keysMadeSeconds * 1000);
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'curve25519',
    userIDs: [{ name: 'Ada' }],
    date,
    keyExpirationTime: signedSeconds + day - keysMadeSeconds,
    format: 'object',
    config: { v6Keys: true },
  });
  const message = await openpgp.createMessage({ binary: payload });
  const signed = new Date(signedSeconds * 1000);
  const armor = String(await openpgp.sign({ message, signingKeys: privateKey, detached: true, date: signed }));
  const key = await readOpenPgpKey(publicKey.armor());
  const fingerprint = publicKey.getFingerprint().toUpperCase();
  assert.is(fingerprint.length, 64);
  const at = (seconds: number, bytes = payload): Promise<OpenPgpVerdict> =>
    verifyOpenPgpSignature(armor, bytes, [key], seconds);
  assert.equal(await at(signedSeconds), { ok: true, fingerprint });
  const late = await at(signedSeconds + day);
  assert.is(late.ok ? 'ok' : late.code, 'key-expired');
  const other = await at(signedSeconds, Buffer.from('other'));
  assert.is(other.ok ? 'ok' : other.code, 'bad-signature');
});

test('signatures of a sort, version or algorithm that is not known', async () => {
  const cases: readonly [offset: number, value: number, code: string][] = [
    [0, 3, 'unsupported-signature'],
    [0, 5, 'unsupported-signature'],
    [1, 0x10, 'unsupported-signature'],
    [1, 0x01, 'unsupported-signature'],
    [2, 17, 'unsupported-key'],
    [2, 99, 'unsupported-key'],
    [2, 1, 'malformed-signature'],
    [2, 19, 'wrong-algorithm'],
    [3, 10, 'bad-signature'],
    [3, 99, 'weak-hash'],
  ];
  for (const [offset, value, code] of cases) {
    const armor = repacked(byAda, (all) =>
      all.map(({ tag, body }) => ({
        tag,
        body: Buffer.concat([body.subarray(0, offset), Buffer.from([value]), body.subarray(offset + 1)]),
      })),
    );
    const verdict = await verified(armor, adasKey);
    assert.is(verdict.ok ? 'ok' : verdict.code, code, `${offset}: ${value}`);
  }
});

test('a huge armor is not even looked at', async () => {
  const verdict = await verified(byAda + '\n'.repeat(64 * 1024), adasKey);
  assert.is(verdict.ok ? 'ok' : verdict.message, 'the signature is malformed: it is larger than 64 KiB');
});

test('no bit that counts can be flipped', async () => {
  const wire = unarmored(byAda);
  const key = await readOpenPgpKey(adasKey);
  const taken: number[] = [];
  for (let bit = 0; bit < wire.length * 8; bit++) {
    const flipped = Buffer.from(wire);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const verdict = await verifyOpenPgpSignature(armored(flipped), payload, [key], signedSeconds);
    if (verdict.ok) taken.push(bit);
  }
  // Not signed: what stands in the unsigned part, and lengths in bits that come to the same number of bytes.
  const unsignedStart = 2 + 6 + wire.readUInt16BE(2 + 4);
  const unsignedEnd = unsignedStart + 2 + wire.readUInt16BE(unsignedStart);
  const firstNumber = unsignedEnd + 2;
  const secondNumber = firstNumber + 2 + Math.ceil(wire.readUInt16BE(firstNumber) / 8);
  const counts = taken
    .map((bit) => bit >> 3)
    .filter((byte) => byte < unsignedStart || byte >= unsignedEnd)
    .filter((byte) => ![firstNumber, firstNumber + 1, secondNumber, secondNumber + 1].includes(byte));
  assert.equal(counts, []);
});

test.run();
