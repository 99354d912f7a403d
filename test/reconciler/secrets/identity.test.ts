// Files of private keys, by the programs that make them: which can be used, and what is said of the others.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIdentities } from '../../../reconciler/secrets/identity.ts';
import { IdentityError } from '../../../reconciler/secrets/identity-error.ts';
import { skip } from '../../skip.ts';
import { AgeFixture, type AgeKey, hasAge } from './age.ts';

const fixture = new AgeFixture();
test.after(() => fixture.remove());

const textOf = ({ file }: AgeKey): string => readFileSync(file, 'utf8');
const ssh = textOf(fixture.sshKey('ssh'));
const kindsIn = (text: string): readonly string[] => parseIdentities(text).map(({ kind }) => kind);

function faultOf(text: string): IdentityError {
  try {
    parseIdentities(text);
  } catch (error) {
    assert.instance(error, IdentityError);
    return error as IdentityError;
  }
  throw new Error('the keys were read');
}

/** Nothing of a key may get into a message. */
function faultWithoutKey(text: string): string {
  const { code, message } = faultOf(text);
  for (const line of text.split('\n')) if (line.length > 12) assert.not(message.includes(line.slice(-12)), message);
  return `${code}: ${message}`;
}

test('an SSH key, with white space and line ends of all kinds around it', () => {
  for (const text of [ssh, `\n${ssh}\n\n`, ssh.replaceAll('\n', '\r\n')]) assert.equal(kindsIn(text), ['ssh-ed25519']);
});

test('what prints an identity shows its kind only', () => {
  const [identity] = parseIdentities(ssh);
  assert.is(inspect({ identity }), '{ identity: AgeIdentity(ssh-ed25519) }');
  assert.is(JSON.stringify(identity), '{"kind":"ssh-ed25519"}');
});

test('SSH keys that cannot be used, and what to do', () => {
  const locked = textOf(fixture.sshKey('locked', 'hunter2'));
  assert.match(faultWithoutKey(locked), /^locked-identity: the SSH key has a passphrase.*ssh-keygen -p.*age-keygen/s);
  const rsa = textOf(fixture.sshKey('rsa', '', '-t', 'rsa', '-b', '2048'));
  assert.match(faultWithoutKey(rsa), /^unsupported-identity: SSH keys of type ssh-rsa cannot open secrets/);
  const ecdsa = textOf(fixture.sshKey('ecdsa', '', '-t', 'ecdsa'));
  assert.match(faultWithoutKey(ecdsa), /^unsupported-identity: SSH keys of type ecdsa-sha2-nistp256/);
  const pem = fixture.sshKey('pem', '', '-t', 'rsa', '-b', '2048', '-m', 'PEM');
  assert.match(faultWithoutKey(textOf(pem)), /^unsupported-identity: private keys in PEM are not supported/);
});

test('an SSH key of which a byte is missing or another is damaged', () => {
  const bytes = Buffer.from(ssh.split('\n').slice(1, -2).join(''), 'base64');
  const armored = (content: Uint8Array): string =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(content).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
  assert.equal(kindsIn(armored(bytes)), ['ssh-ed25519']);
  for (let length = 0; length < bytes.length - 8; length++) {
    assert.is(faultOf(armored(bytes.subarray(0, length))).code, 'malformed-identity', `${length} bytes`);
  }
  // The public key within the private part is held against the one beside it.
  const damaged = Uint8Array.from(bytes);
  const at = bytes.lastIndexOf('ssh-ed25519') + 'ssh-ed25519'.length + 4;
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  assert.is(faultOf(armored(damaged)).code, 'malformed-identity');
  assert.is(faultOf(ssh.replace(/-----END.*/, '')).code, 'malformed-identity');
});

test('files that hold no private key', () => {
  assert.match(faultWithoutKey(''), /^malformed-identity: the file holds no private key$/);
  assert.match(faultWithoutKey('# only this\n'), /holds no private key$/);
  assert.match(faultWithoutKey('{"user":"root","password":"calvin"}\n'), /is no private key of age/);
  assert.match(faultWithoutKey(readFileSync(join(fixture.root, 'ssh.key.pub'), 'utf8')), /holds a public key/);
  assert.match(faultWithoutKey('AGE-PLUGIN-YUBIKEY-1QQQQQQQQ\n'), /^unsupported-identity: keys of plugins/);
  assert.match(faultWithoutKey(`AGE-SECRET-KEY-1${'Q'.repeat(58)}\n`), /^malformed-identity/);
});

if (!hasAge) skip(test, 'keys of age', 'no age (Debian package age)');
else {
  const age = fixture.ageKey('age');

  test('keys of age, one or several, with comments', () => {
    assert.equal(kindsIn(textOf(age)), ['X25519']);
    assert.equal(kindsIn(`${textOf(age)}\n# another\r\n${textOf(fixture.ageKey('second'))}`), ['X25519', 'X25519']);
    assert.match(faultWithoutKey(age.publicKey), /^malformed-identity: the file holds a public key/);
  });

  test('keys of age that are sealed themselves', () => {
    for (const options of [[], ['--armor']]) {
      const sealed = execFileSync('age', ['-r', age.publicKey, ...options], { input: textOf(age) });
      assert.is(faultOf(sealed.toString('latin1')).code, 'locked-identity');
    }
  });
}

test.run();
