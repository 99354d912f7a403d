// What EtcdKv makes of trouble: what it repeats, what it never repeats, and what it says about it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectEtcd, type EtcdKv, type EtcdOptions } from '../../../schema/state/etcd.ts';
import { isStateError, type StateErrorCode } from '../../../schema/state/state-error.ts';
import { type EtcdMember, startEtcd } from '../../etcd.ts';
import { eventually } from '../../eventually.ts';
import { TcpProxy } from '../../tcp-proxy.ts';

let etcd: EtcdMember;
let proxy: TcpProxy;
let sites = 0;
const open: EtcdKv[] = [];

test.before(async () => {
  etcd = await startEtcd();
  proxy = await etcd.proxy();
});
test.before.each(() => {
  proxy.mode = 'pass';
  sites++;
});
test.after.each(() => {
  for (const kv of open.splice(0)) kv.close();
});
test.after(() => etcd.stop());

function connect(endpoints: readonly string[], options: Partial<EtcdOptions> = {}): EtcdKv {
  const kv = connectEtcd({ endpoints, site: `site-${sites}`, deadlineMs: 10_000, ...options });
  open.push(kv);
  return kv;
}

function versionOf(key: string): Promise<number> {
  return etcd.versionOf(`/berth/site-${sites}/${key}`);
}

async function codeOf(promise: Promise<unknown>): Promise<StateErrorCode | 'no error'> {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    if (isStateError(error)) return error.code;
    throw error;
  }
}

/** For calls that are to fail by it. */
const soon = { deadlineMs: 1_000 };

const put = (key: string, value = '') => ({ when: [], put: [{ key, value }] });

test('a write whose reply is cut off has an unknown outcome and is not made again', async () => {
  const kv = connect([proxy.url]);
  await kv.get('warm-up');
  proxy.mode = 'swallow';
  const code = codeOf(kv.commit(put('a')));
  await eventually('the write has happened', async () => (await versionOf('a')) === 1);
  proxy.mode = 'pass';
  proxy.cut();
  assert.is(await code, 'STATE_UNKNOWN_OUTCOME');
  assert.ok(await kv.commit(put('b')));
  assert.is(await versionOf('a'), 1);
});

test('a write whose reply does not come in time has an unknown outcome', async () => {
  const kv = connect([proxy.url, etcd.url], soon);
  await kv.get('warm-up');
  proxy.mode = 'swallow';
  assert.is(await codeOf(kv.commit(put('a'))), 'STATE_UNKNOWN_OUTCOME');
  assert.is(await versionOf('a'), 1);
});

test('a lease whose grant got no reply is not granted twice', async () => {
  const kv = connect([proxy.url, etcd.url], soon);
  await kv.get('warm-up');
  proxy.mode = 'swallow';
  assert.is(await codeOf(kv.grantLease(60)), 'STATE_UNKNOWN_OUTCOME');
});

test('a read whose reply is cut off is made again', async () => {
  const direct = connect([etcd.url]);
  await direct.commit(put('a', '1'));
  const kv = connect([proxy.url]);
  await kv.get('warm-up');
  for (let round = 0; round < 5; round++) {
    proxy.cutAfter(1);
    assert.is((await kv.get('a'))?.value, '1');
  }
});

test('what was never sent goes to another member, each write once', async () => {
  const other = await TcpProxy.start(etcd.port);
  const dead = other.url;
  await other.close();
  for (let number = 0; number < 8; number++) {
    const refusals = proxy.refusals;
    proxy.mode = 'refuse';
    const kv = connect([dead, proxy.url]);
    const written = kv.commit(put(`k${number}`));
    await eventually('the write finds nobody', () => proxy.refusals > refusals);
    proxy.mode = 'pass';
    assert.ok(await written);
    assert.is((await kv.get(`k${number}`))?.value, '');
    assert.is(await versionOf(`k${number}`), 1);
    kv.close();
  }
});

test('a member that is cut off is left for one that answers', async () => {
  const kv = connect([proxy.url, etcd.url], soon);
  await kv.commit(put('a', '1'));
  proxy.mode = 'freeze';
  assert.is((await kv.get('a'))?.value, '1');
  const start = performance.now();
  for (let round = 0; round < 10; round++) await kv.get('a');
  assert.ok(performance.now() - start < 2000, 'ten calls that began with the other member would take four seconds');
});

test('with no member there is nothing to read or write', async () => {
  const kv = connect([proxy.url], soon);
  proxy.mode = 'refuse';
  const calls = [kv.get('a'), kv.list(''), kv.commit(put('a')), kv.grantLease(5), kv.keepLeaseAlive('1')];
  const codes = await Promise.all(calls.map(codeOf));
  assert.equal(new Set(codes), new Set(['STATE_UNAVAILABLE']));
  proxy.mode = 'pass';
  await eventually('it is read', async () => (await codeOf(kv.get('a'))) === 'no error');
});

