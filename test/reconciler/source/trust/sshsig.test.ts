import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCommit } from '../../../../reconciler/source/commit.ts';
import { verifySshSignature } from '../../../../reconciler/source/trust/sshsig.ts';
import { fingerprintOf } from '../../../../schema/ssh-key.ts';
import { SshWireReader, sshString } from '../../../../schema/ssh-wire.ts';
import { GitFixture, gitEnvironment, type TestKey } from '../../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const repository = fixture.repository();
const trusted: readonly TestKey[] = [
  fixture.key('ed25519'),
  fixture.key('rsa', 'rsa', 3072),
  fixture.key('p256', 'ecdsa', 256),
  fixture.key('p384', 'ecdsa', 384),
  fixture.key('p521', 'ecdsa', 521),
];
const [ada = fixture.key('never')] = trusted;
const stranger = fixture.key('stranger');
const securityKeys = [ed25519SecurityKey(), ecdsaSecurityKey()];
const touched = Buffer.from([1, 0, 0, 0, 7]);
const untouched = Buffer.from([4, 0, 0, 0, 7]);

repository.write('site.yaml', 'id: one\n');
const signedByAda = repository.object(repository.commit('a change', ada));
const payload = Buffer.from(parseCommit(signedByAda).payload);
const adasArmor = parseCommit(signedByAda).signature ?? '';

/** Put a signature where Git puts it: behind the last header. */
function withSignature(signed: Buffer, armor: string, header = 'gpgsig'): Buffer {
  const end = signed.indexOf('\n\n') + 1;
  const lines = `${header} ${armor.trimEnd().replaceAll('\n', '\n ')}\n`;
  return Buffer.concat([signed.subarray(0, end), Buffer.from(lines), signed.subarray(end)]);
}

function replaced(object: Buffer, from: string, to: string): Buffer {
  const text = object.toString('latin1');
  assert.ok(text.includes(from));
  return Buffer.from(text.replace(from, to), 'latin1');
}

/** The wire form behind an armor, changed, and armored again. */
function rearmored(armor: string, change: (wire: Buffer) => Buffer): string {
  const base64 = armor.trim().split('\n').slice(1, -1).join('');
  return armored(change(Buffer.from(base64, 'base64')));
}

function armored(wire: Buffer): string {
  const lines = wire.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n');
}

interface SecurityKey {
  readonly type: string;
  readonly publicKey: Buffer;
  sign(message: Buffer): Buffer;
}

function ed25519SecurityKey(): SecurityKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const type = 'sk-ssh-ed25519@openssh.com';
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const wire = Buffer.concat([sshString(type), sshString(point), sshString('ssh:')]);
  return { type, publicKey: wire, sign: (message) => sign(null, message, privateKey) };
}

function ecdsaSecurityKey(): SecurityKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const type = 'sk-ecdsa-sha2-nistp256@openssh.com';
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const fields = [type, 'nistp256', point, 'ssh:'].map((field) => sshString(field));
  return { type, publicKey: Buffer.concat(fields), sign: (message) => ecdsaBlob(message, privateKey) };
}

