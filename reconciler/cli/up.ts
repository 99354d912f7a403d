// berth up: the main job on one machine. A signed commit becomes booted machines, a second one rolls through the racks,
// and a third one, signed by a stranger, changes nothing.
import { realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DemoKey, DemoSiteRepo, makeKey } from '../../vdc/demo/site-repo.ts';
import { takeWorkFolder } from '../../vdc/demo/work-folder.ts';
import { runFile } from './connection.ts';
import { untilSignalled } from './daemon.ts';
import { bootIds, expectRestarted, expectRunning, watchRestarts } from './up-checks.ts';
import { DemoSite } from './up-site.ts';
import { Teller } from './up-tell.ts';

export interface UpOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly etcd?: string;
  readonly work: string;
}

const operator = 'ops';
/** The role change of the second commit: a storage server of rack r2 becomes a compute server. */
const converted = { serial: 'S4344N1', rack: 'r2', from: 'ss', to: 'cs' };
const newSystem = { from: 'os: flatcar-4081.2.0', to: 'os: flatcar-4081.3.1' };

export async function up(options: UpOptions): Promise<number> {
  const signal = untilSignalled();
  const teller = new Teller(options.json ?? false);
  const work = path.resolve(options.work);
  // The launcher lies in bin/ of the checkout, wherever the user stands; npx calls it by a link.
  const program = realpathSync(process.argv[1] ?? '.');
  const checkout = path.resolve(path.dirname(program), '..');
  await takeWorkFolder(work);
  const site = new DemoSite({ work, program, teller, signal });
  let exitCode = 0;
  try {
    await site.orFailure(story(options, site, teller, work, checkout));
    if (options.once) teller.say('done', 'everything happened as it should');
    else await site.orFailure(stay(site, teller, signal));
  } catch (error) {
    exitCode = signal.aborted && !options.once ? 0 : 1;
    if (exitCode > 0) teller.say('failed', error instanceof Error ? error.message : String(error));
    if (!signal.aborted) teller.say('failed', `logs are in ${path.relative(process.cwd(), path.join(work, 'logs'))}/`);
  } finally {
    await site.stop();
  }
  if (!options.once) teller.say('stopped', 'every process has ended');
  return exitCode;
}

async function story(
  options: UpOptions,
  site: DemoSite,
  teller: Teller,
  work: string,
  checkout: string,
): Promise<void> {
  teller.step('A site repo, signed');
  const key = await makeKey(path.join(work, 'keys'), operator);
  const stranger = await makeKey(path.join(work, 'keys'), 'stranger');
  const example = path.join(checkout, 'examples', 'site-repo');
  const repo = await DemoSiteRepo.create(example, path.join(work, 'site-repo'), path.join(work, 'git', 'site.git'));
  await repo.trust(operator, key);
  const first = await repo.commit('Declare the site', operator, key);
  teller.say('commit', `${first.slice(0, 12)} Declare the site, signed by ${operator} (${key.fingerprint})`, {
    commit: first,
  });

  teller.step('Git host, etcd, boot service, machines, agent');
  await site.start({
    repo,
    introduction: { commit: first, keyFingerprint: key.fingerprint },
    etcd: options.etcd ?? process.env.BERTH_ETCD,
  });
  writeRunFile(options, site);

  teller.step('The first generation');
  await site.converged(first);
  await expectRunning(site.kv, site.compiled, 1);

  await secondCommit(repo, key, site, teller);
  await thirdCommit(repo, stranger, site, teller);
}

/** An OS pin and one machine's role: those machines restart, a rack at a time, and the others do not. */
async function secondCommit(repo: DemoSiteRepo, key: DemoKey, site: DemoSite, teller: Teller): Promise<void> {
  teller.step('A second commit: a new operating system for one role, another role for one machine');
  const before = await bootIds(site.kv);
  await repo.replace('roles/cs.yaml', newSystem.from, newSystem.to);
  const { serial, rack, from, to } = converted;
  await repo.replace(
    `racks/${rack}.yaml`,
    `serial: ${serial}, slot: 10, role: ${from}`,
    `serial: ${serial}, slot: 10, role: ${to}`,
  );
  const commit = await repo.commit(`Roll cs to flatcar-4081.3.1, make ${serial} a compute server`, operator, key);
  teller.say('commit', `${commit.slice(0, 12)} signed by ${operator}`, { commit });
  const racks = watchRestarts(site.kv, (serial) => site.compiled.blueprint.machines.get(serial)?.rack ?? '');
  const converged = site.converged(commit);
  await site.pullNow();
  await converged;
  await expectRunning(site.kv, site.compiled, 2);
  await expectRestarted(site.kv, site.compiled, before, (machine) => machine.role === 'cs');
  const order = await racks.stop();
  teller.say('rolled', `racks restarted one after the other: ${order.join(', ')}`, { racks: order });
}

/** Well-formed, and signed by a key that the site does not trust. */
async function thirdCommit(repo: DemoSiteRepo, stranger: DemoKey, site: DemoSite, teller: Teller): Promise<void> {
  teller.step('A third commit, signed by a stranger');
  const before = await bootIds(site.kv);
  await repo.replace('roles/ss.yaml', newSystem.from, newSystem.to);
  const commit = await repo.commit('Roll ss as well', 'mallory', stranger);
  teller.say('commit', `${commit.slice(0, 12)} signed by mallory (${stranger.fingerprint})`, { commit });
  const refused = site.refused(commit);
  await site.pullNow();
  await refused;
  await expectRunning(site.kv, site.compiled, 2);
  await expectRestarted(site.kv, site.compiled, before, () => false);
  teller.say('unchanged', 'generation 2 stays in force, and every machine runs on');
}

async function stay(site: DemoSite, teller: Teller, signal: AbortSignal): Promise<void> {
  teller.step('Running, until Ctrl-C');
  teller.say('look', `status of the boot server   ${site.bootUrl}/status`);
  teller.say('look', `metrics                     ${site.bootUrl}/metrics and ${site.agentUrl}/metrics`);
  teller.say('look', 'state of the site           npx berth status');
  teller.say('look', 'what one machine gets       npx berth render ignition r0-04 examples/site-repo');
  teller.say(
    'look',
    'your own change             edit examples/site-repo, then npx berth plan --base HEAD examples/site-repo',
  );
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Lets the other commands find this run. */
function writeRunFile(options: UpOptions, site: DemoSite): void {
  const file = path.join(options.work, path.basename(runFile));
  writeFileSync(file, `${JSON.stringify({ site: site.siteId, etcd: site.etcdEndpoint })}\n`);
}
