// What is taken for a secret, and what is not.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffParts } from '../../../../reconciler/plan/diff/parts.ts';
import { machineParts } from '../../../../reconciler/plan/rendered/machine.ts';
import { isSecretName } from '../../../../reconciler/plan/secrets/names.ts';
import { redact, redacted, redactTogether, redactValue } from '../../../../reconciler/plan/secrets/redact.ts';
import { redactObject } from '../../../../reconciler/plan/secrets/redact-object.ts';
import { sha256 } from '../../../../schema/canonical.ts';
import { example } from '../example.ts';

const letters = (count: number) => 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(4).slice(0, count);
/** As shells have it, and template strings do not. */
const dollar = '$';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const pem = (kind: string, end = `-----END ${kind}-----`) =>
  `-----BEGIN ${kind}-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n${end}`;

/** A text, and what of it must go; the rest must stay. */
const secretRows: readonly (readonly [text: string, secret: string])[] = [
  [`a\n${pem('PRIVATE KEY')}\nb`, pem('PRIVATE KEY')],
  [`${pem('OPENSSH PRIVATE KEY')}\n`, pem('OPENSSH PRIVATE KEY')],
  [pem('PGP PRIVATE KEY BLOCK'), pem('PGP PRIVATE KEY BLOCK')],
  [`x\n${pem('RSA PRIVATE KEY', '')}`, pem('RSA PRIVATE KEY', '')],
  [`identity AGE-SECRET-KEY-1${letters(58).toUpperCase()}`, `AGE-SECRET-KEY-1${letters(58).toUpperCase()}`],
  ['core:$6$rounds=5000$salt$hashhashhash:19000:', '$6$rounds=5000$salt$hashhashhash'],
  ['x $y$j9T$abcdef$ghijklmnop', '$y$j9T$abcdef$ghijklmnop'],
  ['hash $2b$12$abcdefghijklmnopqrstuv', '$2b$12$abcdefghijklmnopqrstuv'],
  ['$argon2id$v=19$m=65536', '$argon2id$v=19$m=65536'],
  ['{SSHA}abcdefghijklmnopqrstuvwx=', '{SSHA}abcdefghijklmnopqrstuvwx='],
  [`git ghp_${letters(36)}`, `ghp_${letters(36)}`],
  [`git github_pat_${letters(40)}`, `github_pat_${letters(40)}`],
  ['aws AKIAABCDEFGHIJKLMNOP', 'AKIAABCDEFGHIJKLMNOP'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
  ['join abcdef.0123456789abcdef now', 'abcdef.0123456789abcdef'],
  ['Authorization: Bearer abcdefghijklmnop', 'abcdefghijklmnop'],
  ['http://user:hunter22@proxy.example:3128/', 'hunter22'],
  ['password=hunter22', 'hunter22'],
  ['db.password = hunter 22', 'hunter 22'],
  ['export DB_PASSWORD=hunter22', 'hunter22'],
  ['Environment=DB_PASSWORD=hunter22', 'hunter22'],
  ['Environment="DB_PASSWORD=hunter 22"', 'hunter 22'],
  ["Environment='A_TOKEN=hunter 22' X=1", 'hunter 22'],
  ['  password: correct horse battery', 'correct horse battery'],
  ['- token: "a b"', 'a b'],
  ['{ user: ada, password: correct horse, port: 1 }', 'correct horse'],
  ['{"user":"ada","clientSecret":"x\\"y","port":1}', 'x\\"y'],
  ['  "apiKey": "xyz",\n  "port": 1', 'xyz'],
  ['quiet luks.passphrase=hunter22 ro', 'hunter22'],
  ['ExecStart=/bin/x --token hunter22 --port 1', 'hunter22'],
  ['ExecStart=/bin/x --registry-password=hunter22 --port 1', 'hunter22'],
  ['password: 123456', '123456'],
  ['  - name: DB_PASSWORD\n    value: hunter22\n', 'hunter22'],
  ['- { name: DB_PASSWORD, value: hunter22 }', 'hunter22'],
  ['{"name":"DB_PASSWORD","value":"hunter22"}', 'hunter22'],
  ['protocol bgp { password "hunter22"; }', 'hunter22'],
  ['neighbor 10.0.0.1 password hunter22', 'hunter22'],
  ['machine x login ada password hunter22', 'hunter22'],
  ['echo "root:hunter22" | chpasswd', 'hunter22'],
  ['curl -fsS -u ada:hunter22 http://x', 'hunter22'],
  ['netroot=iscsi:ada:hunter22@10.0.0.1::3260', 'hunter22'],
  ['{"auths":{"x":{"auth":"YWRhOmh1bnRlcg=="}}}', 'YWRhOmh1bnRlcg=='],
  ['    client-key-data: LS0tLS1CRUdJTiBFQyBQUklWQVRF', 'LS0tLS1CRUdJTiBFQyBQUklWQVRF'],
  [`key ${encoded(pem('PRIVATE KEY'))} end`, encoded(pem('PRIVATE KEY'))],
  [`key ${encoded('user=ada password=hunter22 x')} end`, encoded('user=ada password=hunter22 x')],
  ['PresharedKey = hunter22', 'hunter22'],
  [`PASSWORD=${dollar}{PASSWORD:-hunter22}`, `${dollar}{PASSWORD:-hunter22}`],
  ['a: 1\nsecret: |\n  one\n\n  two\nb: 2\n', '  one\n\n  two'],
];

for (const [text, secret] of secretRows) {
  test(`secret: ${text.split('\n')[0]}`, () => {
    const from = text.indexOf(secret);
    assert.ok(from >= 0);
    const safe = redact(text);
    const before = text.slice(0, from);
    const after = text.slice(from + secret.length);
    assert.ok(safe.startsWith(before) && safe.endsWith(after), safe);
    assert.match(safe.slice(before.length, safe.length - after.length), /^ *\(redacted, sha256 [0-9a-f]{12}\)$/);
    assert.is(redact(safe), safe, 'what is redacted stays as it is');
  });
}

const harmless = [
  'secretName: registry',
  'tokenFile=/run/token',
  'password_file = /etc/x/password',
  'token: /run/berth/token',
  'automountServiceAccountToken: false',
  'resources: ["secrets", "tokenreviews"]',
  'kind: Secret',
  'imagePullSecrets:\n  - name: registry\n',
  'secretKeyRef:\n  name: x\n  key: y\n',
  'token=$(cat /run/token)',
  'the password is asked for',
  `PASSWORD=${dollar}{PASSWORD}`,
  'docker run --user 1000:1000 x',
  'password $(cat /run/password)',
  `data: ${encoded('nothing that is not known to everybody')}`,
  'sha256: 857b3f255a2bb77cb5f4ce19863d745108383da8bdbac6fc44297aa87ec63000',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabcdefghijklmnop ada@example.com',
  'http://10.0.49.3:3128',
  'age1abcdefghijklmnopqrstuvwxyz0123456789',
  'r0-04.tokyo0.example.com',
];

for (const text of harmless) test(`no secret: ${text.split('\n')[0]}`, () => assert.is(redact(text), text));

test('nothing of the example site is taken for a secret', () => {
  for (const machine of example.blueprint.machines.values()) {
    for (const [name, text] of machineParts(example.blueprint, machine)) assert.is(redact(text), text, name);
  }
});

test('the same secret looks the same, another one different', () => {
  assert.is(redact('password=a1'), `password=(redacted, sha256 ${sha256('a1').slice(0, 12)})`);
  assert.is.not(redact('password=a1'), redact('password=a2'));
});

const nameRows: readonly (readonly [string, boolean])[] = [
  ['password', true],
  ['dbPassword', true],
  ['passwordHash', true],
  ['API_KEY', true],
  ['api-key', true],
  ['private_key', true],
  ['sessionToken', true],
  ['secretName', false],
  ['token_file', false],
  ['secret-ref', false],
  ['key', false],
  ['passive', false],
];

for (const [name, expected] of nameRows) test(`name: ${name}`, () => assert.is(isSecretName(name), expected));

test('a value by its name', () => {
  assert.is(redactValue('variables.password', 'hunter 22'), redacted('hunter 22'));
  assert.is(redactValue('variables.journalMaxUse', '2G'), '2G');
  assert.is(redactValue('site.proxy', 'http://a:b@c'), `http://a:${redacted('b')}@c`);
});

test('objects of Kubernetes', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'x', annotations: { 'last-applied': '{"kind":"Secret","data":{"password":"aHVudGVy"}}' } },
    data: { user: 'YWRh' },
    stringData: { note: 'plain' },
  };
  const safe = redactObject(secret) as typeof secret;
  assert.equal(safe.data, { user: redacted('YWRh') });
  assert.equal(safe.stringData, { note: redacted('plain') });
  assert.not.match(JSON.stringify(safe), /aHVudGVy/);
  assert.is(safe.metadata.name, 'x');

  const list = { kind: 'List', items: [secret] };
  assert.equal(redactObject(list), { kind: 'List', items: [safe] });

  const env = [
    { name: 'DB_PASSWORD', value: 'hunter22' },
    { name: 'PORT', value: '1' },
  ];
  assert.equal(redactObject({ env }), {
    env: [
      { name: 'DB_PASSWORD', value: redacted('hunter22') },
      { name: 'PORT', value: '1' },
    ],
  });
});

