import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ReportQueue } from '../../bootsvc/report-queue.ts';
import { folders, keys } from '../../schema/state/keys.ts';
import type { Kv } from '../../schema/state/kv.ts';
import { MemoryKv } from '../../schema/state/memory.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import { eventually } from '../eventually.ts';
import { FlakyKv } from '../flaky-kv.ts';
import { temporaryFolder } from './lab.ts';

interface Bench {
  kv: MemoryKv;
  flaky: FlakyKv;
  folder: string;
  remove: () => void;
  troubles: unknown[];
  /** A queue that runs until the end of the test. */
  open: (kv?: Kv) => Promise<Running>;
  running: Running[];
}

interface Running {
  readonly queue: ReportQueue;
  stop(): Promise<void>;
}

const test = suite<Bench>('report queue');

test.before.each((bench) => {
  bench.kv = new MemoryKv();
  bench.flaky = new FlakyKv(bench.kv);
  Object.assign(bench, temporaryFolder());
  bench.troubles = [];
  bench.running = [];
  bench.open = async (kv = bench.flaky) => {
    const queue = await ReportQueue.open(kv, bench.folder, (error) => bench.troubles.push(error));
    const stopping = new AbortController();
    const ended = queue.run(stopping.signal);
    const running = {
      queue,
      stop: () => {
        stopping.abort();
        return ended;
      },
    };
    bench.running.push(running);
    return running;
  };
});

test.after.each(async ({ running, remove }) => {
  for (const one of running) await one.stop();
  remove();
});

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

function report(serial: string, changes: Partial<ObservedMachine> = {}): ObservedMachine {
  return {
    serial,
    phase: 'running',
    bootDigest: 'b'.repeat(64),
    bootId: 'boot-1',
    generation: 1,
    address: '10.69.0.4',
    server: 'boot-0',
    at: at(0),
    ...changes,
  };
}

async function known(kv: Kv, serial: string): Promise<ObservedMachine | null> {
  const entry = await kv.get(keys.observedMachine(serial));
  return entry ? readRecord(records.observedMachine, entry) : null;
}

async function phases(kv: Kv): Promise<string[]> {
  const { entries } = await kv.list(folders.observedMachines);
  return entries
    .map((entry) => readRecord(records.observedMachine, entry))
    .map(({ serial, phase }) => `${serial} ${phase}`);
}

test('reports arrive, and nothing is left waiting', async ({ kv, open }) => {
  const { queue } = await open();
  await Promise.all(Array.from({ length: 250 }, (_, index) => queue.add(report(`SN-${index}`))));
  await eventually('nothing waits', () => queue.length === 0);
  assert.is((await phases(kv)).length, 250);
});

test('while etcd is away the newest report of each machine waits, and arrives when etcd is back', async ({
  kv,
  flaky,
  open,
  troubles,
}) => {
  const { queue } = await open();
  flaky.away = true;
  for (const phase of ['booting', 'provisioning', 'running'] as const) {
    for (const serial of ['SN-1', 'SN-2']) await queue.add(report(serial, { phase }));
  }
  await eventually('it is told that etcd is away', () => troubles.length > 0);
  assert.is(queue.length, 2);
  assert.equal(await phases(kv), []);
  flaky.away = false;
  await eventually('nothing waits', () => queue.length === 0);
  assert.equal(await phases(kv), ['SN-1 running', 'SN-2 running']);
});

test('a report of a boot that comes late does not take the machine back', async ({ kv, flaky, open }) => {
  const { queue } = await open();
  await queue.add(report('SN-1'));
  await eventually('it is written', () => queue.length === 0);
  await queue.add(report('SN-1', { phase: 'provisioning', at: at(1) }));
  await eventually('it is dealt with', () => queue.length === 0);
  assert.equal(await phases(kv), ['SN-1 running']);

  flaky.away = true;
  await queue.add(report('SN-2'));
  await queue.add(report('SN-2', { phase: 'booting', at: at(1) }));
  flaky.away = false;
  await eventually('nothing waits', () => queue.length === 0);
  assert.equal(await phases(kv), ['SN-1 running', 'SN-2 running']);
});

test('the next boot begins anew', async ({ kv, open }) => {
  const { queue } = await open();
  await queue.add(report('SN-1'));
  await eventually('it is written', () => queue.length === 0);
  await queue.add(report('SN-1', { bootId: 'boot-2', phase: 'provisioning', at: at(1) }));
  await eventually('it is written', async () => (await known(kv, 'SN-1'))?.bootId === 'boot-2');
  assert.equal(await phases(kv), ['SN-1 provisioning']);
});

test('since when a machine runs is known from its first report, however often it repeats it', async ({ kv, open }) => {
  const { queue } = await open();
  const reported = async (changes: Partial<ObservedMachine>): Promise<unknown> => {
    await queue.add(report('SN-1', changes));
    await eventually('it is written', async () => (await known(kv, 'SN-1'))?.at === changes.at);
    return (await known(kv, 'SN-1'))?.since;
  };
  assert.is(await reported({ phase: 'provisioning', at: at(0) }), undefined);
  assert.is(await reported({ at: at(1) }), undefined, 'another phase');
  assert.is(await reported({ at: at(2) }), at(1));
  assert.is(await reported({ at: at(3), server: 'boot-1' }), at(1));
  assert.is(await reported({ at: at(4), bootId: 'boot-2' }), undefined, 'another boot');
  assert.is(await reported({ at: at(5), bootId: 'boot-2' }), at(4));
  assert.is(await reported({ at: at(6), bootId: 'boot-2', bootDigest: 'c'.repeat(64) }), undefined, 'another system');
});

