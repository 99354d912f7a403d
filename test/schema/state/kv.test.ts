// What every state store has to do: one table of expectations, over the store in memory and over real etcd.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectEtcd, type EtcdKv } from '../../../schema/state/etcd.ts';
import {
  absent,
  applyBatch,
  createdAt,
  type Entry,
  holds,
  type Kv,
  unchanged,
  type WatchBatch,
} from '../../../schema/state/kv.ts';
import { maxOperations, maxValueBytes } from '../../../schema/state/limits.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';
import { isStateError, type StateErrorCode } from '../../../schema/state/state-error.ts';
import { type EtcdMember, startEtcd } from '../../etcd.ts';
import { eventually } from '../../eventually.ts';

type Expectation = (kv: Kv, compact: () => Promise<void>) => Promise<void>;

const expectations: Readonly<Record<string, Expectation>> = {
  'a key that was never written is null': async (kv) => {
    assert.is(await kv.get('none'), null);
  },

  'what is written is read': async (kv) => {
    assert.ok(await kv.commit({ when: [], put: [{ key: 'a/1', value: 'grüezi ☃ \u{1f6a2}' }] }));
    const entry = await kv.get('a/1');
    assert.is(entry?.key, 'a/1');
    assert.is(entry?.value, 'grüezi ☃ \u{1f6a2}');
    assert.is(entry?.createRevision, entry?.modRevision);
    assert.is(entry?.lease, null);
  },

  'a second write moves the mod revision only': async (kv) => {
    await kv.commit({ when: [], put: [{ key: 'a', value: '1' }] });
    const first = await present(kv, 'a');
    await kv.commit({ when: [], put: [{ key: 'a', value: '2' }] });
    const second = await present(kv, 'a');
    assert.is(second.createRevision, first.createRevision);
    assert.ok(second.modRevision > first.modRevision);
  },

  'a key made anew has a new create revision': async (kv) => {
    await kv.commit({ when: [], put: [{ key: 'a', value: '1' }] });
    const first = await present(kv, 'a');
    await kv.commit({ when: [], delete: ['a'] });
    assert.is(await kv.get('a'), null);
    await kv.commit({ when: [], put: [{ key: 'a', value: '1' }] });
    assert.ok((await present(kv, 'a')).createRevision > first.createRevision);
  },

  'each condition holds when it should, and only then': async (kv) => {
    await kv.commit({ when: [], put: [{ key: 'a', value: '1' }] });
    await kv.commit({ when: [], put: [{ key: 'a', value: '2' }] });
    const a = await present(kv, 'a');
    const table = [
      [absent('a'), false],
      [absent('b'), true],
      [createdAt('a', a.createRevision), true],
      [createdAt('a', a.modRevision), false],
      [createdAt('b', a.createRevision), false],
      [unchanged('a', a), true],
      [unchanged('a', { ...a, modRevision: a.createRevision }), false],
      [unchanged('b', null), true],
      [unchanged('a', null), false],
      [holds('a', '2'), true],
      [holds('a', '1'), false],
      [holds('b', ''), false],
    ] as const;
    for (const [condition, expected] of table) {
      assert.is(await kv.commit({ when: [condition] }), expected, JSON.stringify(condition, String));
    }
  },

  'one condition that fails stops all of a transaction': async (kv) => {
    await kv.commit({ when: [], put: [{ key: 'old', value: '1' }] });
    const when = [absent('new'), absent('old')];
    assert.not(await kv.commit({ when, put: [{ key: 'new', value: '1' }], delete: ['old'] }));
    assert.is(await kv.get('new'), null);
    assert.ok(await kv.get('old'));
  },

  'all of a transaction happens at one revision': async (kv) => {
    await kv.commit({ when: [], put: [{ key: 'old', value: '' }] });
    const put = ['a', 'b', 'c'].map((key) => ({ key, value: key }));
    await kv.commit({ when: [], put, delete: ['old'] });
    const { entries, revision } = await kv.list('');
    assert.equal(
      entries.map(({ key, modRevision }) => [key, modRevision]),
      ['a', 'b', 'c'].map((key) => [key, revision]),
    );
  },

  'a range is a folder, a key, or all': async (kv) => {
    const put = ['a', 'a/2', 'a/10', 'a/b/c', 'a0', 'ab/c', 'b'].map((key) => ({ key, value: '' }));
    await kv.commit({ when: [], put });
    const list = async (range: string) => (await kv.list(range)).entries.map((entry) => entry.key);
    assert.equal(await list('a/'), ['a/10', 'a/2', 'a/b/c']);
    assert.equal(await list('a'), ['a']);
    assert.equal(await list('a/b/'), ['a/b/c']);
    assert.equal(await list('none/'), []);
    assert.equal(await list(''), ['a', 'a/10', 'a/2', 'a/b/c', 'a0', 'ab/c', 'b']);
  },

  'many keys are looked up at once': async (kv) => {
    const names = Array.from({ length: 250 }, (_, number) => `k/${number}`);
    for (const part of [names.slice(0, 100), names.slice(100, 200)]) {
      await kv.commit({ when: [], put: part.map((key) => ({ key, value: `of ${key}` })) });
    }
    const found = await kv.getMany(names);
    assert.is(found.size, 200);
    assert.is(found.get('k/199')?.value, 'of k/199');
    assert.not(found.has('k/200'));
    assert.equal([...(await kv.existing(names))].sort(), names.slice(0, 200).sort());
    assert.is((await kv.getMany([])).size, 0);
  },

  'a request over the limits is refused before it is sent, and the next one works': async (kv) => {
    const puts = (count: number, value = '') => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value }));
    const megabyte = 'x'.repeat(maxValueBytes);
    await rejects('STATE_TOO_LARGE', kv.commit({ when: [], put: puts(maxOperations + 1) }));
    await rejects('STATE_TOO_LARGE', kv.commit({ when: [], put: puts(100), delete: puts(29).map((p) => `d${p.key}`) }));
    await rejects('STATE_TOO_LARGE', kv.commit({ when: puts(maxOperations + 1).map((p) => absent(p.key)) }));
    await rejects('STATE_TOO_LARGE', kv.commit({ when: [], put: puts(1, `${megabyte}x`) }));
    await rejects('STATE_TOO_LARGE', kv.commit({ when: [], put: puts(1, 'é'.repeat(maxValueBytes / 2 + 1)) }));
    await rejects('STATE_TOO_LARGE', kv.commit({ when: [], put: puts(2, megabyte) }));
    assert.ok(await kv.commit({ when: [], put: puts(maxOperations) }));
    assert.ok(await kv.commit({ when: [], put: puts(1, megabyte) }));
  },

  'a request that makes no sense is refused': async (kv) => {
    const put = [{ key: 'a', value: '' }];
    await rejects('STATE_REFUSED', kv.commit({ when: [], put: [...put, ...put] }));
    await rejects('STATE_REFUSED', kv.commit({ when: [], put, delete: ['a'] }));
    await rejects('STATE_REFUSED', kv.commit({ when: [], delete: [''] }));
    await rejects('STATE_REFUSED', kv.commit({ when: [absent('a/')] }));
    await rejects('STATE_REFUSED', kv.get(''));
    await rejects('STATE_REFUSED', kv.getMany(['a', 'b/']));
    assert.is(await kv.get('a'), null);
  },

  'a key ends with its lease': async (kv) => {
    const lease = await kv.grantLease(60);
    await kv.commit({ when: [], put: ['a', 'b'].map((key) => ({ key, value: '', lease: lease.id })) });
    await kv.commit({ when: [], put: [{ key: 'b', value: 'without a lease now' }] });
    assert.is((await present(kv, 'a')).lease, lease.id);
    assert.is((await present(kv, 'b')).lease, null);
    assert.is(await kv.keepLeaseAlive(lease.id), lease.ttlSeconds);
    await kv.revokeLease(lease.id);
    assert.is(await kv.get('a'), null);
    assert.ok(await kv.get('b'));
  },

  'a lease that has ended is no error but for a write': async (kv) => {
    const { id: lease } = await kv.grantLease(60);
    await kv.revokeLease(lease);
    await kv.revokeLease(lease);
    assert.is(await kv.keepLeaseAlive(lease), 0);
    await rejects('STATE_LEASE_LOST', kv.commit({ when: [], put: [{ key: 'a', value: '', lease }] }));
    assert.not(await kv.commit({ when: [holds('a', '')], put: [{ key: 'a', value: '', lease }] }));
  },

  'a lease ends by itself': async (kv) => {
    const lease = await kv.grantLease(1);
    await kv.commit({ when: [], put: [{ key: 'a', value: '', lease: lease.id }] });
    await eventually('the key is gone', async () => (await kv.get('a')) === null);
  },

  'a watch yields a snapshot, then each transaction': async (kv) => {
    await kv.commit({ when: [], put: ['a/1', 'a/2', 'b'].map((key) => ({ key, value: 'old' })) });
    const watch = new Watching(kv, 'a/');
    await watch.until((copy) => copy.size === 2);
    await kv.commit({ when: [], put: [{ key: 'b', value: 'not watched' }] });
    const put = ['a/1', 'a/3', 'c'].map((key) => ({ key, value: 'new' }));
    await kv.commit({ when: [], put, delete: ['a/2', 'b', 'a/none'] });
    await kv.commit({ when: [], delete: ['a/1'] });
    await watch.until((copy) => copy.size === 1);
    assert.equal(
      watch.batches.map((batch) =>
        batch.kind === 'snapshot'
          ? batch.entries.map((entry) => `${entry.key}=${entry.value}`)
          : [...batch.puts.map((entry) => `${entry.key}=${entry.value}`), ...batch.deletes.map((key) => `-${key}`)],
      ),
      [['a/1=old', 'a/2=old'], ['a/1=new', 'a/3=new', '-a/2'], ['-a/1']],
    );
    assert.equal([...watch.copy.values()], [await present(kv, 'a/3')]);
    await watch.stop();
  },

  'a watch of one key sees only that': async (kv) => {
    const watch = new Watching(kv, 'a');
    await kv.commit({ when: [], put: ['a', 'a/1', 'ab'].map((key) => ({ key, value: '' })) });
    await watch.until((copy) => copy.has('a'));
    assert.equal([...watch.copy.keys()], ['a']);
    await watch.stop();
  },

  'a key that ends with its lease is deleted for a watch too': async (kv) => {
    const lease = await kv.grantLease(60);
    await kv.commit({ when: [], put: ['a/1', 'a/2'].map((key) => ({ key, value: '', lease: lease.id })) });
    const watch = new Watching(kv, 'a/');
    await watch.until((copy) => copy.size === 2);
    await kv.revokeLease(lease.id);
    await watch.until((copy) => copy.size === 0);
    await watch.stop();
  },

  'an aborted watch ends without an error, whether or not something comes': async (kv) => {
    const abort = new AbortController();
    const ends = [kv.watch('a/', abort.signal), kv.watch('b/', abort.signal)].map(async (watch) => {
      for await (const batch of watch) if (batch.kind === 'changes') abort.abort();
    });
    const watch = new Watching(kv, 'a/');
    await watch.until(() => watch.batches.length > 0);
    let number = 0;
    await eventually('a change is seen', async () => {
      await kv.commit({ when: [], put: [{ key: `a/${++number}`, value: '' }] });
      return abort.signal.aborted;
    });
    await Promise.all([...ends, watch.stop()]);
    for await (const batch of kv.watch('', abort.signal)) assert.unreachable(batch.kind);
  },

  'a watch that is left in the middle leaves nothing behind': async (kv) => {
    for await (const batch of kv.watch('', new AbortController().signal)) {
      assert.is(batch.kind, 'snapshot');
      break;
    }
  },

  'a slow watch gets all in order': async (kv) => {
    const watch = new Watching(kv, 'a/', () => new Promise((resolve) => setImmediate(resolve)));
    await watch.until(() => watch.batches.length > 0);
    for (let number = 1; number <= 50; number++) {
      await kv.commit({ when: [], put: [{ key: 'a/counter', value: String(number) }] });
    }
    await watch.until((copy) => copy.get('a/counter')?.value === '50');
    const values = watch.batches.flatMap((batch) =>
      batch.kind === 'changes' ? batch.puts.map((entry) => Number(entry.value)) : [],
    );
    assert.equal(
      values,
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    await watch.stop();
  },

  'a watch goes on over a compaction': async (kv, compact) => {
    const watch = new Watching(kv, 'a/');
    await watch.until(() => watch.batches.length > 0);
    await kv.commit({ when: [], put: [{ key: 'a/1', value: '' }] });
    await compact();
    await kv.commit({ when: [], put: [{ key: 'a/2', value: '' }] });
    await watch.until((copy) => copy.size === 2);
    await watch.stop();
  },

  'an aborted signal ends a read with its reason': async (kv) => {
    const signal = AbortSignal.abort(new Error('enough'));
    for (const read of [kv.get('a', signal), kv.list('', signal), kv.getMany(['a'], signal)]) {
      assert.is(await read.catch((error: Error) => error.message), 'enough');
    }
  },
};

