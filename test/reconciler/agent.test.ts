// time limit: 180 s
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SiteFiles } from '../../schema/load.ts';
import { keys } from '../../schema/state/keys.ts';
import { Berth } from '../berth.ts';
import { eventually } from '../eventually.ts';
import { edited, smallSite, withNewSystem } from '../small-site.ts';
import { Lab } from './lab.ts';

// One lab for all: each test begins and ends with a site that has converged and no agent.
const declared = await smallSite();

interface Context {
  lab: Lab;
  files: SiteFiles;
  generation: number;
  /** Commit what restarts all compute servers, and nothing else. */
  commitRoll: (subject: string) => string;
}

const test = suite<Context>('agent');

test.before(async (context) => {
  const lab = await Lab.start();
  const agent = await lab.startAgent();
  await lab.converges(1);
  await agent.kill('SIGTERM');
  let next = 3;
  Object.assign(context, { lab, files: declared, generation: 1 });
  context.commitRoll = (subject) => {
    const files = edited(declared, 'roles/cs.yaml', 'journalMaxUse: 2G', `journalMaxUse: ${next++}G`);
    context.files = files;
    context.generation++;
    return lab.commit(subject, files);
  };
});

test.after(({ lab }) => lab.stop());

test.before.each(({ lab }) => {
  lab.bmc.resets.length = 0;
  lab.bmc.intercept = () => 'pass';
});

/** Serials of the machines that a roll restarts. */
async function rolled(lab: Lab): Promise<readonly string[]> {
  const { blueprint } = await lab.expected();
  return [...blueprint.machines.values()].filter(({ role }) => role === 'cs').map(({ serial }) => serial);
}

/** Each of the machines was restarted once, and nothing else was. */
async function eachRestartedOnce(lab: Lab): Promise<void> {
  assert.equal([...lab.bmc.resets].sort(), (await rolled(lab)).map((serial) => `ForceRestart ${serial}`).sort());
}

/** Wait until the agent has nothing to do. */
async function hasNothingToDo(lab: Lab, name: string): Promise<void> {
  await eventually(`${name} plans nothing`, async () => {
    const seen = (await lab.agentsSeen()).find((agent) => agent.name === name);
    return seen?.plan?.actions === 0;
  });
}

for (const [how, signal] of [
  ['stopped', 'SIGTERM'],
  ['killed', 'SIGKILL'],
] as const) {
  test(`an agent that was ${how} and starts again writes nothing when nothing has changed`, async ({ lab }) => {
    const first = await lab.startAgent();
    await first.event('elected');
    await hasNothingToDo(lab, 'boot-0');
    await first.kill(signal);
    const { entries, revision } = await lab.kv.list('');
    const touched = new Set<string>();
    const over = new AbortController();
    const watching = (async () => {
      for await (const batch of lab.kv.watch('', over.signal)) {
        if (batch.kind !== 'changes') continue;
        for (const key of [...batch.puts.map((put) => put.key), ...batch.deletes]) touched.add(key);
      }
    })();
    const again = await lab.startAgent();
    await again.event('elected');
    await eventually('it leads, and says so', async () => (await lab.agentsSeen())[0]?.leader === true);
    await hasNothingToDo(lab, 'boot-0');
    await again.kill('SIGTERM');
    over.abort();
    await watching;
    assert.equal([...touched].sort(), [keys.leader, keys.observedAgent('boot-0')].sort());
    const lasting = (all: typeof entries) =>
      all.filter(({ lease }) => lease === null).map(({ key, modRevision }) => `${key} ${modRevision}`);
    assert.equal(lasting((await lab.kv.list('')).entries), lasting(entries));
    assert.ok((await lab.kv.list('')).revision > revision);
    assert.equal(lab.bmc.resets, []);
  });
}

test('an agent that is told to stop gives back the lead and ends by itself', async ({ lab }) => {
  const agent = await lab.startAgent();
  await agent.event('elected');
  assert.equal(await agent.kill('SIGTERM'), { code: 0, signal: null });
  assert.is(await lab.kv.get(keys.leader), null);
  assert.equal(await lab.agentsSeen(), []);
  assert.is(agent.lines.at(-1)?.event, 'stopped');
});

test('a second agent waits, and when the first is killed in the middle of a roll it ends it', async (context) => {
  const { lab } = context;
  const leader = await lab.startAgent('boot-0');
  await leader.event('elected');
  const other = await lab.startAgent('boot-1');
  await hasNothingToDo(lab, 'boot-1');
  context.commitRoll('Roll');
  // Its restart is over; the next ones have begun or are about to.
  const killed = await lab.atChange(
    (_, deletes) => deletes.some((key) => key.startsWith('operation/')),
    () => leader.signal('SIGKILL'),
  );
  await lab.pull(leader);
  await killed.done;
  await leader.ended;
  assert.is(other.lines.filter(({ event }) => event === 'action' || event === 'elected').length, 0, 'it only watched');
  await other.event('elected', undefined, 0, 10_000);
  await lab.converges(context.generation);
  const restarts = new Map<string, number>();
  for (const reset of lab.bmc.resets) restarts.set(reset, (restarts.get(reset) ?? 0) + 1);
  assert.equal([...restarts.keys()].sort(), (await rolled(lab)).map((serial) => `ForceRestart ${serial}`).sort());
  // Those that the leader was just asking for when it was killed may have been asked for by both.
  assert.ok([...restarts.values()].filter((count) => count > 1).length <= 4, lab.bmc.resets.join(', '));
  await other.kill('SIGTERM');
});

