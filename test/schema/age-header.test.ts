// What is read of a sealed file without a key, and what is none.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AgeHeaderError, looksSealed, parseAgeHeader } from '../../schema/age-header.ts';
import { ageStanza, armored, passphraseStanza, sealedFile, sshStanza } from './sealed-file.ts';

const chunk = 65_536 + 16;
const ssh = sshStanza('cyt7iQ');

const sound: readonly (readonly [string, Uint8Array, readonly string[]])[] = [
  ['to one key', sealedFile([ageStanza]), ['X25519']],
  ['to several', sealedFile([ageStanza, ssh, ageStanza]), ['X25519', 'ssh-ed25519', 'X25519']],
  ['with a passphrase', sealedFile([passphraseStanza]), ['scrypt']],
  ['to an unknown kind', sealedFile(['-> x/y a b c\n\n']), ['x/y']],
  ['with a body of two lines', sealedFile([`-> z a\n${'A'.repeat(64)}\nAAAA\n`]), ['z']],
  ['with a body that ends with its line', sealedFile([`-> z a\n${'A'.repeat(64)}\n\n`]), ['z']],
  ['of nothing', sealedFile([ageStanza], 32), ['X25519']],
  ['of one whole chunk', sealedFile([ageStanza], 16 + chunk), ['X25519']],
  ['of a chunk and a byte', sealedFile([ageStanza], 16 + chunk + 17), ['X25519']],
];

for (const [name, file, types] of sound) {
  test(`a file sealed ${name}, binary and armored`, () => {
    for (const [bytes, isArmored] of [
      [file, false],
      [Buffer.from(armored(file)), true],
      [Buffer.from(armored(file).replaceAll('\n', '\r\n')), true],
    ] as const) {
      assert.ok(looksSealed(bytes));
      const header = parseAgeHeader(bytes);
      assert.is(header.armored, isArmored);
      assert.equal(
        header.stanzas.map(({ type }) => type),
        types,
      );
    }
  });
}

const whole = sealedFile([ageStanza]);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const broken = (from: string | RegExp, to: string): Buffer => {
  const result = text(whole).replace(from, to);
  assert.is.not(result, text(whole));
  return Buffer.from(result, 'latin1');
};

const unsound: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['nothing', new Uint8Array(), /cut off in its header/],
  ['text', Buffer.from('user: root\n'), /does not begin/],
  ['another version', broken('/v1', '/v2'), /does not begin/],
  ['nobody', sealedFile([]), /sealed to nobody/],
  ['a header that does not end', whole.subarray(0, 60), /cut off in its header/],
  ['a MAC that is too short', broken(/--- ./, '--- '), /neither a recipient nor the end/],
  ['a line of its own', broken('-> ', '=> '), /neither a recipient nor the end/],
  ['an argument of nothing', broken('X25519 ', 'X25519  '), /an argument that is none/],
  ['no argument', sealedFile(['-> X25519\n\n']), /of type X25519 in its header is damaged/],
  ['a share that is too long', broken('X25519 ', 'X25519 A'), /of type X25519 in its header is damaged/],
  ['a body that is too short', broken(/AgIC/, ''), /damaged/],
  ['a body with padding', broken(/AgI\n/, 'AgI=\n'), /damaged/],
  ['a body that is no canonical base64', broken(/AgI\n/, 'AgJ\n'), /damaged/],
  ['a body that is too long a line', sealedFile([`-> z a\n${'A'.repeat(68)}\n\n`]), /damaged/],
  ['a tag that is too short', sealedFile([sshStanza('cyt7i')]), /of type ssh-ed25519 in its header is damaged/],
  ['no payload', sealedFile([ageStanza], 0), /cut off$/],
  ['a nonce and half a tag', sealedFile([ageStanza], 31), /cut off$/],
  ['a last chunk of nothing', sealedFile([ageStanza], 16 + chunk + 16), /cut off$/],
  ['armor without its end', Buffer.from(armored(whole).slice(0, -10)), /cut off: its last line/],
  ['armor with a line that is too long', Buffer.from(armored(whole).replace('\n', '\nAAAA')), /armor is damaged/],
  ['armor with an empty line', Buffer.from(armored(whole).replace('\n', '\n\n')), /armor is damaged/],
  ['armor that is no base64', Buffer.from(armored(whole).replace('YW', 'Y_')), /armor is damaged/],
];

for (const [name, bytes, says] of unsound) {
  test(`no sealed file: ${name}`, () => {
    assert.throws(
      () => parseAgeHeader(bytes),
      (error: unknown) => error instanceof AgeHeaderError && says.test(error.message),
    );
  });
}

test.run();
