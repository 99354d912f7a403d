// A watch loses nothing, repeats nothing and tears no transaction, whatever is done to its connection.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectEtcd, type EtcdKv, type EtcdOptions } from '../../../schema/state/etcd.ts';
import { applyBatch, type Entry, type Kv, type WatchBatch } from '../../../schema/state/kv.ts';
import { type EtcdMember, startEtcd, startEtcdCluster } from '../../etcd.ts';
import { eventually } from '../../eventually.ts';
import type { TcpProxy } from '../../tcp-proxy.ts';

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
  const kv = connectEtcd({ endpoints, site: `site-${sites}`, ...options });
  open.push(kv);
  return kv;
}

/** Everything that a watch yields, and the copy that it keeps up to date; ends with its store. */
class Follower {
  readonly copy = new Map<string, Entry>();
  readonly changes: Extract<WatchBatch, { kind: 'changes' }>[] = [];
  snapshots = 0;

  constructor(kv: Kv, range: string) {
    void this.#run(kv.watch(range, new AbortController().signal));
  }

  async #run(watch: AsyncIterable<WatchBatch>): Promise<void> {
    for await (const batch of watch) {
      applyBatch(this.copy, batch);
      if (batch.kind === 'snapshot') this.snapshots++;
      else this.changes.push(batch);
    }
  }

  async hasStarted(): Promise<void> {
    await eventually('the snapshot came', () => this.snapshots > 0);
  }
}

async function assertSame(follower: Follower, kv: Kv, range: string): Promise<void> {
  const { entries } = await kv.list(range);
  const byKey = (a: Entry, b: Entry) => (a.key < b.key ? -1 : 1);
  assert.equal([...follower.copy.values()].sort(byKey), entries);
}

test('5000 events to catch up with, the connection cut three times: each comes once, in whole transactions', async () => {
  const writer = connect([etcd.url]);
  const follower = new Follower(connect([proxy.url]), 'k/');
  await follower.hasStarted();
  proxy.mode = 'refuse';
  const value = 'x'.repeat(1000);
  const write = (number: number) =>
    writer.commit({ when: [], put: ['a', 'b', 'c', 'd'].map((part) => ({ key: `k/${number}-${part}`, value })) });
  for (let number = 0; number < 1250; number += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, offset) => write(number + offset)));
  }
  // To catch up etcd sends a thousand revisions at a time, here 4.4 MB, in messages of 1.5 MB: the cuts fall into the
  // first message, between the messages of a batch, and after the first batch.
  proxy.cutAfter(300_000, 2_000_000, 4_700_000);
  proxy.mode = 'pass';
  await eventually('all is seen', () => follower.copy.size === 5000, 20_000);
  assert.is(proxy.cutsLeft, 0, 'the connection was cut as often as it should');
  assert.is(follower.snapshots, 1);
  assert.is(follower.changes.length, 1250);
  assert.ok(follower.changes.every((batch) => batch.puts.length === 4));
  const revisions = follower.changes.map((batch) => batch.revision);
  assert.equal(revisions, [...new Set(revisions)].sort(compare));
  await assertSame(follower, writer, 'k/');
});

test('the connection cut at random under a writer: no event is missing, repeated or out of order', async () => {
  const writer = connect([etcd.url]);
  const follower = new Follower(connect([proxy.url]), 'k/');
  await follower.hasStarted();
  const before = (await writer.list('')).revision;
  let writing = true;
  const cuts = (async () => {
    for (let count = 0; writing; count++) {
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 100));
      if (count % 3 === 2) proxy.mode = 'refuse';
      else proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      proxy.mode = 'pass';
    }
  })();
  for (let number = 0; number < 1000; number++) {
    const key = `k/${number % 37}`;
    await writer.commit(
      number % 5 === 4 ? { when: [], delete: [key] } : { when: [], put: [{ key, value: `${number}` }] },
    );
  }
  writing = false;
  await cuts;
  const { revision } = await writer.list('');
  await eventually('the last is seen', () => follower.changes.at(-1)?.revision === revision, 20_000);
  const expected = Array.from({ length: Number(revision - before) }, (_, index) => before + 1n + BigInt(index));
  assert.ok(expected.length > 900);
  assert.equal(
    follower.changes.map((batch) => batch.revision),
    expected,
  );
  assert.is(follower.snapshots, 1);
  await assertSame(follower, writer, 'k/');
});

