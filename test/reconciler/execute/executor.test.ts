import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Executor, type ExecutorPace } from '../../../reconciler/execute/executor.ts';
import { PowerError } from '../../../reconciler/power/power.ts';
import { eventually } from '../../eventually.ts';
import { compiled, smallSite } from '../../small-site.ts';
import { closed, type ExecuteBench, provisionAction, publishAction, restartAction, startBench } from './bench.ts';

/** A pause that no test waits for, unless it says otherwise. */
const patient: ExecutorPace = { pauseMs: 60_000, deadlineMs: 60_000 };

interface Context {
  bench: ExecuteBench;
  leads: AbortController;
  settled: number;
  start: (pace?: ExecutorPace) => Executor;
}

const test = suite<Context>('executor');

// Deadlines alone do not keep a process running.
const alive = setInterval(() => {}, 1000);
test.after(() => clearInterval(alive));

test.before.each(async (context) => {
  context.bench = await startBench();
  context.leads = new AbortController();
  context.settled = 0;
  context.start = (pace = patient) => {
    const onSettled = (): void => {
      context.settled++;
    };
    return new Executor(context.bench.context, onSettled, context.leads.signal, pace);
  };
});

test.after.each(({ leads }) => leads.abort());

const serials = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `SN-${index}`);

/** Power that is answered when the test says so; with an abort it is not, as a real one would not be. */
function hold(bench: ExecuteBench): { release: () => void } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  bench.power.before = (_reset, _serial, signal) =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      void released.then(resolve);
    });
  return { release };
}

test('open actions are carried out and counted, closed ones are left alone', async (context) => {
  const { bench } = context;
  const executor = context.start();
  executor.start([provisionAction('SN-1'), closed(provisionAction('SN-2')), provisionAction('SN-3')]);
  await executor.idle();
  assert.equal(bench.power.done.sort(), ['on SN-1', 'on SN-3']);
  assert.equal(bench.counted, ['provision done', 'provision done']);
  assert.is(context.settled, 2);
});

test('an action that runs is not started again by the next plan', async ({ bench, start }) => {
  const { release } = hold(bench);
  const executor = start();
  for (const _ of [1, 2, 3]) executor.start([provisionAction('SN-1')]);
  await eventually('power is asked for', () => bench.power.asked.length > 0);
  executor.start([provisionAction('SN-1')]);
  release();
  await executor.idle();
  assert.equal(bench.power.asked, ['on SN-1']);
});

test('no more than sixteen machines are powered at a time; the next plan starts the others', async ({
  bench,
  start,
}) => {
  const { release } = hold(bench);
  const executor = start();
  const actions = serials(40).map(provisionAction);
  executor.start(actions);
  executor.start(actions);
  await eventually('power is asked for', () => bench.power.asked.length >= 16);
  assert.equal(
    bench.power.asked,
    serials(16).map((serial) => `on ${serial}`),
  );
  release();
  await executor.idle();
  executor.start(actions.slice(16));
  await executor.idle();
  assert.is(bench.power.done.length, 32);
});

test('limits are of a kind: machines that hang do not hold up a generation', async ({ bench, start }) => {
  hold(bench);
  const site = compiled(await smallSite());
  bench.objects = site.objects;
  const executor = start();
  executor.start([...serials(20).map(provisionAction), publishAction(site.blueprint.root, null, 1)]);
  await eventually('it is published', async () => (await bench.target())?.generation === 1);
  assert.equal(bench.counted, ['publish done']);
});

test('a machine whose BMC hangs delays no other', async ({ bench, start }) => {
  bench.power.before = (_, serial) => (serial === 'SN-0' ? new Promise(() => {}) : Promise.resolve());
  const executor = start();
  executor.start(serials(10).map(provisionAction));
  await eventually('all others are done', () => bench.power.done.length === 9);
  executor.start(serials(20).slice(10).map(provisionAction));
  await eventually('and so are those of the next plan', () => bench.power.done.length === 19);
});

test('an action that hangs ends with its deadline, and is tried again after a pause', async (context) => {
  const { bench } = context;
  let hangs = true;
  bench.power.before = () => (hangs ? new Promise(() => {}) : Promise.resolve());
  const executor = context.start({ pauseMs: 50, deadlineMs: 30 });
  executor.start([provisionAction('SN-1')]);
  await executor.idle();
  assert.equal(bench.counted, ['provision failed']);
  assert.is(context.settled, 1);
  assert.is((await bench.operation('SN-1'))?.attempts, 0, 'its record stays, and says that power was not asked for');

  executor.start([provisionAction('SN-1')]);
  await executor.idle();
  assert.is(bench.power.asked.length, 1, 'the pause is kept');
  hangs = false;
  await eventually('it is done', () => {
    executor.start([provisionAction('SN-1')]);
    return bench.power.done.length === 1;
  });
  await executor.idle();
  assert.is((await bench.operation('SN-1'))?.attempts, 1);
});

test('the deadline reaches the BMC: what hears of it gives up', async (context) => {
  const { bench } = context;
  let heard = false;
  bench.power.before = (_reset, _serial, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        heard = true;
        reject(signal.reason);
      });
    });
  const executor = context.start({ pauseMs: 0, deadlineMs: 30 });
  executor.start([provisionAction('SN-1')]);
  await executor.idle();
  assert.ok(heard);
});

test('a failure is counted as one, and what the facts have overtaken as stale', async ({ bench, start }) => {
  bench.power.before = async (_, serial) => {
    throw new PowerError('POWER_REFUSED', { serial, bmc: { address: '10.72.17.4' } }, 'no');
  };
  const executor = start();
  // SN-2 has never reported, so there is no boot to restart it from.
  executor.start([provisionAction('SN-1'), restartAction('SN-2')]);
  await executor.idle();
  assert.equal(bench.counted.sort(), ['provision failed', 'restart stale']);
});

test('when the lead is lost all actions end, at once, and no new one is started', async (context) => {
  const { bench, leads } = context;
  // Not even the signal ends it.
  bench.power.before = () => new Promise(() => {});
  const executor = context.start();
  executor.start(serials(5).map(provisionAction));
  await eventually('power is asked for', () => bench.power.asked.length === 5);
  bench.leads = false;
  leads.abort(new Error('deposed'));
  await executor.idle();
  executor.start([provisionAction('SN-9')]);
  await executor.idle();
  assert.is(bench.power.asked.length, 5);
  assert.equal(bench.power.done, []);
  assert.equal(bench.counted, [], 'neither done nor failed: the next leader goes on');
});

test('a lead that is lost while a record is written leaves power alone', async (context) => {
  const { bench, leads } = context;
  bench.flaky.fateOf = () => {
    bench.leads = false;
    leads.abort(new Error('deposed'));
    return 'pass';
  };
  const executor = context.start();
  executor.start([provisionAction('SN-1')]);
  await executor.idle();
  await eventually('the record is there', async () => (await bench.operation('SN-1')) !== null);
  assert.equal(bench.power.done, []);
});

test.run();
