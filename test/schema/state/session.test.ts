// A session knows by its own clock when it has ended, and never thinks so too late.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Clock, ManualClock } from '../../../schema/state/clock.ts';
import { connectEtcd } from '../../../schema/state/etcd.ts';
import type { Kv } from '../../../schema/state/kv.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';
import { Session } from '../../../schema/state/session.ts';
import { isStateError, StateError } from '../../../schema/state/state-error.ts';
import { startEtcd } from '../../etcd.ts';
import { eventually } from '../../eventually.ts';

const ttlSeconds = 10;
const ttlMs = ttlSeconds * 1000;

/** A store in memory, the way to it, and the time: all in the hands of the test. */
class World {
  readonly clock = new ManualClock();
  readonly store = new MemoryKv({ clock: this.clock });
  /** How long a request and its reply are on their way; null for never. */
  delaysMs: { request: number | null; reply: number | null } = { request: 0, reply: 0 };

  get kv(): Kv {
    const { store } = this;
    return new Proxy(store, {
      get: (_, name) => {
        if (name === 'keepLeaseAlive') return (lease: string) => this.#carry(() => store.keepLeaseAlive(lease));
        if (name === 'grantLease') return (seconds: number) => this.#carry(() => store.grantLease(seconds));
        const member: unknown = Reflect.get(store, name);
        return typeof member === 'function' ? member.bind(store) : member;
      },
    });
  }

  async openWithKey(): Promise<Session> {
    const session = await Session.open(this.kv, { ttlSeconds, clock: this.clock });
    await this.store.commit({ when: [], put: [{ key: 'mine', value: '', lease: session.lease }] });
    return session;
  }

  async hasKey(): Promise<boolean> {
    return (await this.store.get('mine')) !== null;
  }

  async #carry<T>(call: () => Promise<T>): Promise<T> {
    await this.#travel(this.delaysMs.request);
    const result = await call();
    await this.#travel(this.delaysMs.reply);
    return result;
  }

  #travel(delayMs: number | null): Promise<void> {
    if (delayMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      if (delayMs !== null) this.clock.after(delayMs, resolve);
    });
  }
}

function reasonCode(signal: AbortSignal): string {
  return isStateError(signal.reason) ? signal.reason.code : String(signal.reason);
}

test('a session that is kept alive goes on and on', async () => {
  const world = new World();
  const session = await world.openWithKey();
  for (let step = 0; step < 100; step++) {
    await world.clock.advance(ttlMs / 7);
    assert.ok(session.valid && !session.signal.aborted);
  }
  assert.ok(await world.hasKey());
  await session.close();
});

for (const [name, delaysMs] of Object.entries({
  'requests get lost': { request: null, reply: 0 },
  'replies get lost': { request: 0, reply: null },
})) {
  test(`when ${name}, the session ends three quarters of the time to live after the last keepalive, before its key`, async () => {
    const world = new World();
    const session = await world.openWithKey();
    await world.clock.advance(ttlMs * 0.2);
    world.delaysMs = delaysMs;
    await world.clock.advance(ttlMs * 0.74);
    assert.ok(session.valid, 'the keepalive after one fifth was answered');
    await world.clock.advance(ttlMs * 0.01);
    assert.not(session.valid);
    assert.is(reasonCode(session.signal), 'STATE_LEASE_LOST');
    assert.ok(await world.hasKey());
    await world.clock.advance(ttlMs);
    assert.not(await world.hasKey());
  });
}

test('the time to live counts from when a keepalive was sent, not from when it was answered', async () => {
  const world = new World();
  const session = await world.openWithKey();
  world.delaysMs = { request: 0, reply: ttlMs * 0.15 };
  await world.clock.advance(ttlMs * 0.36);
  world.delaysMs = { request: null, reply: 0 };
  await world.clock.advance(ttlMs * 0.58);
  assert.ok(session.valid);
  await world.clock.advance(ttlMs * 0.02);
  assert.not(session.valid);
});

test('at no time does a session rely on a lease that has ended, whatever the delays', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const world = new World();
    const session = await world.openWithKey();
    let state = seed;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const delay = () => (random() < 0.4 ? null : random() * ttlMs * 0.3);
    for (let step = 0; step < 60; step++) {
      world.delaysMs = { request: delay(), reply: delay() };
      await world.clock.advance(random() * ttlMs * 0.2);
      if (session.valid) assert.ok(await world.hasKey(), `seed ${seed}, step ${step}`);
      assert.is(session.valid, !session.signal.aborted);
    }
    await session.close();
  }
});

