// Sets up what is missing, then goes on with the command: `npm start`, `npm test`, `npm run bench`.
//
// Plain JavaScript on Node's own modules, since it runs when there is no node_modules/ yet. It says on stderr what it
// does; when nothing is missing it says and costs nothing.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, builtDigest, sourceDigest } from './build.mjs';
import { alone } from './setup/lock.mjs';
import { berthIsLinked, installPackages, linkBerth, packagesAreCurrent } from './setup/packages.mjs';
import { installFromDebian, missingPackages, stopDebiansEtcd, wayToInstall } from './setup/programs.mjs';
import { SetupError, say, step } from './setup/step.mjs';

const usage = `usage: node bin/setup.mjs [up | test | bench] [argument …]

Sets up what is missing (packages by the lockfile, the build, programs by apt-get), then goes on with
  up      the main job on this machine: npm start
  test    the tests: npm test
  bench   the measurements: npm run bench
Without a command it sets up the packages and the build: npm run setup.
`;

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each command goes on with. */
const commands = {
  up: (args) => runBerth(['up', ...args]),
  test: (args) => runTypeScript('test/run.ts', args),
  bench: (args) => runTypeScript('test/bench/bench.ts', args),
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

async function main([command, ...args]) {
  checkNode();
  if (command !== undefined && !Object.hasOwn(commands, command)) {
    const asked = command === '--help' || command === '-h';
    (asked ? process.stdout : process.stderr).write(asked ? usage : `berth: unknown command ${command}\n\n${usage}`);
    process.exitCode = asked ? 0 : 1;
    return;
  }
  // Debian's daemons live here, and not everyone's PATH has it.
  process.env.PATH = `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin`;

  const missing = () => (args.includes('--help') ? [] : missingPackages(command, etcdIsGiven(args)));
  const ready = () =>
    missing().length === 0 &&
    packagesAreCurrent(root) &&
    berthIsLinked(root) &&
    builtDigest(root) === sourceDigest(root);
  if (!ready()) await alone(root, () => setUp(missing));
  if (command !== undefined) await commands[command](args);
}

/** Each thing is looked at again here: another set-up may have done it while this one waited. */
async function setUp(missing) {
  const packages = missing();
  // First, since it is the one that may need a person.
  if (packages.length > 0) {
    const asRoot = await wayToInstall(packages);
    await step(`installing ${packages.join(', ')} with apt-get`, () => installFromDebian(packages, asRoot));
    if (packages.includes('etcd-server')) await stopDebiansEtcd(asRoot);
    const still = missing();
    if (still.length > 0) throw new SetupError('not-on-path', `${still.join(', ')} is installed but not on PATH.`);
  }
  if (!packagesAreCurrent(root)) await step('installing packages with npm ci', () => installPackages(root));
  if (!berthIsLinked(root)) linkBerth(root);
  if (builtDigest(root) !== sourceDigest(root)) {
    await step('building dist/', () => build(root)).catch((error) => {
      if (error.errors === undefined) throw error;
      throw new SetupError('build-failed', 'The build failed, for the reasons above.');
    });
  }
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const least = engines.node.replace('>=', '');
  const [major, minor] = least.split('.').map(Number);
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  throw new SetupError('old-node', `Node.js ${least} or newer is needed, and this is ${process.versions.node}.`);
}

/** @param {readonly string[]} args of the command */
function etcdIsGiven(args) {
  return Boolean(process.env.BERTH_ETCD) || args.some((arg) => arg === '--etcd' || arg.startsWith('--etcd='));
}

/** Goes on as berth itself, in this process: a second one would double the start time. */
async function runBerth(args) {
  process.argv = [process.execPath, path.join(root, 'bin', 'berth.mjs'), ...args];
  await import(pathToFileURL(path.join(root, 'dist', 'cli.js')).href);
}

/** Runs a TypeScript program of the checkout and ends as it ends. */
async function runTypeScript(program, args) {
  if (!existsSync(path.join(root, program))) throw new SetupError('no-program', `${program} is missing.`);
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [status, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...end) => resolve(end));
  });
  if (signal === null) {
    process.exitCode = status;
  } else {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
}
