// time limit: 180 s
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SiteFiles } from '../../schema/load.ts';
import { keys } from '../../schema/state/keys.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { ObservedAgent } from '../../schema/types/observed-agent.ts';
import { serveGit } from '../../vdc/git-host.ts';
import { Berth } from '../berth.ts';
import { eventually } from '../eventually.ts';
import { edited, smallSite } from '../small-site.ts';
import { Lab } from './lab.ts';

// One lab for all: each test begins and ends with a site that has converged on a commit, and no agent.
const declared = await smallSite();

interface Context {
  lab: Lab;
  generation: number;
  /** Commit what restarts all compute servers, and nothing else. */
  commitRoll: () => string;
  /** The same files as the newest commit has, with another change on each call. */
  nextRoll: () => SiteFiles;
}

const test = suite<Context>('agent and trust');

test.before(async (context) => {
  const lab = await Lab.start();
  const agent = await lab.startAgent();
  await lab.converges(1);
  await agent.kill('SIGTERM');
  let next = 3;
  Object.assign(context, { lab, generation: 1 });
  context.nextRoll = () => edited(declared, 'roles/cs.yaml', 'journalMaxUse: 2G', `journalMaxUse: ${next++}G`);
  context.commitRoll = () => {
    context.generation++;
    return lab.commit('Roll', context.nextRoll());
  };
});

test.after(({ lab }) => lab.stop());

test.before.each(({ lab }) => {
  lab.bmc.resets.length = 0;
});

async function seen(lab: Lab, name = 'boot-0'): Promise<ObservedAgent | undefined> {
  return (await lab.agentsSeen()).find((agent) => agent.name === name);
}

/** Wait until the agent says in etcd that it refuses its head. */
async function refuses(lab: Lab, code: string, name = 'boot-0'): Promise<NonNullable<ObservedAgent['refused']>> {
  let refused: ObservedAgent['refused'];
  await eventually(
    `${name} refuses a head`,
    async () => {
      refused = (await seen(lab, name))?.refused;
      return refused !== undefined;
    },
    10_000,
  );
  if (!refused) throw new Error('it does not any more');
  assert.is(refused.code, code);
  return refused;
}

/** Put the branch and the working copy where they were. */
function windBack(lab: Lab, commit: string): void {
  lab.repository.git('reset', '-q', '--hard', commit);
  lab.repository.push(commit);
}

/** The machines, the target and the resets are as they were. */
async function unchanged(lab: Lab, work: () => Promise<void>): Promise<void> {
  const facts = async () => ({
    target: await lab.target(),
    boots: [...(await lab.bootIds())],
    resets: [...lab.bmc.resets],
  });
  const before = await facts();
  await work();
  assert.equal(await facts(), before);
}

for (const [code, commit] of [
  ['unsigned', ({ lab, nextRoll }: Context) => lab.commit('Not signed', nextRoll(), null)],
  [
    'untrusted-key',
    ({ lab, nextRoll }: Context) => lab.commit('By a stranger', nextRoll(), lab.git.key(`mallory-${Date.now()}`)),
  ],
  ['invalid-site', ({ lab }: Context) => lab.commit('Misspelt', edited(declared, 'roles/cs.yaml', 'os:', 'oss:'))],
  [
    'other-site',
    ({ lab }: Context) => lab.commit('Of another site', edited(declared, 'site.yaml', 'site: tokyo0', 'site: osaka0')),
  ],
] as const) {
  test(`a commit that is ${code} is refused, and everyone is told`, async (context) => {
    const { lab } = context;
    const good = lab.repository.head();
    const agent = await lab.startAgent();
    await agent.event('elected');
    await unchanged(lab, async () => {
      const bad = commit(context);
      await lab.pull(agent);
      const refused = await refuses(lab, code);
      assert.is(refused.commit, bad);
      assert.is((await seen(lab))?.head, bad);
      assert.is((await seen(lab))?.accepted, good);
      const { code: logged } = await agent.event(
        'refused',
        ({ commit: about, level }) => about === bad && level === 50,
      );
      assert.is(logged, code);

      const status = new Berth(['status', '--etcd', lab.etcd.url, '--site', 'tokyo0']);
      assert.is((await status.ended).code, 0);
      assert.match(status.otherLines.join('\n'), `refused ${bad.slice(0, 12)} since ${refused.at}: ${code}: `);

      await eventually('the history has it', async () =>
        (await lab.history()).some((one) => one.event === 'refused' && one.commit === bad),
      );
      const { http } = await agent.event('ready');
      const metrics = await (await fetch(`http://127.0.0.1:${(http as { port: number }).port}/metrics`)).text();
      assert.match(metrics, new RegExp(`^berth_heads_refused_total\\{code="${code}"\\} 1$`, 'm'));
    });
    windBack(lab, good);
    await lab.pull(agent);
    await eventually('nothing is refused any more', async () => (await seen(lab))?.refused === undefined);
    await agent.kill('SIGTERM');
  });
}

