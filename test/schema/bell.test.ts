import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Bell } from '../../schema/bell.ts';

const never = new AbortController().signal;

/** Whether a promise has settled by the time that everything that was ready has run. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test('a ring wakes who waits', async () => {
  const bell = new Bell();
  const waiting = bell.wait(never);
  assert.not(await settled(waiting));
  bell.ring();
  assert.ok(await settled(waiting));
});

test('a ring while nobody waits is kept for the next one, and for no other', async () => {
  const bell = new Bell();
  bell.ring();
  await bell.wait(never);
  const second = bell.wait(never);
  assert.not(await settled(second));
  bell.ring();
  await second;
});

test('many rings are one', async () => {
  const bell = new Bell();
  const first = bell.wait(never);
  bell.ring();
  bell.ring();
  await first;
  const second = bell.wait(never);
  assert.not(await settled(second));
  bell.ring();
  await second;
});

test('a timeout ends the wait, and the next one waits anew', async () => {
  const bell = new Bell();
  await bell.wait(never, 1);
  const next = bell.wait(never);
  assert.not(await settled(next));
  bell.ring();
  await next;
});

test('an abort ends the wait, and there is none after it', async () => {
  const bell = new Bell();
  const stop = new AbortController();
  const waiting = bell.wait(stop.signal);
  assert.not(await settled(waiting));
  stop.abort();
  await waiting;
  assert.ok(await settled(bell.wait(stop.signal)));
});

test('a loop misses no ring', async () => {
  const bell = new Bell();
  const stop = new AbortController();
  let given = 0;
  let seen = 0;
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await bell.wait(stop.signal);
      seen = given;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let round = 1; round <= 50; round++) {
    given = round;
    bell.ring();
    for (let turn = 0; turn < round % 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  while (seen < given) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await loop;
  assert.is(seen, 50);
});

test('a wait leaves nothing behind: neither a timer nor a listener', async () => {
  const bell = new Bell();
  const stop = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = stop.signal;
  stop.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(stop.signal, args);
  };
  stop.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(stop.signal, args);
  };
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const timersBefore = timers();
  for (let round = 0; round < 10; round++) {
    const waiting = bell.wait(stop.signal, 60_000_000);
    bell.ring();
    await waiting;
  }
  assert.is(listeners, 0);
  assert.is(timers(), timersBefore);
});

test.run();