test('a failed keepalive is made again soon', async () => {
  const world = new World();
  const session = await world.openWithKey();
  const { kv } = world;
  let failures = 3;
  const flaky = new Proxy(kv, {
    get: (target, name) =>
      name === 'keepLeaseAlive' && failures-- > 0
        ? () => Promise.reject(new StateError('STATE_UNAVAILABLE', 'not now'))
        : Reflect.get(target, name),
  });
  const other = await Session.open(flaky, { ttlSeconds, clock: world.clock });
  await world.clock.advance(ttlMs * 5);
  assert.ok(failures < 0);
  assert.ok(other.valid);
  await Promise.all([session.close(), other.close()]);
});

test('a lease that etcd has ended ends the session with the next keepalive', async () => {
  const world = new World();
  const session = await world.openWithKey();
  await world.store.revokeLease(session.lease);
  await world.clock.advance(ttlMs * 0.21);
  assert.is(reasonCode(session.signal), 'STATE_LEASE_LOST');
});

test('a session that has ended stays so, even if a reply still comes', async () => {
  const world = new World();
  const session = await world.openWithKey();
  world.delaysMs = { request: 0, reply: ttlMs * 0.7 };
  await world.clock.advance(ttlMs * 0.8);
  world.delaysMs = { request: 0, reply: 0 };
  await world.clock.advance(ttlMs * 0.3);
  assert.ok(session.signal.aborted);
  assert.not(session.valid);
});

test('a session whose process was stopped for too long has ended, though a reply comes before any timer', async () => {
  const world = new World();
  let stoppedMs = 0;
  const clock: Clock = {
    nowMs: () => world.clock.nowMs() + stoppedMs,
    after: (delayMs, action) => world.clock.after(delayMs, action),
  };
  const session = await Session.open(world.kv, { ttlSeconds, clock });
  world.delaysMs = { request: 0, reply: ttlMs * 0.01 };
  await world.clock.advance(ttlMs * 0.2);
  assert.ok(session.valid);
  stoppedMs = ttlMs * 0.6;
  assert.not(session.valid, 'the time of asking counts, not the timer');
  await world.clock.advance(ttlMs * 0.02);
  assert.is(reasonCode(session.signal), 'STATE_LEASE_LOST');
});

test('closing gives the key back at once', async () => {
  const world = new World();
  const session = await world.openWithKey();
  await session.close();
  assert.not(session.valid);
  assert.not(await world.hasKey());
  await session.close();
});

test('a grant that took longer than the lease lives opens no session', async () => {
  const world = new World();
  world.delaysMs = { request: 0, reply: ttlMs };
  const opened = Session.open(world.kv, { ttlSeconds, clock: world.clock }).catch((error: unknown) => error);
  await world.clock.advance(ttlMs);
  assert.is(isStateError(await opened) && ((await opened) as StateError).code, 'STATE_LEASE_LOST');
});

test('against etcd: a session outlives a member that is cut off, and ends before its key when all are', async () => {
  const etcd = await startEtcd();
  const [first, second] = [await etcd.proxy(), await etcd.proxy()];
  const kv = connectEtcd({ endpoints: [first.url, second.url], site: 'site', deadlineMs: 1000 });
  const direct = connectEtcd({ endpoints: [etcd.url], site: 'site' });
  try {
    const session = await Session.open(kv, { ttlSeconds: 2 });
    await kv.commit({ when: [], put: [{ key: 'mine', value: '', lease: session.lease }] });
    first.mode = 'freeze';
    const frozenMs = performance.now();
    await eventually('the time to live is over', () => performance.now() > frozenMs + 2300);
    assert.ok(session.valid);
    second.mode = 'freeze';
    await eventually('the key is gone', async () => {
      const valid = session.valid;
      const gone = (await direct.get('mine')) === null;
      assert.not(valid && gone);
      return gone;
    });
    assert.is(reasonCode(session.signal), 'STATE_LEASE_LOST');
  } finally {
    kv.close();
    direct.close();
    await etcd.stop();
  }
});

test.run();
