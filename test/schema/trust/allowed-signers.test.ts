// The list of who may sign means here what it means to OpenSSH: each line is also given to ssh-keygen.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AllowedSigner,
  formatAllowedSigner,
  matchesPatternList,
  parseAllowedSigners,
  principalOf,
} from '../../../schema/trust/allowed-signers.ts';
import { AllowedSignersError } from '../../../schema/trust/allowed-signers-options.ts';
import { GitFixture } from '../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

const ada = fixture.key('ada');
const bob = fixture.key('bob', 'ecdsa', 256);
const payload = 'tree 0000\n';
const signatures = new Map(
  ['git', 'file'].map((namespace) => {
    const file = join(fixture.root, `${namespace}.sig`);
    writeFileSync(file, fixture.sign(ada, payload, namespace));
    return [namespace, file];
  }),
);

const second = (text: string): number => Date.parse(text) / 1000;
const start = second('2026-01-02T00:00:00Z');
const noon = second('2026-01-02T12:30:00Z');

/** As ssh-keygen wants it. */
const stamp = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;

function sshKeygen(list: string, seconds: number, namespace: string, ...action: readonly string[]) {
  const file = join(fixture.root, 'allowed_signers');
  writeFileSync(file, list);
  const common = ['-s', signatures.get(namespace) ?? '', '-f', file, `-Overify-time=${stamp(seconds)}`];
  return spawnSync('ssh-keygen', ['-Y', ...action, ...common], { input: payload, encoding: 'utf8' });
}

/** What OpenSSH says of Ada's signature. */
function theirVerdict(list: string, principal: string, seconds: number, namespace: string): boolean {
  return sshKeygen(list, seconds, namespace, 'verify', '-n', namespace, '-I', principal).status === 0;
}

/** What the list means as it is read here. */
function ourVerdict(list: string, principal: string, seconds: number, namespace: string): boolean {
  const { signers, faults } = parseAllowedSigners(list);
  assert.equal(faults, []);
  return signers.some(
    ({ fingerprint, principals, namespaces, validAfterSeconds, validBeforeSeconds }) =>
      fingerprint === ada.fingerprint &&
      matchesPatternList(principals, principal) &&
      (namespaces === null || matchesPatternList(namespaces, namespace)) &&
      (validAfterSeconds ?? 0) <= seconds &&
      seconds < (validBeforeSeconds ?? Number.POSITIVE_INFINITY),
  );
}

const key = ada.publicKey;
const always: readonly number[] = [noon];
const bounds = [start - 1, start, start + 1, noon, noon + 59, noon + 60];

const lines: readonly [list: string, times: readonly number[], principals?: readonly string[]][] = [
  [`ada ${key}`, always],
  [`ada ${key} ada@laptop, at home`, always],
  [`  ada\t ${key}\r\n`, always],
  [`# who may sign\n\n\t\nada ${key}`, always],
  [`bob ${bob.publicKey}\nada ${key}`, always],
  [`bob ${bob.publicKey}`, always],
  [`ada,grace ${key}`, always, ['ada', 'grace', 'ada,grace', 'bob']],
  [`"Ada Lovelace" ${key}`, always, ['Ada Lovelace', 'Ada']],
  [`"Ada Lovelace,ada" ${key}`, always, ['Ada Lovelace', 'ada']],
  [`*@example.com,!eve@example.com ${key}`, always, ['ada@example.com', 'eve@example.com', 'ada@example.org']],
  [`!eve@example.com,*@example.com ${key}`, always, ['ada@example.com', 'eve@example.com']],
  [`a?a ${key}`, always, ['ada', 'aa', 'adda']],
  [`a*d*a ${key}`, always, ['ada', 'addda', 'aada', 'a']],
  [`ada namespaces="git" ${key}`, always],
  [`ada NameSpaces="file,git" ${key}`, always],
  [`ada namespaces="g*,!git" ${key}`, always],
  [`ada namespaces="*" ${key}`, always],
  [`ada namespaces="email" ${key}`, always],
  [`ada namespaces="a\\"b,git" ${key}`, always],
  [`ada valid-after="20260102Z" ${key}`, bounds],
  [`ada valid-before="202601021230z" ${key}`, bounds],
  [`ada valid-after="20260102000000Z",valid-before="20260102123059Z" ${key}`, bounds],
  [`ada namespaces="git",valid-after="20260102Z"\t${key}`, bounds],
  [`ada valid-before="20260101Z" ${key}\nada valid-after="202601021230Z" ${key}`, bounds],
];

