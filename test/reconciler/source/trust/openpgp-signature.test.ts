import * as openpgp from 'openpgp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCommit } from '../../../../reconciler/source/commit.ts';
import { readOpenPgpKey } from '../../../../reconciler/source/trust/openpgp.ts';
import { verifySignature } from '../../../../reconciler/source/trust/signature.ts';
import { GitFixture } from '../../../git.ts';
import { GpgFixture, type GpgKey, keysMadeSeconds, signedSeconds } from '../../../gpg.ts';
import { armored, issuer, packetBytes, packets, repacked, unarmored, withUnsigned } from './openpgp-packet.ts';
import { replaced, withSignature } from './signed-object.ts';

const fixture = new GitFixture();
const gpg = new GpgFixture();
test.after(() => {
  fixture.remove();
  gpg.remove();
});
const repository = fixture.repository();
repository.at(signedSeconds);
repository.write('site.yaml', 'id: one\n');
const payload = repository.object(repository.commit('a change'));

const day = 24 * 3600;
const ada = gpg.key('ada');
const adasKey = gpg.publicKey(ada);
const rsa = gpg.key('rsa', { algorithm: 'rsa2048' });
const p256 = gpg.key('p256', { algorithm: 'nistp256' });
const p384 = gpg.key('p384', { algorithm: 'nistp384' });
const stranger = gpg.key('stranger');
const trusted = [ada, rsa, p256, p384].map((key) => gpg.publicKey(key));
const byAda = gpg.sign(ada, payload);

/** `ok`, or why the commit is not accepted. */
async function ourVerdict(object: Buffer, publicKeys: readonly string[], seconds: number): Promise<string> {
  const { signature, payload: signed } = parseCommit(object);
  if (signature === null) return 'unsigned';
  const keys = await Promise.all(publicKeys.map((key) => readOpenPgpKey(key)));
  const verdict = await verifySignature(signature, signed, keys, seconds);
  return verdict.ok ? 'ok' : verdict.code;
}

interface Case {
  readonly name: string;
  readonly object: Buffer;
  readonly verdict: string;
  /** Those that are known; all four by default. */
  readonly keys?: readonly string[];
  /** When it is judged, in seconds since 1970. */
  readonly seconds?: number;
}

const signedByAda = withSignature(payload, byAda);
const flipped = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
};

function key(made: GpgKey): { readonly object: Buffer; readonly keys: readonly string[] } {
  return { object: withSignature(payload, gpg.sign(made, payload)), keys: [gpg.publicKey(made)] };
}

/** Signed by a subkey of a primary key that only certifies, which is changed after that. */
function subkey(
  name: string,
  change: (made: GpgKey, subkey: string) => void = () => {},
): Pick<Case, 'object' | 'keys'> {
  const made = gpg.key(name, { usage: 'cert' });
  const signer = gpg.subkey(made);
  const object = withSignature(payload, gpg.sign(signer, payload));
  change(made, signer);
  return { object, keys: [gpg.publicKey(made)] };
}

/** Signed by a key that is changed after that. @param laterSeconds when it is signed, after the commit */
function changed(name: string, change: (made: GpgKey) => void, laterSeconds = 0): Pick<Case, 'object' | 'keys'> {
  const made = gpg.key(name);
  const object = withSignature(payload, gpg.sign(made, payload, { seconds: signedSeconds + laterSeconds }));
  change(made);
  return { object, keys: [gpg.publicKey(made)] };
}

const shortLived = gpg.key('short-lived', { lifetimeSeconds: signedSeconds + day - keysMadeSeconds });
const shortSubkey = gpg.key('short-subkey', { usage: 'cert' });
gpg.subkey(shortSubkey, { lifetimeSeconds: signedSeconds + day - keysMadeSeconds });
const uncrossed = subkey('uncrossed');
/** The subkey's binding loses what gpg keeps in its unsigned part: the signature of the subkey itself. */
const uncrossedKey = (uncrossed.keys ?? []).map((armor) =>
  repacked(
    armor,
    (all) => {
      const primary = parseFingerprint(armor);
      return all.map((packet, index) => (index === all.length - 1 ? withUnsigned(packet, issuer(primary)) : packet));
    },
    'PGP PUBLIC KEY BLOCK',
  ),
);

