import { generateKeyPairSync } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSshKey, parseSshKeyText, SshKeyError } from '../../schema/ssh-key.ts';
import { SshWireError, SshWireReader, sshString } from '../../schema/ssh-wire.ts';
import { GitFixture } from '../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

const made = [
  ['ed25519', undefined, 'ssh-ed25519', 'ed25519'],
  ['rsa', 2048, 'ssh-rsa', 'rsa'],
  ['ecdsa', 256, 'ecdsa-sha2-nistp256', 'ecdsa'],
  ['ecdsa', 384, 'ecdsa-sha2-nistp384', 'ecdsa'],
  ['ecdsa', 521, 'ecdsa-sha2-nistp521', 'ecdsa'],
] as const;

for (const [type, bits, wireName, kind] of made) {
  test(`${wireName} as ssh-keygen makes it`, () => {
    const key = fixture.key(wireName, type, bits);
    const parsed = parseSshKeyText(key.publicKey);
    assert.is(parsed.type, wireName);
    assert.is(parsed.algorithm.kind, kind);
    assert.is(parsed.fingerprint, key.fingerprint);
    assert.is(parseSshKeyText(`${key.publicKey} somebody@somewhere`).fingerprint, key.fingerprint);
  });
}

test('keys of security keys', () => {
  const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const point = Buffer.from(ed25519.x ?? '', 'base64url');
  const parsed = parseSshKey(wire('sk-ssh-ed25519@openssh.com', point, 'ssh:'));
  assert.is(parsed.algorithm.kind, 'sk-ed25519');
  assert.is(parsed.key.asymmetricKeyType, 'ed25519');
  const ecdsa = parseSshKey(wire('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', ecPoint('P-256'), 'ssh:site'));
  assert.is(ecdsa.algorithm.kind, 'sk-ecdsa');
  if (ecdsa.algorithm.kind === 'sk-ecdsa') assert.is(Buffer.from(ecdsa.algorithm.application).toString(), 'ssh:site');
});

const p256 = ecPoint('P-256');
const offCurve = Buffer.from(p256);
offCurve[40] = (offCurve[40] ?? 0) ^ 1;
const modulus = (bits: number): Buffer => Buffer.concat([Buffer.from([0]), Buffer.alloc(bits / 8, 0xff)]);
const exponent = Buffer.from([1, 0, 1]);

const refused: readonly [name: string, bytes: Buffer, code: string][] = [
  ['nothing', Buffer.alloc(0), 'malformed-key'],
  ['DSA', wire('ssh-dss', exponent, exponent, exponent, exponent), 'unsupported-key'],
  ['a certificate', wire('ssh-ed25519-cert-v01@openssh.com', Buffer.alloc(32)), 'unsupported-key'],
  ['Ed25519 with 31 bytes', wire('ssh-ed25519', Buffer.alloc(31)), 'malformed-key'],
  ['Ed25519 with something behind', wire('ssh-ed25519', Buffer.alloc(32), 'more'), 'malformed-key'],
  ['RSA with 1024 bits', wire('ssh-rsa', exponent, modulus(1024)), 'weak-key'],
  [
    'RSA with 2047 bits',
    wire('ssh-rsa', exponent, Buffer.concat([Buffer.from([0x7f]), Buffer.alloc(255)])),
    'weak-key',
  ],
  ['RSA with 32768 bits', wire('ssh-rsa', exponent, modulus(32768)), 'unsupported-key'],
  ['RSA with exponent 1', wire('ssh-rsa', Buffer.from([1]), modulus(2048)), 'weak-key'],
  ['RSA with an even exponent', wire('ssh-rsa', Buffer.from([1, 0, 0]), modulus(2048)), 'weak-key'],
  ['RSA with a negative modulus', wire('ssh-rsa', exponent, Buffer.alloc(256, 0xff)), 'malformed-key'],
  ['ECDSA off its curve', wire('ecdsa-sha2-nistp256', 'nistp256', offCurve), 'malformed-key'],
  ['ECDSA of another curve', wire('ecdsa-sha2-nistp256', 'nistp384', ecPoint('P-384')), 'malformed-key'],
  ['ECDSA with a compressed point', wire('ecdsa-sha2-nistp256', 'nistp256', compressed(p256)), 'malformed-key'],
  ['a length beyond the end', Buffer.concat([sshString('ssh-ed25519'), Buffer.from([0, 0, 1, 0])]), 'malformed-key'],
  ['a name that is no text', wire(Buffer.from([0xff, 0]), Buffer.alloc(32)), 'malformed-key'],
];

for (const [name, bytes, code] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => parseSshKey(bytes),
      (error: unknown) => error instanceof SshKeyError && error.code === code,
    );
  });
}

test('a text must say what its key is', () => {
  const { publicKey } = fixture.key('mixed');
  const [, base64 = ''] = publicKey.split(' ');
  for (const text of [
    `ssh-rsa ${base64}`,
    'ssh-ed25519',
    `ssh-ed25519 ${base64}=`,
    `ssh-ed25519 ${base64.slice(1)}`,
    '',
  ]) {
    assert.throws(
      () => parseSshKeyText(text),
      (error: unknown) => error instanceof SshKeyError,
      text,
    );
  }
});

test('wire numbers', () => {
  const reader = (bytes: Buffer): SshWireReader => new SshWireReader(sshString(bytes));
  assert.equal([...reader(Buffer.from([0, 0, 0x80])).magnitude()], [0x80]);
  assert.equal([...reader(Buffer.from([0, 0])).magnitude()], []);
  assert.throws(
    () => reader(Buffer.from([0x80])).magnitude(),
    (error: unknown) => error instanceof SshWireError,
  );
});

function wire(...fields: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(fields.map((field) => sshString(field)));
}

function ecPoint(namedCurve: string): Buffer {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}

function compressed(point: Buffer): Buffer {
  return Buffer.concat([Buffer.from([2]), point.subarray(1, 33)]);
}

test.run();
