// One leader at a time: whoever was deposed neither thinks that it leads nor can write.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { campaign, type Leadership } from '../../../schema/state/election.ts';
import { connectEtcd, type EtcdKv } from '../../../schema/state/etcd.ts';
import { keys } from '../../../schema/state/keys.ts';
import type { Kv, Transaction } from '../../../schema/state/kv.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';
import { readRecord, records } from '../../../schema/state/records.ts';
import { Session } from '../../../schema/state/session.ts';
import { isStateError, StateError } from '../../../schema/state/state-error.ts';
import { type EtcdMember, startEtcd } from '../../etcd.ts';
import { eventually } from '../../eventually.ts';

let etcd: EtcdMember;
let sites = 0;
const open: EtcdKv[] = [];
const sessions: Session[] = [];
const noSignal = new AbortController().signal;

test.before(async () => {
  etcd = await startEtcd();
});
test.before.each(() => {
  sites++;
});
test.after.each(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  for (const kv of open.splice(0)) kv.close();
});
test.after(() => etcd.stop());

function connect(endpoint = etcd.url, deadlineMs = 2_000): EtcdKv {
  const kv = connectEtcd({ endpoints: [endpoint], site: `site-${sites}`, deadlineMs });
  open.push(kv);
  return kv;
}

async function openSession(kv: Kv, ttlSeconds = 30): Promise<Session> {
  const session = await Session.open(kv, { ttlSeconds });
  sessions.push(session);
  return session;
}

/** A store whose next transactions end as told: carried out, or not, and in both cases without an answer. */
function losingAnswers(kv: Kv, fates: ('carried out' | 'lost')[]): Kv {
  return new Proxy(kv, {
    get: (_, name) => {
      if (name === 'commit') {
        return async (transaction: Transaction) => {
          const fate = fates.shift();
          if (fate === undefined) return kv.commit(transaction);
          if (fate === 'carried out') await kv.commit(transaction);
          throw new StateError('STATE_UNKNOWN_OUTCOME', 'no answer');
        };
      }
      const member: unknown = Reflect.get(kv, name);
      return typeof member === 'function' ? member.bind(kv) : member;
    },
  });
}

function fencedWrite(kv: Kv, leadership: Leadership): Promise<boolean> {
  return kv.commit({ when: [leadership.fence], put: [{ key: 'target', value: 'of this leader' }] });
}

test('the first is elected and named; the second waits until it resigns', async () => {
  const kv = new MemoryKv();
  const since = new Date('2026-01-02T03:04:05Z');
  const first = await campaign(kv, await openSession(kv), 'boot-0', noSignal, () => since);
  const entry = await kv.get(keys.leader);
  assert.equal(entry && readRecord(records.leader, entry), { name: 'boot-0', since: '2026-01-02T03:04:05.000Z' });
  assert.ok(await fencedWrite(kv, first));

  let second: Leadership | undefined;
  const elected = campaign(kv, await openSession(kv), 'boot-1', noSignal).then((leadership) => {
    second = leadership;
  });
  await kv.commit({ when: [], put: [{ key: 'target', value: 'something else goes on' }] });
  assert.is(second, undefined);
  await first.resign();
  await elected;
  assert.not(await fencedWrite(kv, first), 'the deposed leader');
  assert.ok(second && (await fencedWrite(kv, second)));
  await first.resign();
  assert.ok(await kv.get(keys.leader), 'resigning twice does not depose the next leader');
});

test('the end of the session ends leadership', async () => {
  const kv = new MemoryKv();
  const session = await openSession(kv);
  const first = await campaign(kv, session, 'boot-0', noSignal);
  const elected = campaign(kv, await openSession(kv), 'boot-1', noSignal);
  await session.close();
  assert.ok(await fencedWrite(kv, await elected));
  assert.not(await fencedWrite(kv, first));
});