/** The fingerprint that the user ID's signature names: gpg signs it as subpacket 33, and that comes first. */
function parseFingerprint(armor: string): string {
  const signature = packets(unarmored(armor)).find(({ tag }) => tag === 2)?.body ?? Buffer.alloc(0);
  return signature.subarray(9, 29).toString('hex');
}

const sameVerdict: readonly Case[] = [
  ...[ada, rsa, p256, p384].map((made): Case => {
    return { name: `signed by ${made.name}`, object: withSignature(payload, gpg.sign(made, payload)), verdict: 'ok' };
  }),
  ...['SHA384', 'SHA512'].map((hash): Case => {
    const armor = gpg.sign(ada, payload, { options: ['--digest-algo', hash] });
    return { name: `over ${hash}`, object: withSignature(payload, armor), verdict: 'ok' };
  }),
  { name: 'armor without checksum', object: withSignature(payload, armored(unarmored(byAda))), verdict: 'ok' },
  {
    name: 'armor with headers',
    object: withSignature(payload, byAda.replace('\n', '\nVersion: GnuPG v2\nComment: \n')),
    verdict: 'ok',
  },
  { name: 'unsigned', object: payload, verdict: 'unsigned' },
  { name: 'a stranger', object: withSignature(payload, gpg.sign(stranger, payload)), verdict: 'unknown-key' },
  { name: 'no key is known', object: signedByAda, keys: [], verdict: 'unknown-key' },
  {
    name: 'a stranger under the id of a trusted key',
    object: withSignature(
      payload,
      repacked(gpg.sign(stranger, payload), (all) =>
        all.map((packet) => withUnsigned(packet, issuer(ada.fingerprint))),
      ),
    ),
    verdict: 'bad-signature',
  },
  { name: 'other message', object: replaced(signedByAda, 'a change', 'a chance'), verdict: 'bad-signature' },
  { name: 'other author', object: replaced(signedByAda, 'author Ada', 'author Eve'), verdict: 'bad-signature' },
  {
    name: 'other tree',
    object: replaced(signedByAda, parseCommit(payload).tree, '4b825dc642cb6eb9a060e54bf8d69288fbee4904'),
    verdict: 'bad-signature',
  },
  { name: 'one byte less', object: signedByAda.subarray(0, -1), verdict: 'bad-signature' },
  { name: 'one newline more', object: Buffer.concat([signedByAda, Buffer.from('\n')]), verdict: 'bad-signature' },
  {
    name: 'carriage returns in the message',
    object: replaced(signedByAda, 'change\n', 'change\r\n'),
    verdict: 'bad-signature',
  },
  {
    name: 'signature of something else',
    object: withSignature(payload, gpg.sign(ada, 'else')),
    verdict: 'bad-signature',
  },
  {
    name: 'last bit flipped',
    object: withSignature(payload, armored(flipped(unarmored(byAda)))),
    verdict: 'bad-signature',
  },
  {
    name: 'last bit flipped, RSA',
    object: withSignature(payload, armored(flipped(unarmored(gpg.sign(rsa, payload))))),
    verdict: 'bad-signature',
  },
  {
    name: 'a message slipped in behind a blank at the end of the armor',
    object: replaced(signedByAda, '-----END PGP SIGNATURE-----\n', '-----END PGP SIGNATURE----- \n\nEvil\n'),
    verdict: 'malformed-signature',
  },
  {
    name: 'a header slipped in behind the signature',
    object: replaced(signedByAda, '-----END PGP SIGNATURE-----\n', '-----END PGP SIGNATURE-----\nnote evil\n'),
    verdict: 'bad-signature',
  },
  {
    name: 'cut off',
    object: withSignature(payload, armored(unarmored(byAda).subarray(0, -9))),
    verdict: 'malformed-signature',
  },
  {
    name: 'wrong checksum',
    object: withSignature(payload, byAda.replace(/\n=\S{4}\n/, '\n=AAAA\n')),
    verdict: 'malformed-signature',
  },
  { name: 'an empty armor', object: withSignature(payload, armored(Buffer.alloc(0))), verdict: 'malformed-signature' },
  { name: 'text in front', object: withSignature(payload, `Good\n${byAda}`), verdict: 'malformed-signature' },
  {
    name: 'two signatures in one armor',
    object: withSignature(payload, armored(Buffer.concat([unarmored(byAda), unarmored(gpg.sign(rsa, payload))]))),
    verdict: 'several-signatures',
  },
  {
    name: 'a public key instead of a signature',
    object: withSignature(payload, armored(unarmored(adasKey))),
    verdict: 'malformed-signature',
  },
  {
    name: 'a signed message instead of a signature',
    object: withSignature(
      payload,
      armored(packetBytes([{ tag: 11, body: Buffer.from('b\0\0\0\0\0x') }]), 'PGP MESSAGE'),
    ),
    verdict: 'unsupported-signature',
  },
  {
    name: 'X.509',
    object: withSignature(payload, '-----BEGIN SIGNED MESSAGE-----\nMIIA\n-----END SIGNED MESSAGE-----\n'),
    verdict: 'unsupported-signature',
  },
  { name: 'nothing that is known', object: withSignature(payload, 'signed by me\n'), verdict: 'unsupported-signature' },
  {
    name: 'over MD5',
    object: withSignature(payload, gpg.sign(ada, payload, { options: ['--digest-algo', 'MD5'] })),
    verdict: 'weak-hash',
  },
  { name: 'signed by a subkey', ...subkey('subkey'), verdict: 'ok' },
  {
    name: 'a subkey that has not signed that it belongs there',
    object: uncrossed.object,
    keys: uncrossedKey,
    verdict: 'not-a-signing-key',
  },
  {
    name: 'a subkey that was revoked later',
    ...subkey('revoked-subkey', (made) => gpg.revokeSubkey(made, 1, signedSeconds + day)),
    verdict: 'key-revoked',
  },
  {
    name: 'a subkey whose primary key was revoked',
    ...subkey('revoked-primary', (made) => gpg.revoke(made)),
    verdict: 'key-revoked',
  },
  { name: 'a revoked key', ...changed('revoked', (made) => gpg.revoke(made)), verdict: 'key-revoked' },
  { name: 'before the key expires', ...key(shortLived), seconds: signedSeconds + day - 1, verdict: 'ok' },
  { name: 'when the key expires', ...key(shortLived), seconds: signedSeconds + day + 1, verdict: 'key-expired' },
  { name: 'before the subkey expires', ...key(shortSubkey), seconds: signedSeconds + day - 1, verdict: 'ok' },
  {
    name: 'when the subkey has expired',
    ...key(shortSubkey),
    seconds: signedSeconds + day + 1,
    verdict: 'key-expired',
  },
  {
    name: 'a key that expired, and was prolonged later',
    ...changed('prolonged', (made) => {
      gpg.setExpiry(made, signedSeconds - day, keysMadeSeconds + day);
      gpg.setExpiry(made, signedSeconds + 9 * day, signedSeconds + 5 * day);
    }),
    verdict: 'ok',
  },
  {
    name: 'a key whose life was cut short later',
    ...changed('shortened', (made) => gpg.setExpiry(made, signedSeconds + 2 * day, signedSeconds + day)),
    seconds: signedSeconds + 3 * day,
    verdict: 'key-expired',
  },
  {
    name: 'judged before there was the key',
    object: signedByAda,
    seconds: keysMadeSeconds - day,
    verdict: 'key-not-yet-valid',
  },
  {
    name: 'a signature that has expired',
    object: withSignature(payload, gpg.sign(ada, payload, { options: ['--default-sig-expire', '1d'] })),
    seconds: signedSeconds + 2 * day,
    verdict: 'expired-signature',
  },
  {
    name: 'a signature that has not expired yet',
    object: withSignature(payload, gpg.sign(ada, payload, { options: ['--default-sig-expire', '1d'] })),
    verdict: 'ok',
  },
  {
    name: 'a key that may no longer sign',
    ...changed('no-signing', (made) => gpg.toggleSigning(made)),
    verdict: 'not-a-signing-key',
  },
  {
    name: 'a second armor',
    object: withSignature(payload, byAda + gpg.sign(rsa, payload)),
    verdict: 'malformed-signature',
  },
];

