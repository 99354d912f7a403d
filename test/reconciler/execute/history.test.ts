import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { brokenLink, History, type HistoryEvent, readHistory } from '../../../reconciler/execute/history.ts';
import { folders } from '../../../schema/state/keys.ts';
import { putRecord, records } from '../../../schema/state/records.ts';
import type { HistoryEntry } from '../../../schema/types/history-entry.ts';
import { type ExecuteBench, outcomeOf, startBench } from './bench.ts';

const test = suite<{ bench: ExecuteBench }>('history');

test.before.each(async (context) => {
  context.bench = await startBench();
});

const now = new Date(Date.UTC(2026, 0, 1));

function event(generation: number, detail = 'something'): HistoryEvent {
  return { generation, event: 'converged', commit: 'c'.repeat(40), detail };
}

function write({ context }: ExecuteBench, generation: number, detail?: string): Promise<boolean> {
  return context.history.write(event(generation, detail), now, ({ put, when }) =>
    context.kv.commit({ when: [context.fence, when], put: [put] }),
  );
}

test('entries follow each other, across generations', async ({ bench }) => {
  for (const generation of [1, 1, 2, 9, 10, 10]) await write(bench, generation);
  const history = await readHistory(bench.kv);
  assert.equal(
    history.map(({ sequence, generation }) => [sequence, generation]),
    [1, 1, 2, 9, 10, 10].map((generation, index) => [index + 1, generation]),
  );
  assert.is(history[0]?.previous, null);
  assert.is(brokenLink(history), null);
});

test('entries that are written at the same time form one chain', async ({ bench }) => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => write(bench, 1 + (index % 3), `number ${index}`)));
  const history = await readHistory(bench.kv);
  assert.is(history.length, 20);
  assert.is(brokenLink(history), null);
  assert.equal(history, bench.context.history.entries);
});

test('the next leader goes on where the last one ended', async ({ bench }) => {
  await write(bench, 1);
  await write(bench, 2);
  const next = await History.open(bench.kv, 'boot-1');
  await next.write(event(2), now, ({ put, when }) => bench.kv.commit({ when: [when], put: [put] }));
  const history = await readHistory(bench.kv);
  assert.equal(
    history.map(({ sequence, server }) => [sequence, server]),
    [
      [1, 'boot-0'],
      [2, 'boot-0'],
      [3, 'boot-1'],
    ],
  );
  assert.is(brokenLink(history), null);
});

for (const fate of ['lost-answer', 'lost-request', 'away'] as const) {
  test(`after a write with the fate ${fate} the chain goes on without a gap or a fork`, async ({ bench }) => {
    await write(bench, 1);
    bench.flaky.fateOf = () => fate;
    assert.is.not(await outcomeOf(write(bench, 1)), 'done');
    bench.flaky.fateOf = () => 'pass';
    assert.ok(await write(bench, 2));
    assert.ok(await write(bench, 2));
    const history = await readHistory(bench.kv);
    assert.is(history.length, fate === 'lost-answer' ? 4 : 3);
    assert.is(brokenLink(history), null);
    assert.equal(bench.context.history.entries, history);
  });
}

test('an entry that is refused is not in the history, and the next takes its place', async ({ bench }) => {
  await write(bench, 1);
  assert.is(await bench.context.history.write(event(1), now, async () => false), false);
  await write(bench, 1);
  const history = await readHistory(bench.kv);
  assert.equal(
    history.map(({ sequence }) => sequence),
    [1, 2],
  );
  assert.is(brokenLink(history), null);
});

test('while etcd is away nothing is written, and nothing is forgotten', async ({ bench }) => {
  await write(bench, 1);
  bench.flaky.away = true;
  assert.is(await outcomeOf(write(bench, 1)), 'STATE_UNAVAILABLE');
  assert.is(await outcomeOf(write(bench, 1)), 'STATE_UNAVAILABLE');
  bench.flaky.away = false;
  await write(bench, 1);
  assert.is(brokenLink(await readHistory(bench.kv)), null);
  assert.is((await readHistory(bench.kv)).length, 2);
});

/** A whole chain of five, one of it changed. */
async function chain(bench: ExecuteBench): Promise<HistoryEntry[]> {
  for (const generation of [1, 1, 2, 2, 3]) await write(bench, generation);
  return readHistory(bench.kv);
}

for (const [what, damage, at] of [
  ['an altered detail', (all: HistoryEntry[]) => all.with(1, { ...entry(all, 1), detail: 'nothing' }), 3],
  ['an altered signer', (all: HistoryEntry[]) => all.with(1, { ...entry(all, 1), signer: 'mallory' }), 3],
  ['an altered time', (all: HistoryEntry[]) => all.with(0, { ...entry(all, 0), at: '2020-01-01T00:00:00.000Z' }), 2],
  ['a missing first entry', (all: HistoryEntry[]) => all.slice(1), 2],
  ['a missing entry', (all: HistoryEntry[]) => all.filter((_, index) => index !== 2), 4],
  ['an entry twice', (all: HistoryEntry[]) => [...all.slice(0, 2), ...all.slice(1)], 2],
  ['two entries exchanged', (all: HistoryEntry[]) => all.with(1, entry(all, 2)).with(2, entry(all, 1)), 3],
  [
    'a first entry with a past',
    (all: HistoryEntry[]) => all.with(0, { ...entry(all, 0), previous: 'a'.repeat(64) }),
    1,
  ],
  [
    'a missing entry, the others numbered anew',
    (all: HistoryEntry[]) =>
      all.filter((_, index) => index !== 2).map((one, index) => ({ ...one, sequence: index + 1 })),
    3,
  ],
] as const) {
  test(`${what} shows`, async ({ bench }) => {
    const history = await chain(bench);
    assert.is(brokenLink(history), null);
    assert.is(brokenLink(damage(history))?.sequence, at);
  });
}

test('a last entry that is missing cannot show, and a missing history is whole', async ({ bench }) => {
  assert.is(brokenLink((await chain(bench)).slice(0, -1)), null);
  assert.is(brokenLink([]), null);
});

test('an entry that is altered in etcd shows when it is read', async ({ bench }) => {
  const [first] = await chain(bench);
  if (!first) throw new Error('there is no entry');
  await bench.kv.commit({ when: [], put: [putRecord(records.history, { ...first, detail: 'nothing happened' })] });
  assert.is(brokenLink(await readHistory(bench.kv))?.sequence, 2);
});

test('an entry that is no entry stops who would lead: the history is not gone over', async ({ bench }) => {
  await chain(bench);
  const { entries } = await bench.kv.list(folders.history);
  await bench.kv.commit({ when: [], put: [{ key: entries[0]?.key ?? '', value: 'noise' }] });
  assert.is(await outcomeOf(History.open(bench.kv, 'boot-1')), 'STATE_INVALID');
});

function entry(all: readonly HistoryEntry[], index: number): HistoryEntry {
  const found = all[index];
  if (!found) throw new Error(`there is no entry ${index}`);
  return found;
}

test.run();