test('a leader that hangs past its lease finds another in its place, and does no harm', async (context) => {
  const { lab } = context;
  const leader = await lab.startAgent('boot-0');
  await leader.event('elected');
  const other = await lab.startAgent('boot-1');
  context.commitRoll('Roll');
  const hung = await lab.atChange(
    (_, deletes) => deletes.some((key) => key.startsWith('operation/')),
    () => leader.signal('SIGSTOP'),
  );
  await lab.pull(leader);
  await hung.done;
  await lab.converges(context.generation);
  const before = [...lab.bmc.resets];
  const { revision } = await lab.kv.list('history/');

  leader.signal('SIGCONT');
  await leader.event('deposed');
  await hasNothingToDo(lab, 'boot-0');
  assert.equal(lab.bmc.resets, before);
  assert.is((await lab.kv.get(keys.leader))?.value.includes('boot-1'), true);
  assert.ok((await lab.kv.list('history/')).entries.every((entry) => entry.modRevision <= revision));
  await other.kill('SIGTERM');
  await leader.event(
    'elected',
    undefined,
    leader.lines.findIndex(({ event }) => event === 'deposed'),
  );
  await leader.kill('SIGTERM');
});

test('a leader that hangs while it talks to a BMC does not restart the machine when it goes on', async (context) => {
  const { lab } = context;
  const leader = await lab.startAgent('boot-0');
  await leader.event('elected');
  const other = await lab.startAgent('boot-1');
  context.commitRoll('Roll');
  let victim: string | null = null;
  lab.bmc.intercept = ({ serial, path, method }) => {
    // The last thing that it reads before the reset; the answer waits for it in its socket.
    if (victim === null && method === 'GET' && /\/Systems\/[^/]+$/.test(path)) {
      victim = serial;
      leader.signal('SIGSTOP');
    }
    return 'pass';
  };
  await lab.pull(leader);
  await eventually('it hangs', () => victim !== null);
  await lab.converges(context.generation);
  await eachRestartedOnce(lab);

  leader.signal('SIGCONT');
  await leader.event('deposed');
  await hasNothingToDo(lab, 'boot-0');
  await eachRestartedOnce(lab);
  await leader.kill('SIGTERM');
  await other.kill('SIGTERM');
});

test('while etcd hangs nothing is done, and when it goes on all is done once', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  context.commitRoll('Roll');
  const hung = await lab.atChange(
    (_, deletes) => deletes.some((key) => key.startsWith('operation/')),
    () => lab.etcd.hang(),
  );
  await lab.pull(agent);
  await hung.done;
  await agent.event('deposed');
  const before = [...lab.bmc.resets];
  lab.etcd.resume();
  await lab.converges(context.generation);
  assert.ok(before.length < lab.bmc.resets.length);
  assert.equal(
    [...new Set(lab.bmc.resets)].sort(),
    (await rolled(lab)).map((serial) => `ForceRestart ${serial}`).sort(),
  );
  await agent.kill('SIGTERM');
});

test('a BMC that does not answer holds up nobody but its machine, and is asked again', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  const [, canary] = await rolled(lab);
  let refused = 0;
  lab.bmc.intercept = ({ serial }) => {
    if (serial !== canary || refused >= 3) return 'pass';
    refused++;
    return 'lose-request';
  };
  context.commitRoll('Roll');
  await lab.pull(agent);
  await lab.converges(context.generation);
  await eachRestartedOnce(lab);
  assert.is(refused, 3);
  await agent.kill('SIGTERM');
});

test('what its HTTP port says', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  const { http } = await agent.event('ready');
  const ask = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${(http as AddressInfo).port}${path}`, { method });
  await eventually('it is healthy', async () => (await ask('/healthz')).status === 200);
  await agent.event('elected');
  await eventually('it leads', async () => /^berth_leader 1$/m.test(await (await ask('/metrics')).text()));
  const metrics = await (await ask('/metrics')).text();
  assert.match(metrics, new RegExp(`^berth_generation ${context.generation}$`, 'm'));
  assert.match(metrics, /^berth_halted 0$/m);
  assert.match(metrics, /^berth_plan_actions 0$/m);
  assert.match(metrics, /^berth_plans_total [1-9]/m);
  assert.is((await ask('/pull', 'POST')).status, 202);
  assert.is((await ask('/pull')).status, 404);
  assert.is((await ask('/nothing')).status, 404);
  await agent.kill('SIGTERM');
});

test('an agent whose HTTP port is taken ends with the reason', async ({ lab }) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const agent = new Berth([
    ...['agent', '--name', 'boot-0', '--site', 'tokyo0', '--etcd', lab.etcd.url, '--data', lab.dataOf('taken')],
    ...['--repo', 'http://127.0.0.1:1/site.git', '--introduction', `${'a'.repeat(40)}:SHA256:${'a'.repeat(43)}`],
    ...['--http', `127.0.0.1:${port}`],
  ]);
  assert.is((await agent.ended).code, 1);
  assert.match(agent.otherLines.join('\n'), /EADDRINUSE/);
  taken.close();
});

test('a change that restarts nothing is published, and touches no machine', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  const before = await lab.bootIds();
  context.files = edited(
    context.files,
    'racks/r0.yaml',
    'serial: FQ7K2D3, slot: 4, role: cs,',
    'serial: FQ7K2D3, slot: 4, role: cs, labels: { a: b },',
  );
  lab.commit('Label a machine', context.files);
  context.generation++;
  await lab.pull(agent);
  await lab.converges(context.generation);
  assert.equal(await lab.bootIds(), before);
  assert.equal(lab.bmc.resets, []);
  await agent.kill('SIGTERM');
  context.files = withNewSystem(context.files);
});

test.run();
