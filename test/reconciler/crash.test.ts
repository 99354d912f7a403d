// time limit: 180 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keys } from '../../schema/state/keys.ts';
import type { Entry } from '../../schema/state/kv.ts';
import { readRecord, records } from '../../schema/state/records.ts';
import type { Berth } from '../berth.ts';
import { edited, smallSite } from '../small-site.ts';
import type { TcpProxy } from '../tcp-proxy.ts';
import { Lab } from './lab.ts';

// The agent is killed at one point of an apply after the other, each time by something outside of it: a transaction
// that etcd has carried out, or a request that a BMC has got. A new one has to end what was begun, from the facts alone.
const declared = await smallSite();

interface Context {
  lab: Lab;
  /** A way to etcd on which answers are late: the agent is dead before it knows what etcd has done. */
  slow: TcpProxy;
  generation: number;
}

const test = suite<Context>('crash');

test.before(async (context) => {
  context.lab = await Lab.start();
  context.slow = await context.lab.etcd.proxy();
  context.slow.replyDelayMs = 60;
  context.generation = 1;
});

test.after(({ lab }) => lab.stop());

test.before.each(({ lab }) => {
  lab.bmc.resets.length = 0;
  lab.bmc.intercept = () => 'pass';
});

const isObject = ({ key }: Entry): boolean => key.startsWith('object/');
const isOperation = ({ key }: Entry): boolean => key.startsWith('operation/');
const attemptsOf = (entry: Entry): number => readRecord(records.operation, entry).attempts;

/** Commit what restarts all compute servers, have it pulled, and let nothing else happen but what the test arranges. */
async function roll(context: Context, agent: Berth): Promise<void> {
  const { lab } = context;
  context.generation++;
  const commit = edited(declared, 'roles/cs.yaml', 'journalMaxUse: 2G', `journalMaxUse: ${context.generation + 2}G`);
  lab.commit(`Roll ${context.generation}`, commit);
  await lab.pull(agent);
}

/** A new agent has to bring the site to where it should be, with no machine restarted but once, and no other at all. */
async function recovers(context: Context, reset = 'ForceRestart', role: string | null = 'cs'): Promise<void> {
  const { lab, generation } = context;
  const agent = await lab.startAgent();
  await lab.converges(generation);
  await agent.kill('SIGTERM');
  const { blueprint } = await lab.expected();
  const wanted = [...blueprint.machines.values()].filter((machine) => role === null || machine.role === role);
  assert.equal([...lab.bmc.resets].sort(), wanted.map(({ serial }) => `${reset} ${serial}`).sort());
  const turns = (await lab.history()).map((entry) => `${entry.event} ${entry.generation}`);
  const all = Array.from({ length: generation }, (_, index) => [`published ${index + 1}`, `converged ${index + 1}`]);
  assert.equal(turns, all.flat(), 'each turn is told once');
  assert.equal(await lab.operations(), []);
}

test('the first generation: killed when its objects are in etcd and its target is not, then at the first power-on', async (context) => {
  const { lab, slow } = context;
  const objects = await lab.atChange(
    (puts) => puts.some(isObject),
    () => first.signal('SIGKILL'),
  );
  const first = await lab.startAgent('boot-0', { etcd: slow.url });
  await objects.done;
  await first.ended;
  assert.is(await lab.target(), null, 'nobody sees a half-written generation');

  lab.bmc.intercept = ({ reset }) => {
    if (reset === null) return 'pass';
    second.signal('SIGKILL');
    lab.bmc.intercept = () => 'pass';
    return 'lose-answer';
  };
  const second = await lab.startAgent();
  await second.ended;
  await recovers(context, 'On', null);
});

/** Where an agent dies in the middle of a roll: when etcd has carried out such a transaction. */
const points: readonly (readonly [string, (puts: readonly Entry[], deletes: readonly string[]) => boolean])[] = [
  ['the objects are written and the target is not', (puts) => puts.some(isObject)],
  ['the target is written', (puts) => puts.some(({ key }) => key === keys.target)],
  ['an operation is recorded', (puts) => puts.some((put) => isOperation(put) && attemptsOf(put) === 0)],
  ['power was asked for', (puts) => puts.some((put) => isOperation(put) && attemptsOf(put) === 1)],
  ['the first machine is back', (_, deletes) => deletes.some((key) => key.startsWith('operation/'))],
];

for (const [when, matches] of points) {
  test(`killed when ${when}`, async (context) => {
    const { lab, slow } = context;
    const agent = await lab.startAgent('boot-0', { etcd: slow.url });
    await agent.event('elected');
    const killed = await lab.atChange(matches, () => agent.signal('SIGKILL'));
    await roll(context, agent);
    await killed.done;
    await agent.ended;
    if (matches === points[0]?.[1]) assert.is((await lab.target())?.generation, context.generation - 1);
    else assert.is((await lab.target())?.generation, context.generation);
    if (matches === points[2]?.[1]) assert.equal(lab.bmc.resets, []);
    await recovers(context);
  });
}

test('killed when the last machine is back, and the history does not say so yet', async (context) => {
  const { lab, slow } = context;
  const agent = await lab.startAgent('boot-0', { etcd: slow.url });
  await agent.event('elected');
  const { blueprint } = await lab.expected();
  let left = [...blueprint.machines.values()].filter(({ role }) => role === 'cs').length;
  const finished = (_: readonly Entry[], deletes: readonly string[]): boolean => {
    left -= deletes.filter((key) => key.startsWith('operation/')).length;
    return left === 0;
  };
  const killed = await lab.atChange(finished, () => agent.signal('SIGKILL'));
  await roll(context, agent);
  await killed.done;
  await agent.ended;
  assert.is((await lab.history()).at(-1)?.event, 'published');
  await recovers(context);
});

for (const [when, fate] of [
  ['before the reset takes effect, which it never does', 'lose-request'],
  ['before the reset takes effect', 'pass'],
  ['when the reset has taken effect', 'lose-answer'],
] as const) {
  test(`killed while the BMC handles the reset, ${when}`, async (context) => {
    const { lab } = context;
    const agent = await lab.startAgent();
    await agent.event('elected');
    let fourth = 4;
    lab.bmc.intercept = async ({ reset }) => {
      // In the middle of the roll, and not its canary.
      if (reset === null || --fourth > 0) return 'pass';
      lab.bmc.intercept = () => 'pass';
      await agent.kill();
      return fate;
    };
    await roll(context, agent);
    await agent.ended;
    await recovers(context);
  });
}

test('killed again and again', async (context) => {
  const { lab } = context;
  const agent = await lab.startAgent();
  await agent.event('elected');
  const first = await lab.atChange(
    (puts) => puts.some(isOperation),
    () => agent.signal('SIGKILL'),
  );
  await roll(context, agent);
  await first.done;
  for (const reset of [1, 2, 3]) {
    let left = reset;
    lab.bmc.intercept = ({ reset: type }) => {
      if (type !== null && --left === 0) next.signal('SIGKILL');
      return 'pass';
    };
    const next = await lab.startAgent();
    await next.ended;
  }
  await recovers(context);
});

test.run();
