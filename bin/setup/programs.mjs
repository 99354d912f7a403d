// The programs that berth's commands call, from the operating system's packages.
import { existsSync } from 'node:fs';
import { excerpt, findProgram, run } from './command.mjs';
import { SetupError, say } from './step.mjs';

/** Each program, Debian's package of it, and the commands that need it. */
const programs = [
  { name: 'etcd', package: 'etcd-server', commands: ['up', 'test', 'bench'] },
  { name: 'git', package: 'git', commands: ['up', 'test'] },
  { name: 'ssh-keygen', package: 'openssh-client', commands: ['up', 'test'] },
  { name: 'ignition-validate', package: 'ignition', commands: ['test'] },
  { name: 'gpg', package: 'gpg', commands: ['test'] },
  { name: 'gpg-agent', package: 'gpg-agent', commands: ['test'] },
  { name: 'age', package: 'age', commands: ['test'] },
];

const noQuestions = { DEBIAN_FRONTEND: 'noninteractive' };

/**
 * The Debian packages of the programs that a command needs and PATH has not.
 * @param {string} command up, test or bench
 * @param {boolean} etcdIsGiven an endpoint is, so that no etcd is started; the tests stop and start their own
 *   all the same
 * @returns {readonly string[]}
 */
export function missingPackages(command, etcdIsGiven) {
  return programs
    .filter((program) => program.commands.includes(command))
    .filter((program) => !(program.name === 'etcd' && etcdIsGiven && command !== 'test'))
    .filter((program) => findProgram(program.name) === undefined)
    .map((program) => program.package);
}

/**
 * How to act as root here: nothing before a command when we are, sudo where it asks for no password.
 * @param {readonly string[]} packages for the sentence when there is no way
 * @returns {Promise<readonly string[]>} what goes before a command
 */
export async function wayToInstall(packages) {
  if (findProgram('apt-get') !== undefined) {
    if (process.getuid?.() === 0) return [];
    // sudo clears the environment.
    const sudo = ['sudo', '-n', 'env', ...Object.entries(noQuestions).map((entry) => entry.join('='))];
    if ((await run(['sudo', '-n', 'true'])).ok) return sudo;
  }
  throw new SetupError('cannot-install', mustInstall(packages));
}

/**
 * Install Debian packages, and leave no service of theirs running.
 * @param {readonly string[]} packages
 * @param {readonly string[]} asRoot from {@link wayToInstall}
 */
export async function installFromDebian(packages, asRoot) {
  const aptGet = (...args) =>
    run([...asRoot, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args], { env: noQuestions });
  const install = () => aptGet('install', '-y', '--no-install-recommends', ...packages);
  // A new machine has no package lists and an old one has stale ones; both show by the install's failing.
  let { ok, output } = await install();
  if (!ok) {
    await aptGet('update');
    ({ ok, output } = await install());
  }
  if (!ok) throw new SetupError('apt-failed', `${mustInstall(packages)} Here apt-get could not:\n${excerpt(output)}`);
}

/**
 * Debian starts the etcd that it installs, on etcd's usual port and at every boot. berth starts its own, so this one
 * goes; an etcd that was there before set-up is never touched.
 * @param {readonly string[]} asRoot from {@link wayToInstall}
 */
export async function stopDebiansEtcd(asRoot) {
  if (!existsSync('/run/systemd/system')) return;
  const { ok, output } = await run([...asRoot, 'systemctl', 'disable', '--now', 'etcd.service']);
  say(
    ok
      ? "stopped and disabled the etcd.service that Debian's package starts: berth starts its own etcd"
      : `the etcd.service that Debian's package starts could not be stopped: ${excerpt(output)}`,
  );
}

/** @param {readonly string[]} packages */
function mustInstall(packages) {
  const hint = packages.includes('etcd-server')
    ? ' (`npm start` can also do with a running etcd: BERTH_ETCD=http://host:port)'
    : '';
  return `Please run \`apt-get install ${packages.join(' ')}\` as root${hint}, then start this again.`;
}