for (const [list, times, principals = ['ada', 'eve']] of lines) {
  test(`means the same to OpenSSH: ${JSON.stringify(list.replaceAll(key, '<key>').replace(bob.publicKey, '<bob>'))}`, () => {
    for (const seconds of times) {
      for (const namespace of times === always ? ['git', 'file'] : ['git']) {
        for (const principal of principals) {
          const ours = ourVerdict(list, principal, seconds, namespace);
          const theirs = theirVerdict(list, principal, seconds, namespace);
          assert.is(ours, theirs, `${principal} at ${stamp(seconds)} for ${namespace}: OpenSSH says ${theirs}`);
        }
      }
    }
  });
}

/** What is refused: where, why, and whether OpenSSH takes it all the same. */
const refused: readonly [line: string, column: number, says: RegExp, toOpenSsh?: 'taken'][] = [
  ['ada', 4, /a key is expected/],
  ['ada ssh-ed25519', 5, /a key is expected/],
  [`ada ${key.slice(0, -4)}`, 5, /the bytes end in the middle/],
  ['ada ssh-dss AAAAB3NzaC1kc3MAAAAA', 5, /^keys of type ssh-dss are not supported$/],
  [`ada cert-authority ${key}`, 5, /^certificates are not supported/],
  [`ada agent-forwarding ${key}`, 5, /"agent-forwarding" is no option/],
  [`ada namespaces=git ${key}`, 5, /namespaces="…" is expected/],
  [`ada namespaces ${key}`, 5, /namespaces="…" is expected/],
  [`ada namespaces="git ${key}`, 5, /namespaces="…" is expected/],
  [`ada namespaces="git\\" ${key}`, 5, /namespaces="…" is expected/],
  [`ada namespaces="git"x ${key}`, 21, /a space or another option is expected/],
  [`ada namespaces="git",namespaces="git" ${key}`, 22, /the option namespaces stands twice/],
  [`ada namespaces="git", ${key}`, 22, /"" is no option/],
  [`ada namespaces="" ${key}`, 5, /an empty name/],
  [`ada valid-after="2026-01-02" ${key}`, 5, /is no time/],
  [`ada valid-after="20261301Z" ${key}`, 5, /is no time/],
  [`ada valid-after="20260101Z",valid-before="20260230Z" ${key}`, 29, /is no time/, 'taken'],
  [`ada valid-after="2026010199Z" ${key}`, 5, /is no time/],
  [`ada valid-after="19700101Z" ${key}`, 5, /is no time/],
  [`ada valid-after="20260102" ${key}`, 5, /means another moment in each time zone: write 20260102Z/, 'taken'],
  [`ada valid-after="20260102Z",valid-before="20260101Z" ${key}`, 5, /is not later than/],
  [`ada valid-after="20260102Z",valid-before="20260102Z" ${key}`, 5, /is not later than/],
  [`"ada ${key}`, 1, /no quote at their end/],
  [`"ada"${key}`, 6, /a space is expected/, 'taken'],
  [`a"d"a ${key}`, 1, /is no principal/],
  [`ada,,grace ${key}`, 1, /"" is no principal/, 'taken'],
  [`"ada, grace" ${key}`, 1, /" grace" is no principal/, 'taken'],
  [`ada \u0007${key}`, 5, /not seen/],
  [`\ufeffada ${key}`, 1, /not seen/],
  [`ada ${key} \0`, 6 + key.length, /not seen/, 'taken'],
];

for (const [line, column, says, toOpenSsh] of refused) {
  test(`refused: ${JSON.stringify(line.replace(key, '<key>'))}${toOpenSsh ? ', which OpenSSH takes' : ''}`, () => {
    const { signers, faults } = parseAllowedSigners(`# first\n${line}\r\nbob ${bob.publicKey}\n`);
    assert.equal(
      faults.map((fault) => [fault.line, fault.column]),
      [[2, column]],
    );
    assert.match(faults[0]?.message ?? '', says);
    assert.equal(
      signers.map(({ fingerprint }) => fingerprint),
      [bob.fingerprint],
    );
    assert.is(theirVerdict(line, 'ada', noon, 'git'), toOpenSsh === 'taken');
  });
}