function ecdsaBlob(message: Buffer, key: KeyObject): Buffer {
  const both = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  const mpint = (number: Buffer): Buffer => {
    const first = number.findIndex((byte) => byte !== 0);
    const short = number.subarray(first);
    return sshString((short[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
  };
  return Buffer.concat([mpint(both.subarray(0, 32)), mpint(both.subarray(32))]);
}

/** What a security key makes of a payload; `flags` also holds the counter. */
function securityKeySignature(key: SecurityKey, signed: Buffer, flags: Buffer): string {
  const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();
  const digest = createHash('sha512').update(signed).digest();
  const fields = ['git', '', 'sha512'].map((field) => sshString(field));
  const message = Buffer.concat([Buffer.from('SSHSIG'), ...fields, sshString(digest)]);
  const blob = key.sign(Buffer.concat([sha256('ssh:'), flags, sha256(message)]));
  const signature = Buffer.concat([sshString(key.type), sshString(blob), flags]);
  const head = Buffer.concat([Buffer.from('SSHSIG'), Buffer.from([0, 0, 0, 1]), sshString(key.publicKey)]);
  return armored(Buffer.concat([head, ...fields, sshString(signature)]));
}

const allowedSigners = join(fixture.root, 'allowed_signers');
const publicKeys = [
  ...trusted.map(({ publicKey }) => publicKey),
  ...securityKeys.map(({ type, publicKey }) => `${type} ${publicKey.toString('base64')}`),
];
writeFileSync(allowedSigners, publicKeys.map((key) => `someone@example.org ${key}\n`).join(''));
const trustedFingerprints = new Set([
  ...trusted.map(({ fingerprint }) => fingerprint),
  ...securityKeys.map(({ publicKey }) => fingerprintOf(publicKey)),
]);

function gitAccepts(object: Buffer): boolean {
  const oid = repository.store(object);
  const args = ['-c', `gpg.ssh.allowedSignersFile=${allowedSigners}`, 'verify-commit', oid];
  return spawnSync('git', args, { cwd: repository.work, env: gitEnvironment }).status === 0;
}

/** `ok`, or why the commit is not accepted. */
function ourVerdict(object: Buffer): string {
  const commit = parseCommit(object);
  if (commit.signature === null) return 'unsigned';
  const verdict = verifySshSignature(commit.signature, commit.payload, 'git');
  if (!verdict.ok) return verdict.code;
  return trustedFingerprints.has(verdict.key.fingerprint) ? 'ok' : 'untrusted';
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const namespaceField = sshString('git');
const reservedIsText = (wire: Buffer): Buffer => {
  const reserved = wire.indexOf(namespaceField) + namespaceField.length;
  return Buffer.concat([wire.subarray(0, reserved), sshString('later'), wire.subarray(reserved + 4)]);
};
const otherHash = (wire: Buffer): Buffer => replaced(wire, 'sha512', 'sha256');
const otherVersion = (wire: Buffer): Buffer =>
  Buffer.concat([wire.subarray(0, 9), Buffer.from([2]), wire.subarray(10)]);
const doubled = (wire: Buffer): Buffer => Buffer.concat([wire, wire]);
const lastBitFlipped = (wire: Buffer): Buffer => {
  const flipped = Buffer.from(wire);
  flipped[wire.length - 1] = (flipped[wire.length - 1] ?? 0) ^ 1;
  return flipped;
};

const sameVerdict: readonly [name: string, object: Buffer, verdict: string][] = [
  ...trusted.map((key): [string, Buffer, string] => {
    return [`signed by ${key.name}`, repository.object(repository.commit(`by ${key.name}`, key)), 'ok'];
  }),
  ...securityKeys.map((key): [string, Buffer, string] => {
    return [`signed by ${key.type}`, withSignature(payload, securityKeySignature(key, payload, touched)), 'ok'];
  }),
  ['reserved field that is not empty', withSignature(payload, rearmored(adasArmor, reservedIsText)), 'ok'],
  ['header between committer and signature', replaced(signedByAda, '\ngpgsig ', '\nx y\ngpgsig '), 'bad-signature'],
  ['signature for the SHA-256 form added', withSignature(signedByAda, 'anything', 'gpgsig-sha256'), 'ok'],
  ['unsigned', payload, 'unsigned'],
  ['only signed for the SHA-256 form', withSignature(payload, adasArmor, 'gpgsig-sha256'), 'unsigned'],
  ['stranger', repository.object(repository.commit('by a stranger', stranger)), 'untrusted'],
  ['made for a file', withSignature(payload, fixture.sign(ada, payload, 'file')), 'wrong-namespace'],
  ['made for gitx', withSignature(payload, fixture.sign(ada, payload, 'gitx')), 'wrong-namespace'],
  ['other message', replaced(signedByAda, 'a change', 'a chance'), 'bad-signature'],
  ['other author', replaced(signedByAda, 'author Ada', 'author Eve'), 'bad-signature'],
  ['other tree', replaced(signedByAda, parseCommit(signedByAda).tree, emptyTree), 'bad-signature'],
  ['one byte less', signedByAda.subarray(0, -1), 'bad-signature'],
  ['one newline more', Buffer.concat([signedByAda, Buffer.from('\n')]), 'bad-signature'],
  ['signature of another commit', withSignature(payload, fixture.sign(ada, 'something else')), 'bad-signature'],
  ['last bit flipped', withSignature(payload, rearmored(adasArmor, lastBitFlipped)), 'bad-signature'],
  ['another hash than signed', withSignature(payload, rearmored(adasArmor, otherHash)), 'bad-signature'],
  ['version 2', withSignature(payload, rearmored(adasArmor, otherVersion)), 'unsupported-version'],
  [
    'cut off',
    withSignature(
      payload,
      rearmored(adasArmor, (wire) => wire.subarray(0, -9)),
    ),
    'malformed-signature',
  ],
  [
    'no magic',
    withSignature(
      payload,
      rearmored(adasArmor, (wire) => wire.subarray(6)),
    ),
    'malformed-signature',
  ],
  ['something behind', withSignature(payload, rearmored(adasArmor, doubled)), 'malformed-signature'],
  ['armor without end', withSignature(payload, adasArmor.split('\n').slice(0, -2).join('\n')), 'malformed-signature'],
  ['carriage returns in the armor', withSignature(payload, adasArmor.replaceAll('\n', '\r\n')), 'malformed-signature'],
  ['no base64', withSignature(payload, adasArmor.replace('U', '!')), 'malformed-signature'],
];

for (const [name, object, verdict] of sameVerdict) {
  test(`as git says: ${name}`, () => {
    assert.is(ourVerdict(object), verdict);
    assert.is(gitAccepts(object), verdict === 'ok');
  });
}

const stricter: readonly [name: string, object: Buffer, verdict: string][] = [
  ['text behind the armor', withSignature(payload, `${adasArmor}\nMerge what is good\n`), 'malformed-signature'],
  ...securityKeys.map((key): [string, Buffer, string] => {
    const signature = securityKeySignature(key, payload, untouched);
    return [`${key.type} that nobody touched`, withSignature(payload, signature), 'no-user-presence'];
  }),
];

for (const [name, object, verdict] of stricter) {
  test(`stricter than git: ${name}`, () => {
    assert.is(ourVerdict(object), verdict);
    assert.ok(gitAccepts(object));
  });
}

test('an RSA key that git takes is too weak', () => {
  const weak = fixture.key('weak', 'rsa', 1024);
  const verdict = verifySshSignature(fixture.sign(weak, payload), payload, 'git');
  assert.not.ok(verdict.ok);
  if (!verdict.ok) assert.equal([verdict.code, verdict.fingerprint], ['weak-key', weak.fingerprint]);
});

test('a hash, a key type or an algorithm that is not known', () => {
  const rsa = fixture.sign(trusted[1] ?? ada, payload);
  const cases: readonly [string, (wire: Buffer) => Buffer, string][] = [
    [adasArmor, (wire) => replaced(wire, 'sha512', 'sha384'), 'unsupported-hash'],
    [adasArmor, (wire) => replaced(wire, 'ssh-ed25519', 'ssh-ed25520'), 'unsupported-key'],
    [adasArmor, (wire) => swappedLast(wire, 'ssh-ed25519', 'ssh-ed25520'), 'wrong-algorithm'],
    [rsa, (wire) => swappedLast(wire, 'rsa-sha2-512', 'rsa-sha2-256'), 'bad-signature'],
    [rsa, (wire) => swappedLast(wire, 'rsa-sha2-512', 'ssh-rsa-sha1'), 'wrong-algorithm'],
  ];
  for (const [armor, change, code] of cases) {
    const verdict = verifySshSignature(rearmored(armor, change), payload, 'git');
    assert.is(verdict.ok ? 'ok' : verdict.code, code);
  }
});

test('a signature of the wrong length is a bad one', () => {
  for (const key of trusted) {
    const armor = fixture.sign(key, payload);
    for (const edit of [(blob: Buffer) => blob.subarray(0, -1), doubled, () => Buffer.alloc(0)]) {
      const verdict = verifySshSignature(
        rearmored(armor, (wire) => withBlob(wire, edit)),
        payload,
        'git',
      );
      assert.not.ok(verdict.ok);
      if (!verdict.ok) assert.match(verdict.code, key.publicKey.startsWith('ecdsa') ? /^(bad|malformed)-/ : /^bad-/);
    }
  }
});

/** An SSHSIG whose last two fields, algorithm and blob in one string, have another blob. */
function withBlob(wire: Buffer, edit: (blob: Buffer) => Buffer): Buffer {
  const reader = new SshWireReader(wire.subarray(10));
  const head = [reader.string(), reader.string(), reader.string(), reader.string()].map((field) => sshString(field));
  const signature = new SshWireReader(reader.string());
  const algorithm = sshString(signature.string());
  const blob = sshString(edit(Buffer.from(signature.string())));
  return Buffer.concat([wire.subarray(0, 10), ...head, sshString(Buffer.concat([algorithm, blob]))]);
}

function swappedLast(wire: Buffer, from: string, to: string): Buffer {
  const at = wire.lastIndexOf(from);
  return Buffer.concat([wire.subarray(0, at), Buffer.from(to), wire.subarray(at + from.length)]);
}

test('no bit of a signature can be flipped', () => {
  const base64 = adasArmor.trim().split('\n').slice(1, -1).join('');
  const wire = Buffer.from(base64, 'base64');
  for (let bit = 0; bit < wire.length * 8; bit++) {
    const flipped = Buffer.from(wire);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const verdict = verifySshSignature(armored(flipped), payload, 'git');
    // The key itself may become another one; that it is not trusted is for the caller to see.
    assert.not.ok(verdict.ok, `bit ${bit}`);
  }
});

test.run();
