import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { finish } from '../../../reconciler/execute/finish.ts';
import { putRecord, records } from '../../../schema/state/records.ts';
import { type ExecuteBench, finishAction, operationOf, outcomeOf, restartAction, startBench } from './bench.ts';

const operation = operationOf(restartAction('SN-1'), 1);
const action = finishAction('SN-1', operation);

const test = suite<{ bench: ExecuteBench }>('finish');

test.before.each(async (context) => {
  context.bench = await startBench();
  await context.bench.kv.commit({ when: [], put: [putRecord(records.operation, operation)] });
  await context.bench.see();
});

test('the record goes', async ({ bench }) => {
  assert.is(await outcomeOf(finish(action, bench.context)), 'done');
  assert.is(await bench.operation('SN-1'), null);
});

test('done twice is done once', async ({ bench }) => {
  await finish(action, bench.context);
  await bench.see();
  assert.is(await outcomeOf(finish(action, bench.context)), 'done');
});

test('a record that has changed since it was seen stays', async ({ bench }) => {
  const next = { ...operation, attempts: 2 };
  await bench.kv.commit({ when: [], put: [putRecord(records.operation, next)] });
  assert.is(await outcomeOf(finish(action, bench.context)), 'PRECONDITION');
  assert.equal(await bench.operation('SN-1'), next);
});

test('a record that was made anew since it was seen stays', async ({ bench }) => {
  await finish(action, bench.context);
  await bench.kv.commit({ when: [], put: [putRecord(records.operation, operation)] });
  assert.is(await outcomeOf(finish(action, bench.context)), 'PRECONDITION');
  assert.equal(await bench.operation('SN-1'), operation);
});

test('whoever does not lead any more deletes nothing', async ({ bench }) => {
  await bench.depose();
  assert.is(await outcomeOf(finish(action, bench.context)), 'PRECONDITION');
  assert.equal(await bench.operation('SN-1'), operation);
});

test.run();