/** Collects what a watch yields. */
class Watching {
  readonly batches: WatchBatch[] = [];
  readonly copy = new Map<string, Entry>();
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  constructor(kv: Kv, range: string, afterEach: () => Promise<unknown> = async () => {}) {
    this.#done = this.#run(kv.watch(range, this.#abort.signal), afterEach);
  }

  until(condition: (copy: ReadonlyMap<string, Entry>) => boolean): Promise<void> {
    return eventually('the watch has seen it', () => condition(this.copy));
  }

  stop(): Promise<void> {
    this.#abort.abort();
    return this.#done;
  }

  async #run(watch: AsyncIterable<WatchBatch>, afterEach: () => Promise<unknown>): Promise<void> {
    for await (const batch of watch) {
      this.batches.push(batch);
      applyBatch(this.copy, batch);
      await afterEach();
    }
  }
}

async function present(kv: Kv, key: string): Promise<Entry> {
  const entry = await kv.get(key);
  if (entry === null) throw new Error(`${key} is not there`);
  return entry;
}

async function rejects(code: StateErrorCode, promise: Promise<unknown>): Promise<void> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => (isStateError(error) ? error.code : error),
  );
  assert.is(outcome, code);
}

const inMemory = suite('MemoryKv');
for (const [name, expectation] of Object.entries(expectations)) {
  inMemory(name, async () => {
    const kv = new MemoryKv();
    await expectation(kv, async () => kv.compact());
  });
}
inMemory.run();

const inEtcd = suite<{ etcd?: EtcdMember; sites: number }>('EtcdKv', { sites: 0 });
inEtcd.before(async (context) => {
  context.etcd = await startEtcd();
});
inEtcd.after(async ({ etcd }) => {
  await etcd?.stop();
});
for (const [name, expectation] of Object.entries(expectations)) {
  inEtcd(name, async (context) => {
    const { etcd } = context;
    if (etcd === undefined) throw new Error('etcd was not started');
    // A site of its own for each: none sees the keys of another.
    const kv: EtcdKv = connectEtcd({ endpoints: [etcd.url], site: `site-${++context.sites}`, pageSize: 3 });
    try {
      await expectation(kv, () => etcd.compact());
    } finally {
      kv.close();
    }
  });
}
inEtcd.run();