test('a campaign can be given up, and ends with its session', async () => {
  const kv = new MemoryKv();
  await campaign(kv, await openSession(kv), 'boot-0', noSignal);
  const abort = new AbortController();
  const session = await openSession(kv);
  const given = campaign(kv, await openSession(kv), 'boot-1', abort.signal).catch((error: Error) => error.message);
  const ended = campaign(kv, session, 'boot-2', noSignal).catch((error: unknown) => isStateError(error) && error.code);
  abort.abort(new Error('enough'));
  await session.close();
  assert.is(await given, 'enough');
  assert.is(await ended, 'STATE_LEASE_LOST');
});

test('of two that find nobody leading at the same time one is elected', async () => {
  const kv = new MemoryKv();
  const first = await openSession(kv);
  let leader: Leadership | undefined;
  const slow = new Proxy(kv, {
    get: (_, name) => {
      if (name === 'get') {
        return async (key: string) => {
          const found = await kv.get(key);
          leader ??= await campaign(kv, first, 'boot-0', noSignal);
          return found;
        };
      }
      const member: unknown = Reflect.get(kv, name);
      return typeof member === 'function' ? member.bind(kv) : member;
    },
  });
  const abort = new AbortController();
  const second = campaign(slow, await openSession(kv), 'boot-1', abort.signal).then(
    () => 'elected too',
    (error: Error) => error.message,
  );
  await eventually('the first is elected', () => leader !== undefined);
  setImmediate(() => abort.abort(new Error('waits')));
  assert.is(await second, 'waits');
  assert.ok(leader && (await fencedWrite(kv, leader)));
});

for (const fates of [['carried out'], ['lost'], ['lost', 'lost', 'carried out']] as const) {
  test(`attempts without an answer (${fates.join(', ')}): the key tells who was elected`, async () => {
    const kv = new MemoryKv();
    const leader = await campaign(losingAnswers(kv, [...fates]), await openSession(kv), 'boot-0', noSignal);
    assert.ok(await fencedWrite(kv, leader));
  });
}

test('against etcd: an election whose reply is lost is won, and written once', async () => {
  const proxy = await etcd.proxy();
  const session = await openSession(connect());
  const kv = connect(proxy.url, 5000);
  await kv.get('warm-up');
  const elected = campaign(new Proxy(kv, { get: swallowAtCommit }), session, 'boot-0', noSignal);
  function swallowAtCommit(target: EtcdKv, name: keyof EtcdKv): unknown {
    const member = target[name];
    return (...args: readonly unknown[]) => {
      if (name === 'commit') proxy.mode = 'swallow';
      return Reflect.apply(member, target, args);
    };
  }
  const key = `/berth/site-${sites}/${keys.leader}`;
  await eventually('the election has happened', async () => (await etcd.versionOf(key)) === 1);
  proxy.mode = 'pass';
  proxy.cut();
  const leader = await elected;
  assert.is(await etcd.versionOf(key), 1);
  assert.ok(await fencedWrite(kv, leader));
});

test('against etcd: a leader that is cut off has ended before the next one begins', async () => {
  const proxy = await etcd.proxy();
  const [cutOff, well] = [connect(proxy.url), connect()];
  const [first, second] = [await openSession(cutOff, 1), await openSession(well)];
  const deposed = await campaign(cutOff, first, 'boot-0', noSignal);
  let bothValid = false;
  const elected = campaign(well, second, 'boot-1', noSignal).then((leadership) => {
    bothValid = first.valid;
    return leadership;
  });
  assert.ok(await fencedWrite(cutOff, deposed));
  proxy.mode = 'freeze';
  const leader = await elected;
  assert.not(bothValid);
  assert.ok(first.signal.aborted);
  assert.ok(second.valid);
  proxy.mode = 'pass';
  assert.not(await fencedWrite(cutOff, deposed));
  assert.ok(await fencedWrite(well, leader));
});

test('against etcd: of many candidates each is elected once, one at a time', async () => {
  let leading = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async (_, candidate) => {
      const kv = connect();
      const leadership = await campaign(kv, await openSession(kv), `boot-${candidate}`, noSignal);
      assert.is(++leading, 1);
      order.push(candidate);
      assert.ok(await fencedWrite(kv, leadership));
      leading--;
      await leadership.resign();
    }),
  );
  assert.is(new Set(order).size, 8);
});

test.run();
