// Set-up of what the operating system has to bring, and what comes after it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Checkout } from './checkout.ts';

interface Context {
  checkout: Checkout;
}

const test = suite<Context>('programs');

test.before.each((context) => {
  context.checkout = new Checkout();
});
test.after.each(({ checkout }) => checkout.remove());

const aptGet = 'apt-get -o DPkg::Lock::Timeout=120';

/** What the tests need beside etcd and ignition-validate. */
const otherProgramsOfTests = ['git', 'ssh-keygen', 'gpg', 'gpg-agent', 'age'];

test('without a way to install etcd, one sentence says what to do, and nothing else is done', async ({ checkout }) => {
  for (const name of ['git', 'ssh-keygen']) checkout.program(name);
  const ended = await checkout.setUp(['up'], { root: true });
  assert.is(ended.exitCode, 1);
  assert.is(
    ended.stderr,
    'berth: Please run `apt-get install etcd-server` as root (`npm start` can also do with a running etcd: ' +
      'BERTH_ETCD=http://host:port), then start this again.\n',
  );
  assert.equal(checkout.takeCalls(), []);
});

test('a sudo that asks for a password is no way', async ({ checkout }) => {
  checkout.program('apt-get');
  checkout.program('sudo', 'exit 1');
  const ended = await checkout.setUp(['up']);
  assert.is(ended.exitCode, 1);
  assert.match(ended.stderr, /^berth: Please run `apt-get install etcd-server git openssh-client` as root /);
  assert.equal(checkout.takeCalls(), ['sudo -n true']);
});

test('root installs what is missing, and goes on', async ({ checkout }) => {
  checkout.program('git');
  checkout.program('systemctl');
  checkout.program('apt-get', checkout.installs('etcd', 'ssh-keygen'));
  const ended = await checkout.setUp(['up', '--once'], { root: true });
  assert.is(ended.stdout, 'hello up --once\n', ended.stderr);
  assert.match(ended.stderr, /^berth: installing etcd-server, openssh-client with apt-get … \d+\.\d s\n/);
  assert.is(checkout.takeCalls()[0], `${aptGet} install -y --no-install-recommends etcd-server openssh-client`);

  const again = await checkout.setUp(['up', '--once'], { root: true });
  assert.equal(again, { exitCode: 0, signal: null, stdout: 'hello up --once\n', stderr: '' });
  assert.equal(checkout.takeCalls(), []);
});

test('others install by sudo, after an update where there are no package lists yet', async ({ checkout }) => {
  for (const name of ['etcd', ...otherProgramsOfTests]) checkout.program(name);
  checkout.program('sudo', '[ "$2" = true ] || { shift 3; exec "$@"; }');
  checkout.program('apt-get', `[ "$3" = update ] && : >lists; [ -e lists ]\n${checkout.installs('ignition-validate')}`);
  checkout.write('test/run.ts', "console.log('tests');\n");
  const ended = await checkout.setUp(['test']);
  assert.is(ended.stdout, 'tests\n', ended.stderr);

  const install = `${aptGet} install -y --no-install-recommends ignition`;
  const sudo = 'sudo -n env DEBIAN_FRONTEND=noninteractive';
  assert.equal(checkout.takeCalls().slice(0, 7), [
    'sudo -n true',
    `${sudo} ${install}`,
    install,
    `${sudo} ${aptGet} update`,
    `${aptGet} update`,
    `${sudo} ${install}`,
    install,
  ]);
});

test('an install that fails is shown, with what to do', async ({ checkout }) => {
  for (const name of ['git', 'ssh-keygen']) checkout.program(name);
  checkout.program('apt-get', 'echo "E: no network"; exit 100');
  const ended = await checkout.setUp(['up'], { root: true });
  assert.is(ended.exitCode, 1);
  assert.match(ended.stderr, /apt-get … failed\nberth: Please run `apt-get install etcd-server` as root /);
  assert.match(ended.stderr, /\nE: no network\n$/);
});

test('a given endpoint takes the place of etcd, but not for the tests', async ({ checkout }) => {
  for (const name of ['ignition-validate', ...otherProgramsOfTests]) checkout.program(name);
  const env = { BERTH_ETCD: 'http://127.0.0.1:2379' };
  assert.is((await checkout.setUp(['up'], { env })).stdout, 'hello up\n');
  assert.is((await checkout.setUp(['up', '--etcd', 'http://host'])).stdout, 'hello up --etcd http://host\n');
  assert.is((await checkout.setUp(['up', '--etcd=http://host'])).stdout, 'hello up --etcd=http://host\n');
  assert.match((await checkout.setUp(['test'], { env })).stderr, /^berth: Please run `apt-get install etcd-server` /);
});

test('--help needs no programs', async ({ checkout }) => {
  assert.is((await checkout.setUp(['up', '--help'])).stdout, 'hello up --help\n');
});

test('the test runner gets the arguments, and its end is ours', async ({ checkout }) => {
  for (const name of ['etcd', 'ignition-validate', ...otherProgramsOfTests]) checkout.program(name);
  checkout.write('test/run.ts', 'console.log(...process.argv.slice(2)); process.exitCode = 7;\n');
  const seven = await checkout.setUp(['test', '--large', 'plan']);
  assert.is(seven.stdout, '--large plan\n');
  assert.is(seven.exitCode, 7);

  checkout.write('test/run.ts', "process.kill(process.pid, 'SIGTERM');\n");
  const ended = await checkout.setUp(['test']);
  assert.is(ended.signal, 'SIGTERM');
});

test.run();
