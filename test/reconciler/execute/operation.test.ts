import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { provision } from '../../../reconciler/execute/provision.ts';
import { restart } from '../../../reconciler/execute/restart.ts';
import type { PowerAction } from '../../../reconciler/plan/action.ts';
import { PowerError } from '../../../reconciler/power/power.ts';
import { keys } from '../../../schema/state/keys.ts';
import { putRecord, records } from '../../../schema/state/records.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import { type ExecuteBench, operationOf, outcomeOf, provisionAction, restartAction, startBench } from './bench.ts';

const never = new AbortController().signal;

interface Context {
  bench: ExecuteBench;
}

/** Both kinds of power action, each on a machine that is as its plan has it. */
const kinds = [
  {
    kind: 'provision',
    reset: 'on SN-1',
    action: provisionAction('SN-1') as PowerAction,
    prepare: async (_: ExecuteBench): Promise<void> => {},
    run: (bench: ExecuteBench) => provision(provisionAction('SN-1'), bench.context, never),
  },
  {
    kind: 'restart',
    reset: 'restart SN-1',
    action: restartAction('SN-1') as PowerAction,
    prepare: (bench: ExecuteBench) => bench.report({ serial: 'SN-1' }),
    run: (bench: ExecuteBench) => restart(restartAction('SN-1'), bench.context, never),
  },
] as const;

const test = suite<Context>('operation');

test.before.each(async (context) => {
  context.bench = await startBench();
});

async function put({ kv }: ExecuteBench, operation: Operation): Promise<void> {
  await kv.commit({ when: [], put: [putRecord(records.operation, operation)] });
}

