import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCommit } from '../../../../reconciler/source/commit.ts';
import { readOpenPgpKey } from '../../../../reconciler/source/trust/openpgp.ts';
import { verifySignature } from '../../../../reconciler/source/trust/signature.ts';
import { GitFixture } from '../../../git.ts';
import { GpgFixture, signedSeconds } from '../../../gpg.ts';
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
const ada = gpg.key('ada');
const tagger = gpg.key('tagger');
const trusted = [gpg.publicKey(ada)];
const byAda = gpg.sign(ada, payload);

/** `ok`, or why the commit is not accepted. */
async function ourVerdict(object: Buffer): Promise<string> {
  const { signature, payload: signed } = parseCommit(object);
  if (signature === null) return 'unsigned';
  const keys = await Promise.all(trusted.map((key) => readOpenPgpKey(key)));
  const verdict = await verifySignature(signature, signed, keys, signedSeconds);
  return verdict.ok ? 'ok' : verdict.code;
}

/** Commits as git itself signs them: by a key, and possibly an encoding. */
const byGit = gpg.signing(ada);
const messages: readonly [name: string, message: Buffer, options: readonly string[]][] = [
  ['empty', Buffer.from(''), []],
  ['latin-1', Buffer.from('Gr\xfc\xdfe\n', 'latin1'), ['-c', 'i18n.commitEncoding=ISO-8859-1']],
  ['latin-1 that says it is UTF-8', Buffer.from('Gr\xfc\xdfe\n', 'latin1'), []],
  ['signature in the message', Buffer.from(byAda), []],
  ['carriage returns and empty lines', Buffer.from('\n\na\r\n\r\n\n\n'), []],
  ['lines with blanks in front', Buffer.from(' a\n b\ngpgsig c\n d\n'), []],
];

for (const [name, message, options] of messages) {
  test(`made by git: ${name}`, async () => {
    const commit = ['commit', '-q', '-S', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim', '-F', '-'];
    repository.gitWith(message, ...byGit, ...options, ...commit);
    const object = repository.object(repository.head());
    assert.is(await ourVerdict(object), 'ok');
    assert.ok(gpg.gitAccepts(repository, object, trusted));
  });
}

test('no newline at the end of the message', async () => {
  const signed = payload.subarray(0, -1);
  const object = withSignature(signed, gpg.sign(ada, signed));
  assert.is(await ourVerdict(object), 'ok');
  assert.ok(gpg.gitAccepts(repository, object, trusted));
});

test('made by git: a merge of a signed tag', async () => {
  const main = repository.head();
  repository.checkout(main);
  repository.git('commit', '-q', '--allow-empty', '--no-gpg-sign', '-m', 'side');
  repository.git(...gpg.signing(tagger), 'tag', '-s', '-m', 'tagged', 'v1');
  repository.checkout(main);
  repository.git(...byGit, 'merge', '-q', '--no-ff', '-S', '-m', 'merge', 'v1');
  const object = repository.object(repository.head());
  assert.match(object.toString(), /^mergetag object /m);
  assert.is(await ourVerdict(object), 'ok');
  assert.ok(gpg.gitAccepts(repository, object, trusted));
  // The tag's own signature is signed along, and stands for nothing else.
  const other = replaced(object, ' tagged\n', ' bagged\n');
  assert.is(await ourVerdict(other), 'bad-signature');
  assert.not.ok(gpg.gitAccepts(repository, other, trusted));
});

test('SSH', async () => {
  const key = fixture.key('ssh');
  const verdict = await verifySignature(fixture.sign(key, payload), payload, [], signedSeconds);
  assert.equal(verdict, { ok: true, fingerprint: key.fingerprint });
  const inFile = await verifySignature(fixture.sign(key, payload, 'file'), payload, [], signedSeconds);
  assert.is(inFile.ok ? 'ok' : inFile.code, 'wrong-namespace');
});

test('the OpenPGP library is not loaded for SSH', () => {
  const module = new URL('../../../../reconciler/source/trust/signature.ts', import.meta.url).href;
  const hooks = `
    export async function resolve(name, context, next) {
      if (name === 'openpgp') throw new Error('the library is loaded');
      return next(name, context);
    }`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;
  const script = `
    import { verifySignature } from ${JSON.stringify(module)};
    const { code } = await verifySignature(process.argv[1], Buffer.from('else'), [], 0);
    console.log(code);`;
  const run = (armor: string): { readonly stdout: string; readonly stderr: string } => {
    const args = [
      '--import',
      'tsx',
      '--import',
      dataUrl(register),
      '--input-type=module',
      '--eval',
      script,
      '--',
      armor,
    ];
    return spawnSync(process.execPath, args, { encoding: 'utf8' });
  };
  assert.is(run(fixture.sign(fixture.key('lazy'), payload)).stdout, 'bad-signature\n');
  assert.match(run(byAda).stderr, /the library is loaded/);
});

function dataUrl(script: string): string {
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

test.run();
