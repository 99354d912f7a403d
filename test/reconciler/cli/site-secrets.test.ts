// Whether a boot server can open the secrets of a head.
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CliError } from '../../../reconciler/cli/cli-error.ts';
import { secretsInspector } from '../../../reconciler/cli/site-secrets.ts';
import { seal } from '../../../reconciler/secrets/seal.ts';
import type { AcceptedHead } from '../../../reconciler/source/accept.ts';
import { parseAgeRecipient } from '../../../schema/age-recipient.ts';
import { example } from '../plan/example.ts';
import { AgeFixture } from '../secrets/age.ts';

const fixture = new AgeFixture();
test.after(() => fixture.remove());

const [server, other] = [fixture.sshKey('server'), fixture.sshKey('other')];
const commit = 'a'.repeat(40);

async function headWith(...secrets: readonly (readonly [string, string])[]): Promise<AcceptedHead> {
  const files = new Map(example.site.files);
  for (const [name, key] of secrets) {
    const bytes = await seal(Buffer.from('hunter2'), [parseAgeRecipient(key)], true);
    files.set(`secrets/${name}.age`, { bytes, executable: false });
  }
  return { commit, signer: null, commits: [], compiled: { ...example, site: { ...example.site, files } } };
}

test('a head whose secrets all open, or that has none, is in order', async () => {
  const inspect = secretsInspector(server.file);
  assert.is(await inspect(await headWith()), null);
  assert.is(await inspect(await headWith(['bmc', server.publicKey])), null);
});

test('a secret that stays closed refuses the head, and is named', async () => {
  const inspect = secretsInspector(server.file);
  const refused = await inspect(
    await headWith(['bmc', server.publicKey], ['ca', other.publicKey], ['etcd', other.publicKey]),
  );
  assert.is(refused?.commit, commit);
  assert.is(refused?.code, 'secret-unreadable');
  assert.match(
    refused?.message ?? '',
    /^secrets\/ca\.age: .+ \(and 1 more\) \(seal it to this server's key as well: berth secret rekey\)$/,
  );
});

test('the key is read anew for each head', async () => {
  const file = path.join(fixture.root, 'key');
  copyFileSync(server.file, file);
  const inspect = secretsInspector(file);
  const head = await headWith(['bmc', server.publicKey]);
  assert.is(await inspect(head), null);
  copyFileSync(other.file, file);
  assert.is((await inspect(head))?.code, 'secret-unreadable');
});

test('without a key nothing is decided', async () => {
  const file = path.join(fixture.root, 'none');
  assert.throws(() => secretsInspector(file), /--secrets-key .* cannot be used: ENOENT/);
  writeFileSync(file, 'no key\n');
  assert.throws(
    () => secretsInspector(file),
    (error: unknown) => error instanceof CliError,
  );
});

test.run();