const weakBinding = gpg.key('weak-binding', { options: ['--cert-digest-algo', 'SHA1'] });
const weakSubkey = await boundBySha1();

/** gpg would not bind a subkey by SHA-1 any more, but takes one that is. */
async function boundBySha1(): Promise<Pick<Case, 'object' | 'keys'>> {
  const date = new Date(keysMadeSeconds * 1000);
  const { privateKey } = await openpgp.generateKey({
    type: 'rsa',
    rsaBits: 2048,
    userIDs: [{ name: 'weak-subkey', email: 'weak-subkey@example.org' }],
    subkeys: [],
    date,
    format: 'object',
  });
  const { sha1 } = openpgp.enums.hash;
  const config = { ...openpgp.config, preferredHashAlgorithm: sha1, nonDeterministicSignaturesViaNotation: false };
  const key = await privateKey.addSubkey({ type: 'rsa', rsaBits: 2048, sign: true, date, config });
  const message = await openpgp.createMessage({ binary: payload });
  const armor = await openpgp.sign({
    message,
    signingKeys: key,
    detached: true,
    date: new Date(signedSeconds * 1000),
    signingKeyIDs: key.getSubkeys()[0]?.getKeyID() ?? [],
  });
  return { object: withSignature(payload, String(armor)), keys: [key.toPublic().armor()] };
}

