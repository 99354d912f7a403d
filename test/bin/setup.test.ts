import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Checkout } from './checkout.ts';

interface Context {
  checkout: Checkout;
}

const test = suite<Context>('set-up');

test.before.each((context) => {
  context.checkout = new Checkout();
});
test.after.each(({ checkout }) => checkout.remove());

const npmCi = 'npm ci --include=dev --no-audit --no-fund';

test('does all that is missing, says it on a line each, and then is silent', async ({ checkout }) => {
  const first = await checkout.setUp([]);
  assert.is(first.exitCode, 0, first.stderr);
  assert.match(
    first.stderr,
    /^berth: installing packages with npm ci … \d+\.\d s\nberth: building dist\/ … \d+\.\d s\n$/,
  );
  assert.equal(checkout.takeCalls(), [npmCi]);

  const second = await checkout.setUp([]);
  assert.equal(second, { exitCode: 0, signal: null, stdout: '', stderr: '' });
  assert.equal(checkout.takeCalls(), []);
});

test('makes `npx berth` the berth of the checkout', async ({ checkout }) => {
  await checkout.setUp([]);
  const link = path.join(checkout.folder, 'node_modules/.bin/berth');
  assert.is(readlinkSync(link), '../../bin/berth.mjs');
  const berth = await checkout.node([link, 'status', '--json']);
  assert.is(berth.stdout, 'hello status --json\n');

  rmSync(link);
  await checkout.setUp([]);
  assert.is(readlinkSync(link), '../../bin/berth.mjs');
});

test('berth says what to do when it is not built', async ({ checkout }) => {
  const berth = await checkout.node(['bin/berth.mjs', 'status']);
  assert.is(berth.exitCode, 1);
  assert.is(berth.stderr, 'berth is not built yet: run `npm run setup` first.\n');
});

test('installs again what the lockfile asks for anew, and what was installed in part', async ({ checkout }) => {
  await checkout.setUp([]);
  checkout.takeCalls();

  checkout.lock('1.0.1');
  await checkout.setUp([]);
  assert.equal(checkout.takeCalls(), [npmCi]);

  rmSync(path.join(checkout.folder, 'node_modules/.package-lock.json'));
  await checkout.setUp([]);
  assert.equal(checkout.takeCalls(), [npmCi]);
});

test('a package that is only for other machines may be missing', async ({ checkout }) => {
  await checkout.setUp([]);
  checkout.takeCalls();
  const installed = JSON.stringify({ packages: { 'node_modules/some': { version: '1.0.0' } } });
  checkout.write('node_modules/.package-lock.json', installed);
  await checkout.setUp([]);
  assert.equal(checkout.takeCalls(), []);
});

test('builds again after a change of a source', async ({ checkout }) => {
  const says = async (): Promise<string> =>
    (await checkout.setUp(['up'], { env: { BERTH_ETCD: 'http://host' } })).stdout;
  for (const name of ['git', 'ssh-keygen']) checkout.program(name);
  assert.is(await says(), 'hello up\n');
  checkout.write('reconciler/cli/greeting.ts', "export const greeting = 'good day';\n");
  assert.is(await says(), 'good day up\n');
  checkout.write('reconciler/cli/greeting.ts', "export const greeting = 'hello';\n");
  assert.is(await says(), 'hello up\n');
});

test('a build that fails says where, and leaves the last one', async ({ checkout }) => {
  await checkout.setUp([]);
  checkout.write('reconciler/cli/greeting.ts', 'export const greeting =;\n');
  const broken = await checkout.setUp([]);
  assert.is(broken.exitCode, 1);
  assert.match(broken.stderr, /reconciler\/cli\/greeting\.ts:1:23/);
  assert.match(broken.stderr, /\nberth: The build failed, for the reasons above\.\n$/);
  assert.is((await checkout.node(['bin/berth.mjs'])).stdout, 'hello\n');
});

test('dist/ holds the build and nothing else', async ({ checkout }) => {
  await checkout.setUp([]);
  const files = readdirSync(path.join(checkout.folder, 'dist')).sort();
  assert.equal(
    files.filter((name) => !/^(?:cli|chunk-greeting-\w{8})\.js(?:\.map)?$/.test(name)),
    [],
  );
  assert.is(files.length, 4);
  assert.match(
    readFileSync(path.join(checkout.folder, 'dist/cli.js'), 'utf8'),
    /^\/\/# sourceMappingURL=cli\.js\.map$/m,
  );
});

test('two at a time do the work once', async ({ checkout }) => {
  const both = await Promise.all([checkout.setUp([]), checkout.setUp([])]);
  assert.equal(
    both.map(({ exitCode }) => exitCode),
    [0, 0],
  );
  assert.equal(checkout.takeCalls(), [npmCi]);
});

test('a failed npm ci is shown', async ({ checkout }) => {
  checkout.program('npm', 'echo "npm error code ENOTFOUND" >&2; exit 1');
  const ended = await checkout.setUp([]);
  assert.is(ended.exitCode, 1);
  assert.match(ended.stderr, /berth: npm ci failed:\nnpm error code ENOTFOUND\n$/);
  assert.not.ok(existsSync(path.join(checkout.folder, 'dist')));
});

test('a Node that is too old is told so', async ({ checkout }) => {
  checkout.write('package.json', JSON.stringify({ type: 'module', engines: { node: '>=99.1' } }));
  const ended = await checkout.setUp(['up']);
  assert.is(ended.exitCode, 1);
  assert.is(ended.stderr, `berth: Node.js 99.1 or newer is needed, and this is ${process.versions.node}.\n`);
});

test('an unknown command is an error, with the usage', async ({ checkout }) => {
  const ended = await checkout.setUp(['upp']);
  assert.is(ended.exitCode, 1);
  assert.match(ended.stderr, /^berth: unknown command upp\n\nusage: /);
  assert.equal(checkout.takeCalls(), []);
});

test.run();