for (const { kind, reset, action, prepare, run } of kinds) {
  test(`${kind}: the record is written before power is touched, and marked after`, async ({ bench }) => {
    await prepare(bench);
    let recorded: Operation | null = null;
    bench.power.before = async () => {
      recorded = await bench.operation('SN-1');
    };
    assert.is(await outcomeOf(run(bench)), 'done');
    assert.equal(recorded, operationOf(action));
    assert.equal(await bench.operation('SN-1'), operationOf(action, 1));
    assert.equal(bench.power.done, [reset]);
  });

  test(`${kind}: what was begun by a leader before is gone on with`, async ({ bench }) => {
    await prepare(bench);
    await put(bench, operationOf(action));
    assert.is(await outcomeOf(run(bench)), 'done');
    assert.equal(await bench.operation('SN-1'), operationOf(action, 1));
    assert.equal(bench.power.done, [reset]);
  });

  test(`${kind}: done twice, power is touched once`, async ({ bench }) => {
    await prepare(bench);
    assert.is(await outcomeOf(run(bench)), 'done');
    assert.is(await outcomeOf(run(bench)), 'PRECONDITION');
    assert.equal(bench.power.asked, [reset]);
  });

  test(`${kind}: done twice at the same time, power is touched once`, async ({ bench }) => {
    await prepare(bench);
    const outcomes = await Promise.all([outcomeOf(run(bench)), outcomeOf(run(bench))]);
    assert.equal(outcomes.sort(), ['PRECONDITION', 'done']);
    assert.equal(bench.power.asked, [reset]);
  });

  for (const [what, changes] of [
    ['another kind', { kind: kind === 'restart' ? 'provision' : 'restart' }],
    ['another configuration', { bootDigest: 'e'.repeat(64) }],
    ['one that power was asked for', { attempts: 1 }],
  ] as const) {
    test(`${kind}: an operation of ${what} that the plan has not seen is left alone`, async ({ bench }) => {
      await prepare(bench);
      const other = { ...operationOf(action), ...changes };
      await put(bench, other);
      assert.is(await outcomeOf(run(bench)), 'PRECONDITION');
      assert.equal(await bench.operation('SN-1'), other);
      assert.equal(bench.power.asked, []);
    });
  }

  test(`${kind}: a machine that has booted since the plan was made is not touched`, async ({ bench }) => {
    await prepare(bench);
    await bench.report({ serial: 'SN-1', bootId: 'boot-2', phase: 'provisioning' });
    assert.is(await outcomeOf(run(bench)), 'PRECONDITION');
    assert.is(await bench.operation('SN-1'), null);
    assert.equal(bench.power.asked, []);

    await put(bench, operationOf(action));
    assert.is(await outcomeOf(run(bench)), 'PRECONDITION', 'nor is it when the operation had been recorded');
    assert.equal(await bench.operation('SN-1'), operationOf(action));
    assert.equal(bench.power.asked, []);
  });

  test(`${kind}: a report that comes in while the record is written calls it off`, async ({ bench }) => {
    await prepare(bench);
    bench.flaky.fateOf = () => {
      bench.flaky.fateOf = () => 'pass';
      void bench.report({ serial: 'SN-1', bootId: 'boot-2' });
      return 'pass';
    };
    assert.is(await outcomeOf(run(bench)), 'PRECONDITION');
    assert.is(await bench.operation('SN-1'), null);
    assert.equal(bench.power.asked, []);
  });

  test(`${kind}: whoever does not lead any more records nothing and touches nothing`, async ({ bench }) => {
    await prepare(bench);
    await bench.depose();
    assert.is(await outcomeOf(run(bench)), 'PRECONDITION');
    assert.is(await bench.operation('SN-1'), null);
    assert.equal(bench.power.asked, []);
  });

  test(`${kind}: who loses the lead while the BMC is talked to does not touch the machine`, async ({ bench }) => {
    await prepare(bench);
    bench.power.before = () => bench.depose();
    assert.is(await outcomeOf(run(bench)), 'PRECONDITION');
    assert.equal(bench.power.done, []);
    assert.equal(await bench.operation('SN-1'), operationOf(action), 'and the next leader goes on with it');
  });

  test(`${kind}: who loses the lead while the machine is touched does not write any more`, async ({ bench }) => {
    await prepare(bench);
    bench.power.after = () => bench.depose();
    assert.is(await outcomeOf(run(bench)), 'done');
    assert.equal(await bench.operation('SN-1'), operationOf(action), 'the mark is for the next leader to set');
  });

  test(`${kind}: a record that is gone when power has been asked for does not come back`, async ({ bench }) => {
    await prepare(bench);
    bench.power.after = async () => {
      await bench.kv.commit({ when: [], delete: [keys.operation('SN-1')] });
    };
    await run(bench);
    assert.is(await bench.operation('SN-1'), null);
  });

  test(`${kind}: power that fails leaves the record without a mark, and is asked for again`, async ({ bench }) => {
    await prepare(bench);
    bench.power.before = async (_, serial) => {
      throw new PowerError('POWER_UNREACHABLE', { serial, bmc: { address: '10.72.17.4' } }, 'no answer');
    };
    for (const _ of [1, 2]) {
      assert.is(await outcomeOf(run(bench)), 'POWER_UNREACHABLE');
      assert.equal(await bench.operation('SN-1'), operationOf(action));
    }
    bench.power.before = async () => {};
    assert.is(await outcomeOf(run(bench)), 'done');
    assert.equal(await bench.operation('SN-1'), operationOf(action, 1));
    assert.equal(bench.power.done, [reset]);
  });

  for (const fate of ['lost-answer', 'lost-request', 'away'] as const) {
    test(`${kind}: power is not touched unless the record is known to be written (${fate})`, async ({ bench }) => {
      await prepare(bench);
      bench.flaky.fateOf = () => fate;
      assert.is(await outcomeOf(run(bench)), fate === 'away' ? 'STATE_UNAVAILABLE' : 'STATE_UNKNOWN_OUTCOME');
      assert.equal(bench.power.asked, []);
      bench.flaky.fateOf = () => 'pass';
      assert.is(await outcomeOf(run(bench)), 'done', 'and then it is gone on with');
      assert.equal(bench.power.done, [reset]);
    });
  }

  test(`${kind}: a mark whose answer is lost is not set twice`, async ({ bench }) => {
    await prepare(bench);
    bench.power.after = async () => {
      bench.flaky.fateOf = () => 'lost-answer';
    };
    assert.is(await outcomeOf(run(bench)), 'STATE_UNKNOWN_OUTCOME');
    bench.flaky.fateOf = () => 'pass';
    assert.is(await outcomeOf(run(bench)), 'PRECONDITION');
    assert.equal(await bench.operation('SN-1'), operationOf(action, 1));
    assert.equal(bench.power.done, [reset]);
  });

  test(`${kind}: records that cannot be read are no licence to act`, async ({ bench }) => {
    for (const key of [keys.operation('SN-1'), keys.observedMachine('SN-1')]) {
      await prepare(bench);
      await bench.kv.commit({ when: [], put: [{ key, value: 'noise' }] });
      assert.is(await outcomeOf(run(bench)), 'STATE_INVALID');
      await bench.kv.commit({ when: [], delete: [key] });
    }
    assert.equal(bench.power.asked, []);
  });
}

test('restart: a machine that etcd does not know any more is not restarted', async ({ bench }) => {
  assert.is(await outcomeOf(restart(restartAction('SN-1'), bench.context, never)), 'PRECONDITION');
  assert.equal(bench.power.asked, []);
});

test.run();