// Whoever runs this file ends it when one of them takes for ever.
for (const piece of [
  'a.',
  'a-',
  'a--',
  'password',
  'password=',
  '"password',
  'a: |\n',
  '-----BEGIN ',
  '$6$',
  'eyJ',
  'eyJ-',
  'a '.repeat(7),
  'QUJD',
  '{',
]) {
  test(`a megabyte of ${JSON.stringify(piece)} comes to an end`, () => {
    const text = `${piece.repeat((1 << 20) / piece.length)}\npassword=hunter22\n`;
    assert.not.match(redact(text), 'hunter22');
  });
}

for (const [head, piece, tail] of [
  ['password: a', ' ', 'b'],
  ['password: |\n', '  \n', 'x'],
  ['password: "', '\\"', ''],
] as const) {
  test(`a megabyte of ${JSON.stringify(piece)} after ${JSON.stringify(head)} comes to an end`, () => {
    const text = `${head}${piece.repeat((1 << 20) / piece.length)}${tail}\npassword=hunter22\n`;
    assert.not.match(redact(text), 'hunter22');
  });
}

test('what is a secret in one text is one in the others', () => {
  const [old, now] = redactTogether(['DB_PASSWORD=hunter22.x\n', 'greeting: hunter22.x, all\n']);
  assert.is(old, `DB_PASSWORD=${redacted('hunter22.x')}\n`);
  assert.is(now, `greeting: ${redacted('hunter22.x')}, all\n`);
  assert.equal(redactTogether(['password: kubernetes', 'kubernetes', null]), [
    `password: ${redacted('kubernetes')}`,
    'kubernetes',
    null,
  ]);
});

test('a secret that moves to another file is not shown there', () => {
  const parts = diffParts(
    new Map([['a', 'token: s3cr3t-s3cr3t\n']]),
    new Map([
      ['a', 'tokenFile: /etc/b\n'],
      ['b', 's3cr3t-s3cr3t\n'],
    ]),
  );
  assert.equal(
    parts.map(({ name, change }) => [name, change]),
    [
      ['a', 'changed'],
      ['b', 'added'],
    ],
  );
  assert.not.match(JSON.stringify(parts), 's3cr3t');
});

test.run();