const late = changed('late', (made) => gpg.setExpiry(made, signedSeconds + day, keysMadeSeconds + day), 2 * day);

/** Refused though git accepts it. */
const stricter: readonly Case[] = [
  { name: 'RSA of 1024 bits', ...key(gpg.key('rsa1024', { algorithm: 'rsa1024' })), verdict: 'weak-key' },
  {
    name: 'a curve that is not one of NIST',
    ...key(gpg.key('brainpool', { algorithm: 'brainpoolP256r1' })),
    verdict: 'unsupported-key',
  },
  { name: 'DSA', ...key(gpg.key('dsa', { algorithm: 'dsa1024' })), verdict: 'unsupported-key' },
  ...['SHA1', 'RIPEMD160', 'SHA224'].map((hash): Case => {
    const armor = gpg.sign(ada, payload, { options: ['--digest-algo', hash] });
    return { name: `over ${hash}`, object: withSignature(payload, armor), verdict: 'weak-hash' };
  }),
  { name: 'a key bound by SHA-1', ...key(weakBinding), verdict: 'weak-hash' },
  { name: 'a subkey bound by SHA-1', ...weakSubkey, verdict: 'weak-hash' },
  {
    name: 'over text, with line ends as they please',
    object: withSignature(payload, gpg.sign(ada, payload, { options: ['--textmode'] })),
    verdict: 'unsupported-signature',
  },
  {
    name: 'made after the key had expired, for a commit that says it is older',
    ...late,
    verdict: 'key-expired',
  },
  {
    name: 'text behind the armor',
    object: withSignature(payload, `${byAda}\nMerge what is good\n`),
    verdict: 'malformed-signature',
  },
  {
    name: 'an armor without end',
    object: withSignature(payload, byAda.split('\n').slice(0, -2).join('\n')),
    verdict: 'malformed-signature',
  },
  {
    name: 'a blank at the end of the armor',
    object: replaced(signedByAda, '-----END PGP SIGNATURE-----\n', '-----END PGP SIGNATURE----- \n'),
    verdict: 'malformed-signature',
  },
  {
    name: 'carriage returns in the armor',
    object: withSignature(payload, byAda.replaceAll('\n', '\r\n')),
    verdict: 'malformed-signature',
  },
];

for (const [table, gitAgrees] of [
  [sameVerdict, true],
  [stricter, false],
] as const) {
  for (const { name, object, verdict, keys = trusted, seconds = signedSeconds } of table) {
    test(`${gitAgrees ? 'as git says' : 'stricter than git'}: ${name}`, async () => {
      assert.is(await ourVerdict(object, keys, seconds), verdict);
      assert.is(gpg.gitAccepts(repository, object, keys, { seconds }), gitAgrees ? verdict === 'ok' : true);
    });
  }
}

test.run();