test('an entry has its place and all of its parts', () => {
  const list = `\n  "Ada Lovelace",x namespaces="git" ${key}\n  "Ada Lovelace,ada" namespaces="git",valid-after="20260102Z" ${key} at home \n`;
  const { signers, faults } = parseAllowedSigners(list);
  assert.equal(
    faults.map(({ line, column }) => [line, column]),
    [[2, 17]],
  );
  assert.equal(signers, [
    {
      principals: ['Ada Lovelace', 'ada'],
      namespaces: ['git'],
      validAfterSeconds: start,
      validBeforeSeconds: null,
      key,
      comment: 'at home',
      fingerprint: ada.fingerprint,
      line: 3,
      column: 3,
      keyColumn: 3 + '"Ada Lovelace,ada" namespaces="git",valid-after="20260102Z" '.length,
    },
  ]);
});

const plain: AllowedSigner = {
  principals: ['ada'],
  namespaces: null,
  validAfterSeconds: null,
  validBeforeSeconds: null,
  key,
  comment: '',
};

const written: readonly [signer: AllowedSigner, line: string][] = [
  [plain, 'ada <key>'],
  [{ ...plain, comment: 'at home' }, 'ada <key> at home'],
  [{ ...plain, principals: ['Ada Lovelace', 'ada'] }, '"Ada Lovelace,ada" <key>'],
  [{ ...plain, principals: ['#ada'] }, '"#ada" <key>'],
  [{ ...plain, principals: ['Ada Łovelace'] }, '"Ada Łovelace" <key>'],
  [{ ...plain, namespaces: ['git'] }, 'ada namespaces="git" <key>'],
  [{ ...plain, namespaces: ['a"b', 'git'] }, 'ada namespaces="a\\"b,git" <key>'],
  [
    { ...plain, validAfterSeconds: start, validBeforeSeconds: noon },
    'ada valid-after="20260102000000Z",valid-before="20260102122959Z" <key>',
  ],
];

for (const [signer, line] of written) {
  test(`written as ${line}`, () => {
    const text = formatAllowedSigner(signer);
    assert.is(text.replace(key, '<key>'), line);
    const { signers, faults } = parseAllowedSigners(text);
    assert.equal(faults, []);
    const [read] = signers;
    assert.ok(read);
    const { fingerprint, line: _line, column, keyColumn, ...rest } = read;
    assert.equal(rest, signer);
    const found = sshKeygen(text, start + 1, 'git', 'find-principals');
    assert.equal(found.stdout.trim().split('\n'), signer.principals);
    for (const principal of signer.principals) assert.ok(theirVerdict(text, principal, start + 1, 'git'));
  });
}

test('principals that mean something else are not written', () => {
  for (const principals of [[], [''], ['a,b'], ['a"b'], [' a'], ['a\nb']]) {
    assert.throws(
      () => formatAllowedSigner({ ...plain, principals }),
      (error: unknown) => error instanceof AllowedSignersError,
    );
  }
});

test('any name makes a principal that stands for itself only', () => {
  const names = [
    'Ada Lovelace',
    'Lovelace, Ada',
    'Ada "the countess"',
    '*',
    '!ada',
    'a\nb',
    ' ',
    'a?a',
    '#1',
    'ada@example.com',
  ];
  for (const name of names) {
    const principal = principalOf(name);
    const text = formatAllowedSigner({ ...plain, principals: [principal] });
    const { signers } = parseAllowedSigners(text);
    assert.equal(
      signers.map(({ principals }) => principals),
      [[principal]],
    );
    assert.not(/[*?!]/.test(principal));
    assert.ok(theirVerdict(text, principal, noon, 'git'), text);
  }
  assert.is(principalOf('Ada Lovelace'), 'Ada Lovelace');
});

test('a list that is made to be slow is matched at once', () => {
  assert.not(matchesPatternList([`${'*a'.repeat(500)}*b`], 'a'.repeat(5_000)));
});

test.run();