test('clocks that disagree do not hold back a report that comes in just now', async ({ kv, open }) => {
  const { queue } = await open();
  await kv.commit({
    when: [],
    put: [putRecord(records.observedMachine, report('SN-1', { at: at(59), server: 'boot-1' }))],
  });
  await queue.add(report('SN-1', { bootId: 'boot-2', at: at(1) }));
  await eventually('it is written', async () => (await known(kv, 'SN-1'))?.bootId === 'boot-2');
});

test('what another boot server writes between the look and the write is not overwritten', async ({
  kv,
  flaky,
  open,
}) => {
  const { queue } = await open();
  const newer = putRecord(records.observedMachine, report('SN-1', { server: 'boot-1' }));
  let raced = false;
  flaky.fateOf = () => {
    // MemoryKv carries out a commit at once, so this one is first.
    if (!raced) void kv.commit({ when: [], put: [newer] });
    raced = true;
    return 'pass';
  };
  await queue.add(report('SN-1', { phase: 'provisioning' }));
  await eventually('it is dealt with', () => queue.length === 0);
  assert.is((await known(kv, 'SN-1'))?.server, 'boot-1');
  assert.is((await known(kv, 'SN-1'))?.phase, 'running');
});

for (const fate of ['lost-answer', 'lost-request'] as const) {
  test(`a write of unknown outcome (${fate}) is made again`, async ({ kv, flaky, open }) => {
    const { queue } = await open();
    let first = true;
    flaky.fateOf = () => {
      const now = first ? fate : 'pass';
      first = false;
      return now;
    };
    await queue.add(report('SN-1'));
    await eventually('nothing waits', () => queue.length === 0);
    assert.equal(await phases(kv), ['SN-1 running']);
  });
}

test('a record that cannot be read is replaced', async ({ kv, open }) => {
  await kv.commit({ when: [], put: [{ key: keys.observedMachine('SN-1'), value: 'noise' }] });
  const { queue } = await open();
  await queue.add(report('SN-1'));
  await eventually('nothing waits', () => queue.length === 0);
  assert.equal(await phases(kv), ['SN-1 running']);
});

test('what is no report is refused at once, and holds up no other', async ({ kv, open }) => {
  const { queue } = await open();
  const outcome = await Promise.resolve()
    .then(() => queue.add(report('SN-1', { address: 'nowhere' })))
    .then(
      () => 'taken',
      (error: { code: string }) => error.code,
    );
  assert.is(outcome, 'STATE_INVALID');
  await queue.add(report('SN-2'));
  await eventually('nothing waits', () => queue.length === 0);
  assert.equal(await phases(kv), ['SN-2 running']);
});

test('a report that was taken outlives the process', async ({ kv, flaky, folder, open }) => {
  flaky.away = true;
  const { queue, stop } = await open();
  await queue.add(report('SN-1', { phase: 'provisioning' }));
  await queue.add(report('SN-1'));
  await queue.add(report('SN-2'));
  // As a kill would leave the file: whole lines, and the beginning of one.
  await stop();
  appendFileSync(path.join(folder, 'reports.jsonl'), '{"address":"10.69');

  flaky.away = false;
  const next = await open();
  await eventually('nothing waits', () => next.queue.length === 0);
  assert.equal(await phases(kv), ['SN-1 running', 'SN-2 running']);
  await next.stop();
  assert.is((await open()).queue.length, 0, 'and is forgotten once etcd has it');
});

test('a report that an earlier process left does not overwrite what the machine has said since', async ({
  kv,
  flaky,
  open,
}) => {
  flaky.away = true;
  const { queue, stop } = await open();
  await queue.add(report('SN-1'));
  await queue.add(report('SN-2'));
  await stop();
  // SN-1 has booted again meanwhile and told another boot server.
  const newer = report('SN-1', { bootId: 'boot-2', server: 'boot-1', at: at(30) });
  await kv.commit({ when: [], put: [putRecord(records.observedMachine, newer)] });
  flaky.away = false;
  const next = await open();
  await eventually('nothing waits', () => next.queue.length === 0);
  assert.equal(await known(kv, 'SN-1'), newer);
  assert.is((await known(kv, 'SN-2'))?.server, 'boot-0');
});

test('the journal does not grow without end while etcd is away', async ({ flaky, folder, open }) => {
  flaky.away = true;
  const { queue } = await open();
  for (let boot = 0; boot < 3000; boot++) await queue.add(report('SN-1', { bootId: `boot-${boot}`, at: at(boot) }));
  const lineBytes = JSON.stringify(report('SN-1')).length + 20;
  const file = path.join(folder, 'reports.jsonl');
  await eventually('it has been tidied', () => statSync(file).size < 1200 * lineBytes);
  assert.match(readFileSync(file, 'utf8'), '"boot-2999"');
});

test('a folder that cannot hold the journal stops the service at its start', async ({ folder, open }) => {
  mkdirSync(path.join(folder, 'reports.jsonl'));
  const outcome = await open().then(
    () => 'opened',
    (error: { code: string }) => error.code,
  );
  assert.is(outcome, 'EISDIR');
});

test.run();