test('a branch that was wound back is refused, by an agent that runs and by one that starts', async (context) => {
  const { lab } = context;
  const older = lab.repository.head();
  const agent = await lab.startAgent();
  await agent.event('elected');
  const newer = context.commitRoll();
  await lab.pull(agent);
  await lab.converges(context.generation);
  await unchanged(lab, async () => {
    lab.repository.push(older);
    await lab.pull(agent);
    assert.is((await refuses(lab, 'not-descendant')).commit, older);
    await agent.kill('SIGTERM');
    const again = await lab.startAgent();
    await again.event('elected');
    assert.is((await refuses(lab, 'not-descendant')).commit, older);
    assert.is((await seen(lab))?.accepted, newer, 'what was accepted last is still what counts');
    await again.kill('SIGTERM');
  });
  lab.repository.push(newer);
});

test('a roll that was cut short goes on though the Git host has a bad head by now', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  const good = context.commitRoll();
  const killed = await lab.atChange(
    (_, deletes) => deletes.some((key) => key.startsWith('operation/')),
    () => agent.signal('SIGKILL'),
  );
  await lab.pull(agent);
  await killed.done;
  await agent.ended;
  lab.commit('Not signed', context.nextRoll(), null);
  lab.repository.git('reset', '-q', '--hard', good);

  const again = await lab.startAgent();
  await lab.converges(context.generation);
  await refuses(lab, 'unsigned');
  await again.kill('SIGTERM');
  lab.repository.push(good);
});

test('a roll that was cut short goes on though the Git host is away', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  context.commitRoll();
  const killed = await lab.atChange(
    (_, deletes) => deletes.some((key) => key.startsWith('operation/')),
    () => agent.signal('SIGKILL'),
  );
  await lab.pull(agent);
  await killed.done;
  await agent.ended;
  const { port } = new URL(lab.gitHost.url);
  await lab.gitHost.close();

  const again = await lab.startAgent();
  await again.event('pull-failed');
  await lab.converges(context.generation);
  lab.gitHost = await serveGit({ root: lab.git.root, host: '127.0.0.1', port: Number(port) });
  context.commitRoll();
  await lab.pull(again);
  await lab.converges(context.generation);
  await again.kill('SIGTERM');
});

test('who signed is in the history, also when the agent that accepted the commit died before it was published', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  const { folder, done } = watchFile(lab);
  const commit = context.commitRoll();
  await lab.pull(agent);
  await done(commit, () => agent.signal('SIGKILL'));
  await agent.ended;
  assert.match(readFileSync(path.join(folder, 'trust', 'accepted.json'), 'utf8'), commit);
  const again = await lab.startAgent();
  await lab.converges(context.generation);
  const published = (await lab.history()).filter((one) => one.event === 'published' && one.commit === commit);
  assert.equal(
    published.map(({ signer }) => signer),
    ['ada'],
  );
  await again.kill('SIGTERM');
});

/** Do something as soon as the agent has written down a commit as accepted. */
function watchFile(lab: Lab): { folder: string; done: (commit: string, act: () => void) => Promise<void> } {
  const folder = lab.dataOf('boot-0');
  const done = async (commit: string, act: () => void): Promise<void> => {
    await eventually(
      'it is accepted',
      () => readFileSync(path.join(folder, 'trust', 'accepted.json'), 'utf8').includes(commit),
      10_000,
      1,
    );
    act();
  };
  return { folder, done };
}

test('an agent whose Git host lags behind does not take the site back when it comes to lead', async (context) => {
  const { lab } = context;
  // A mirror of the site repo that has not heard of the next commit.
  const mirror = path.join(lab.git.root, 'mirror.git');
  execFileSync('git', ['clone', '-q', '--bare', lab.repository.bare, mirror], { stdio: 'ignore' });
  const leader = await lab.startAgent('boot-0');
  await leader.event('elected');
  const other = await lab.startAgent('boot-1', { repo: `${lab.gitHost.url}/mirror.git` });
  await eventually(
    'it has accepted what is in force',
    async () => (await seen(lab, 'boot-1'))?.accepted === lab.repository.head(),
  );

  const newer = context.commitRoll();
  const killed = await lab.atChange(
    (_, deletes) => deletes.some((key) => key.startsWith('operation/')),
    () => leader.signal('SIGKILL'),
  );
  await lab.pull(leader);
  await killed.done;
  await leader.ended;
  await other.event('elected');
  await lab.converges(context.generation);
  assert.is((await lab.target())?.commit, newer);
  assert.is((await refuses(lab, 'not-descendant', 'boot-1')).commit, lab.repository.git('rev-parse', 'HEAD~1'));

  // The mirror catches up, and with it the agent.
  lab.repository.git('push', '-q', '--force', mirror, 'HEAD:refs/heads/main');
  await lab.pull(other);
  await eventually('it has accepted what is in force', async () => (await seen(lab, 'boot-1'))?.accepted === newer);
  await other.kill('SIGTERM');
});

