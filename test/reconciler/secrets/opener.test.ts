// Secrets of a site repo, opened as a boot server does.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import pino from 'pino';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIdentities } from '../../../reconciler/secrets/identity.ts';
import { openSecrets } from '../../../reconciler/secrets/opener.ts';
import { seal } from '../../../reconciler/secrets/seal.ts';
import { sealedSecrets } from '../../../reconciler/secrets/secret.ts';
import { parseAgeRecipient } from '../../../schema/age-recipient.ts';
import { sha256 } from '../../../schema/canonical.ts';
import { changed, example } from '../../schema/example-site.ts';
import { AgeFixture } from './age.ts';

const fixture = new AgeFixture();
test.after(() => fixture.remove());

const [server, other] = [fixture.sshKey('server'), fixture.sshKey('other')];
const identities = parseIdentities(readFileSync(server.file, 'utf8'));
const sealedTo = (key: string, content: string) => seal(Buffer.from(content), [parseAgeRecipient(key)], true);

const bmc = await sealedTo(server.publicKey, 'hunter2\n');
const files = changed(
  example,
  ['secrets/etcd/ca.age', '', await sealedTo(server.publicKey, '')],
  ['secrets/bmc.age', '', bmc],
  ['secrets/elsewhere.age', '', await sealedTo(other.publicKey, 'x')],
  ['secrets/half.age', '', bmc.subarray(0, -60)],
  ['secrets/README.md', '', 'What lies here.\n'],
);
const sealed = sealedSecrets(files);
const result = await openSecrets(sealed, identities);

test('the secrets of a site repo, in the order of their paths', () => {
  assert.equal(
    sealed.map(({ path, digest }) => [path, digest === sha256(files.get(path)?.bytes ?? '')]),
    ['secrets/bmc.age', 'secrets/elsewhere.age', 'secrets/etcd/ca.age', 'secrets/half.age'].map((path) => [path, true]),
  );
});

test('what can be opened is, whatever cannot', () => {
  assert.equal([...result.opened.keys()], ['secrets/bmc.age', 'secrets/etcd/ca.age']);
  assert.is(result.opened.get('secrets/bmc.age')?.text, 'hunter2\n');
  assert.is(result.opened.get('secrets/etcd/ca.age')?.bytes.length, 0);
  assert.equal(
    result.failed.map(({ path, code }) => [path, code]),
    [
      ['secrets/elsewhere.age', 'no-identity'],
      ['secrets/half.age', 'damaged'],
    ],
  );
});

test('a server without a key opens nothing', async () => {
  const { opened, failed } = await openSecrets(sealed, []);
  assert.is(opened.size, 0);
  assert.is(failed.filter(({ code }) => code === 'no-identity').length, 3);
});

test('whatever prints secrets shows digests, of the sealed files', () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(line) });
  const opened = result.opened.get('secrets/bmc.age');
  log.info({ opened, sealed, result }, 'opened %o', result.opened);
  const shown = [
    ...lines,
    inspect(result, { depth: 9, showHidden: true }),
    inspect(sealed, { depth: 9, showHidden: true }),
    JSON.stringify({ opened: [...result.opened], sealed }),
    `${opened} ${sealed[0]}`,
    JSON.stringify(structuredClone(Object.assign({}, opened))),
  ].join('\n');
  assert.ok(shown.includes(`secrets/bmc.age: sha256 ${sha256(bmc).slice(0, 12)}`));
  assert.not.match(shown, /hunter2|104, ?117, ?110|68 75 6e 74|BEGIN AGE/);
  assert.not(shown.includes(Buffer.from('hunter2').toString('base64').slice(0, 8)));
  assert.not(shown.includes(Buffer.from(bmc).toString().slice(50, 70)));
});

test.run();
