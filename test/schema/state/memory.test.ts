// What only the store in memory has: a history that can be made short, and time that a test moves.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ManualClock } from '../../../schema/state/clock.ts';
import type { WatchBatch } from '../../../schema/state/kv.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';

const noSignal = new AbortController().signal;

function put(kv: MemoryKv, key: string): Promise<boolean> {
  return kv.commit({ when: [], put: [{ key, value: '' }] });
}

async function next(watch: AsyncGenerator<WatchBatch, void>): Promise<string> {
  const { value: batch } = await watch.next();
  if (!batch) return 'the end';
  const entries = batch.kind === 'snapshot' ? batch.entries : batch.puts;
  return `${batch.kind} ${entries.map((entry) => entry.key).join(' ')}`;
}

test('a watch that has not seen what was compacted gets a snapshot, one that has does not', async () => {
  const kv = new MemoryKv();
  const [slow, quick] = [kv.watch('', noSignal), kv.watch('', noSignal)];
  assert.is(await next(slow), 'snapshot ');
  assert.is(await next(quick), 'snapshot ');
  await put(kv, 'a');
  await put(kv, 'b');
  assert.is(await next(quick), 'changes a');
  assert.is(await next(quick), 'changes b');
  kv.compact();
  await put(kv, 'c');
  assert.is(await next(quick), 'changes c');
  assert.is(await next(slow), 'snapshot a b c');
  await put(kv, 'd');
  assert.is(await next(slow), 'changes d');
});

test('a watch that lags behind by more than what is kept gets a snapshot', async () => {
  const kv = new MemoryKv({ keepRevisions: 2 });
  const watch = kv.watch('', noSignal);
  assert.is(await next(watch), 'snapshot ');
  for (const key of ['a', 'b']) await put(kv, key);
  assert.is(await next(watch), 'changes a');
  for (const key of ['c', 'd', 'e']) await put(kv, key);
  assert.is(await next(watch), 'snapshot a b c d e');
  await put(kv, 'f');
  assert.is(await next(watch), 'changes f');
});

test('leases run on the clock that is given', async () => {
  const clock = new ManualClock();
  const kv = new MemoryKv({ clock });
  const lease = await kv.grantLease(10);
  await kv.commit({ when: [], put: [{ key: 'a', value: '', lease: lease.id }] });
  await clock.advance(6000);
  assert.is(await kv.keepLeaseAlive(lease.id), 10);
  await clock.advance(9999);
  assert.ok(await kv.get('a'));
  await clock.advance(1);
  assert.is(await kv.get('a'), null);
  assert.is(await kv.keepLeaseAlive(lease.id), 0);
});

test.run();