test('a history that was compacted meanwhile is made good by a snapshot', async () => {
  const writer = connect([etcd.url]);
  const put = (key: string) => writer.commit({ when: [], put: [{ key, value: '' }] });
  await put('k/old');
  const follower = new Follower(connect([proxy.url]), 'k/');
  await follower.hasStarted();
  proxy.mode = 'refuse';
  await put('k/1');
  await put('k/2');
  await writer.commit({ when: [], delete: ['k/old'] });
  await etcd.compact();
  proxy.mode = 'pass';
  await eventually('the snapshot came', () => follower.snapshots === 2);
  assert.equal([...follower.copy.keys()], ['k/1', 'k/2']);
  await put('k/3');
  await eventually('it goes on', () => follower.copy.has('k/3'));
  await assertSame(follower, writer, 'k/');
});

test('a member that hangs and one that is killed: the watch catches up', async () => {
  const kv = connect([etcd.url], { deadlineMs: 400 });
  const follower = new Follower(kv, 'k/');
  await follower.hasStarted();
  etcd.hang();
  await kv.get('k/1').catch(() => {});
  etcd.resume();
  await kv.commit({ when: [], put: [{ key: 'k/1', value: '' }] });
  await eventually('the watch has woken up', () => follower.copy.has('k/1'));
  await etcd.kill();
  await etcd.start();
  await eventually('etcd can be written', async () => {
    return kv.commit({ when: [], put: [{ key: 'k/2', value: '' }] }).catch(() => false);
  });
  await eventually('the watch has come back', () => follower.copy.has('k/2'));
  assert.is(follower.snapshots, 1);
});

test('a store that was put back to an older state is made good by a snapshot', async () => {
  const writer = connect([etcd.url]);
  const put = (key: string) => writer.commit({ when: [], put: [{ key, value: '' }] });
  await Promise.all(['k/1', 'k/2', 'k/3'].map(put));
  const follower = new Follower(connect([proxy.url]), 'k/');
  await follower.hasStarted();
  proxy.mode = 'refuse';
  await etcd.wipe();
  await eventually('etcd can be written', () => put('k/4').catch(() => false));
  proxy.mode = 'pass';
  await eventually('the snapshot came', () => follower.snapshots === 2);
  assert.equal([...follower.copy.keys()], ['k/4']);
  await put('k/5');
  await eventually('it goes on', () => follower.copy.has('k/5'));
  assert.is(follower.snapshots, 2);
});

test('a watch that begins while etcd is away begins when it is back', async () => {
  proxy.mode = 'refuse';
  const troubles: Error[] = [];
  const kv = connect([proxy.url], { deadlineMs: 50, onTrouble: (error) => troubles.push(error) });
  const follower = new Follower(kv, '');
  await eventually('the trouble is told', () => troubles.length > 1);
  assert.is(follower.snapshots, 0);
  proxy.mode = 'pass';
  await follower.hasStarted();
});

test('a member that answers nothing is left for one that does', async () => {
  const writer = connect([etcd.url]);
  const follower = new Follower(connect([proxy.url, etcd.url], { deadlineMs: 200 }), 'k/');
  await follower.hasStarted();
  proxy.cut();
  proxy.mode = 'freeze';
  await writer.commit({ when: [], put: [{ key: 'k/1', value: '' }] });
  await eventually('it is seen through the other', () => follower.copy.has('k/1'));
  assert.is(follower.snapshots, 1);
});

test('a member that is cut off from its cluster does not keep its watches in silence', async () => {
  const members = await startEtcdCluster(2);
  const [first, second] = members;
  if (first === undefined || second === undefined) throw new Error('two were asked for');
  try {
    const troubles: string[] = [];
    const onTrouble = (error: Error) => troubles.push(error.message);
    const kv = connect([first.url], { deadlineMs: 400, onTrouble });
    const follower = new Follower(kv, 'k/');
    await follower.hasStarted();
    second.hang();
    await eventually('the watch has noticed', () => troubles.some((trouble) => trouble.includes('no leader')));
    second.resume();
    await eventually('a majority writes again', async () => {
      return kv.commit({ when: [], put: [{ key: 'k/1', value: '' }] }).catch(() => false);
    });
    await eventually('the watch has come back', () => follower.copy.has('k/1'), 10_000);
    assert.is(follower.snapshots, 1);
  } finally {
    await Promise.all(members.map((member) => member.stop()));
  }
});

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

test.run();