test('an agent that has accepted nothing yet believes its introduction, not etcd', async (context) => {
  const { lab } = context;
  const good = lab.repository.head();
  const mallory = lab.git.key('mallory');
  // Whoever can write to etcd and to the branch lets himself in by a commit that nobody vouches for.
  lab.repository.trust({ key: lab.key }, { key: mallory });
  const letIn = lab.commit('Trust mallory', new Map(), mallory);
  const head = lab.commit('By mallory', context.nextRoll(), mallory);
  const target = await lab.target();
  if (!target) throw new Error('there is no target');
  await lab.kv.commit({ when: [], put: [putRecord(records.target, { ...target, commit: letIn })] });

  const fresh = await lab.startAgent('boot-2');
  assert.is((await refuses(lab, 'untrusted-key', 'boot-2')).commit, letIn);
  assert.is((await seen(lab, 'boot-2'))?.accepted, undefined);
  assert.is(await lab.kv.get(keys.leader), null, 'nor does it stand in the way of those who could lead');
  assert.is((await lab.target())?.commit, letIn);
  assert.is.not(head, letIn);
  await fresh.kill('SIGTERM');
  await lab.kv.commit({ when: [], put: [putRecord(records.target, target)] });
  windBack(lab, good);
});

test('an agent whose memory of what it has accepted is damaged does nothing', async ({ lab }) => {
  const folder = lab.dataOf('boot-4');
  const file = path.join(folder, 'trust', 'accepted.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'noise\n');
  const refusal = await lab.startAgent('boot-4').catch((error: Error) => error.message);
  assert.match(String(refusal), /accepted\.json cannot be relied on/);
  // Nor does it go on when the file is damaged while it runs.
  rmSync(file);
  const agent = await lab.startAgent('boot-4');
  await agent.event('elected');
  writeFileSync(file, 'noise\n');
  await lab.pull(agent);
  const { err } = await agent.event('memory-damaged');
  assert.match(String((err as { message?: unknown }).message), /accepted\.json cannot be relied on/);
  await eventually('it says so', async () => /accepted\.json/.test((await seen(lab, 'boot-4'))?.held ?? ''));
  await agent.kill('SIGTERM');
});

test('an etcd that is put back to what it held before is brought forward again, and no machine is touched', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  const before = await lab.target();
  if (!before) throw new Error('there is no target');
  const newer = context.commitRoll();
  await lab.pull(agent);
  await lab.converges(context.generation);
  lab.bmc.resets.length = 0;
  const again = await lab.atChange(
    (puts) => puts.some((put) => put.key === keys.target && readRecord(records.target, put).commit === newer),
    () => {},
  );
  await lab.kv.commit({ when: [], put: [putRecord(records.target, before)] });
  await again.done;
  await lab.converges(context.generation);
  assert.equal(lab.bmc.resets, []);
  await agent.kill('SIGTERM');
});

test('when all of etcd is lost, what was accepted last comes into force again, and nothing older', async (context) => {
  const { lab } = context;
  const accepted = lab.repository.head();
  const older = lab.repository.git('rev-parse', 'HEAD~1');
  const { entries } = await lab.kv.list('');
  const gone = entries.map(({ key }) => key).filter((key) => key !== keys.observedServer('boot-0'));
  for (let start = 0; start < gone.length; start += 100) {
    await lab.kv.commit({ when: [], delete: gone.slice(start, start + 100) });
  }
  lab.repository.push(older);
  const agent = await lab.startAgent();
  assert.is((await refuses(lab, 'not-descendant')).commit, older);
  await eventually('it is published again', async () => (await lab.target())?.commit === accepted, 10_000);
  assert.is((await lab.target())?.generation, 1);
  assert.is((await lab.target())?.root, (await lab.expected()).blueprint.root);
  // The machines run, which their BMCs say though etcd does not know: none is restarted.
  await eventually(
    'each is looked at',
    async () => (await lab.operations()).filter(({ attempts }) => attempts > 0).length === 13,
    10_000,
  );
  assert.equal(lab.bmc.resets, []);
  await agent.kill('SIGTERM');
});

test.run();
