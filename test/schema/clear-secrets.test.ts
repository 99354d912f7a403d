// What is taken for a secret, and what only looks a little like one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clearSecrets } from '../../schema/rules/ignition/clear-secrets.ts';
import { changed, example, siteOf } from './example-site.ts';

const site = siteOf(example);

/** Each finding as `line:column message`. */
function found(text: string, file = 'ignition/cs/etc/x'): readonly string[] {
  const files = changed(new Map(), [file, '', text]);
  return [...clearSecrets.check({ ...site, files })].map(({ place, message }) => {
    return `${place.line}:${place.column} ${message.replace('this looks like ', '')}`;
  });
}

const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';

const secrets: readonly (readonly [text: string, expected: string])[] = [
  [`-----BEGIN PRIVATE KEY-----\n${body}`, '1:1 a private key'],
  [`-----BEGIN ENCRYPTED PRIVATE KEY-----\r\n${body}`, '1:1 a private key'],
  [`key: "-----BEGIN RSA PRIVATE KEY-----\\n${body}"`, '1:7 a private key'],
  ['-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nComment: x\n', '1:1 a private key'],
  [`x\nAWS_SECRET_ACCESS_KEY=${'aB3/'.repeat(10)}`, '2:23 an AWS secret access key'],
  [`github_pat_${'a1B2_'.repeat(10)}`, '1:1 a token of GitHub'],
  [`url = https://x:glpat-${'a1B2c'.repeat(4)}@git.example.com`, '1:17 a token of GitLab'],
  [`xoxb-${'123456-'.repeat(4)}`, '1:1 a token of Slack'],
  [`hvs.${'CAES'.repeat(8)}`, '1:1 a token of Vault'],
  ['token: "07401b.f395accd246ae52d"', '1:9 a bootstrap token of Kubernetes'],
  [`ü $y$j9T$${'abcDEF12'.repeat(6)}`, '1:3 the hash of a password'],
  ['  password "secret";', '1:12 a password'],
  ['bmcPassword: calvin', '1:14 a password, or the like of one'],
  ['"passphrase": "open sesame",', '1:15 a password, or the like of one'],
  ['curl --password=hunter2', '1:17 a password, or the like of one'],
  ['API_KEY=4fa911\r\n', '1:9 a password, or the like of one'],
];

for (const [text, expected] of secrets) {
  test(`a secret: ${JSON.stringify(text)}`, () => {
    assert.equal(found(text), [expected]);
  });
}

const others: readonly string[] = [
  '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE',
  'grep -q "-----BEGIN PRIVATE KEY-----" "$file"',
  '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24',
  'passwd: files systemd',
  'PasswordAuthentication no',
  'password: {{ variables.x }}',
  "password = '{{ variables.x }}'",
  'PASSWORD=$(cat /run/secrets/x)',
  'password="$PASSWORD"',
  'password: /run/secrets/password',
  'passwordSecretRef: { name: x }',
  'password: { type: string }',
  'password: null',
  'password:',
  '  # password: hunter2',
  'secretName: tls',
  'api_key: *key',
  'tokens.abcdef.0123456789abcdef.example.com',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
];

for (const text of others) {
  test(`no secret: ${JSON.stringify(text)}`, () => {
    assert.equal(found(text), []);
  });
}

test('prose speaks of passwords, but holds no keys', () => {
  assert.equal(found(`password: hunter2\n-----BEGIN PRIVATE KEY-----\n${body}`, 'NOTES.md'), ['2:1 a private key']);
});

test('no message shows the secret', () => {
  const files = changed(new Map(), ['x', '', 'password: hunter2\n']);
  for (const { message, hint } of clearSecrets.check({ ...site, files }))
    assert.not.match(`${message}${hint}`, /hunter2/);
});

test('a file full of secrets gives as many findings as any other file, and soon', () => {
  assert.is(found('password: "x"\n'.repeat(50_000)).length, 50);
});

test.run();