test('a hung member fails calls by their deadline, and serves again when it wakes up', async () => {
  const kv = connect([etcd.url], soon);
  await kv.commit(put('a', '1'));
  etcd.hang();
  const codes = await Promise.all([kv.get('a'), kv.list(''), kv.commit(put('b'))].map(codeOf));
  assert.equal(codes, ['STATE_UNAVAILABLE', 'STATE_UNAVAILABLE', 'STATE_UNKNOWN_OUTCOME']);
  etcd.resume();
  await eventually('it is read', async () => (await codeOf(kv.get('a'))) === 'no error');
});

test('a member that was killed is used again as soon as it is back', async () => {
  const kv = connect([etcd.url], soon);
  await kv.commit(put('a', '1'));
  await etcd.kill();
  assert.is(await codeOf(kv.get('a')), 'STATE_UNAVAILABLE');
  await etcd.start();
  await eventually('it is read', async () => (await codeOf(kv.get('a'))) === 'no error');
  assert.is((await kv.get('a'))?.value, '1');
});

test('what etcd refuses says so', async () => {
  assert.is(await codeOf(connect([etcd.url]).grantLease(1e10)), 'STATE_REFUSED');
});

test('a listing bigger than a gRPC message is whole, in pages or not', async () => {
  const kv = connect([etcd.url]);
  const value = 'x'.repeat(50_000);
  for (let batch = 0; batch < 5; batch++) {
    await kv.commit({ when: [], put: Array.from({ length: 20 }, (_, n) => ({ key: `k/${batch}-${n}`, value })) });
  }
  for (const pageSize of [5000, 7]) {
    const { entries } = await connect([etcd.url], { pageSize }).list('k/');
    assert.is(entries.length, 100);
    assert.ok(entries.every((entry) => entry.value === value));
  }
});

test('the pages of a listing are of one revision, and a compaction starts it anew', async () => {
  const writer = connect([etcd.url]);
  const keys = Array.from({ length: 30 }, (_, number) => `k/${number}`);
  const writeAll = (value: string) => writer.commit({ when: [], put: keys.map((key) => ({ key, value })) });
  await writeAll('0');
  const reader = connect([etcd.url], { pageSize: 1 });
  let writing = true;
  const writes = (async () => {
    for (let round = 1; round <= 15; round++) {
      await writeAll(String(round));
      if (round % 5 === 0) await etcd.compact();
    }
    writing = false;
  })();
  while (writing) {
    const { entries } = await reader.list('k/');
    assert.is(entries.length, keys.length);
    assert.is(new Set(entries.map((entry) => entry.value)).size, 1);
  }
  await writes;
});

test('an abort ends a call that hangs', async () => {
  const kv = connect([proxy.url], { deadlineMs: 30_000 });
  await kv.get('warm-up');
  proxy.mode = 'freeze';
  const abort = new AbortController();
  const reads = [kv.get('a', abort.signal), kv.list('', abort.signal), kv.keepLeaseAlive('1', abort.signal)];
  abort.abort(new Error('enough'));
  for (const read of reads) assert.is(await read.catch((error: Error) => error.message), 'enough');
  proxy.cut();
});

test('many calls and watches that share a signal make no noise, and close in silence', async () => {
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.message);
  process.on('warning', note);
  const kv = connect([proxy.url]);
  const abort = new AbortController();
  const crowd = Array.from({ length: 20 }, (_, number) => number);
  let snapshots = 0;
  const watches = crowd.map(async (number) => {
    for await (const batch of kv.watch(`k/${number}`, abort.signal)) if (batch.kind === 'snapshot') snapshots++;
  });
  await Promise.all(crowd.map((number) => kv.get(`k/${number}`, abort.signal)));
  await eventually('all watch', () => snapshots === crowd.length);
  proxy.cut();
  await Promise.all(crowd.map((number) => kv.get(`k/${number}`, abort.signal)));
  kv.close();
  await Promise.all(watches);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  assert.equal(warnings, []);
});

test('a closed store says so', async () => {
  const kv = connect([etcd.url]);
  await kv.get('a');
  kv.close();
  kv.close();
  assert.is(await codeOf(kv.get('a')), 'STATE_CLOSED');
  assert.is(await codeOf(kv.commit(put('a'))), 'STATE_CLOSED');
  for await (const batch of kv.watch('', new AbortController().signal)) assert.unreachable(batch.kind);
});

test.run();
