import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scriptPath } from '../../renderers/boot.ts';
import { keys } from '../../schema/state/keys.ts';
import { MemoryKv } from '../../schema/state/memory.ts';
import { readRecord, records } from '../../schema/state/records.ts';
import { eventually } from '../eventually.ts';
import { FlakyKv } from '../flaky-kv.ts';
import { compiled, publishSite, smallSite, smallSiteAssets, withNewSystem } from '../small-site.ts';
import { logLevel, Origin, ServedSite, temporaryFolder } from './lab.ts';

const site = await smallSite();
const first = compiled(site);
const second = compiled(withNewSystem(site));

/** An etcd that nobody ever hears of. */
class NoKv extends FlakyKv {
  constructor() {
    super(new MemoryKv());
    this.away = true;
  }

  override async *watch(_range: string, signal: AbortSignal): AsyncGenerator<never> {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
}

interface Bench {
  kv: MemoryKv;
  origin: Origin;
  folder: string;
  /** The copy itself. */
  copy: string;
  remove: () => void;
  running: ServedSite | null;
  /** End the service, if one runs, and start it anew, with etcd or without. */
  restart: (options?: { etcd: boolean }) => Promise<ServedSite>;
}

const test = suite<Bench>('disk copy');

test.before.each(async (bench) => {
  bench.kv = new MemoryKv();
  bench.origin = await Origin.start(smallSiteAssets(first));
  Object.assign(bench, temporaryFolder());
  bench.copy = path.join(bench.folder, 'generation.jsonl');
  bench.running = null;
  bench.restart = async ({ etcd } = { etcd: true }) => {
    await bench.running?.stop();
    const { folder, origin } = bench;
    const kv = etcd ? bench.kv : new NoKv();
    bench.running = await ServedSite.start({ kv, folder, mirrors: [origin.url] });
    return bench.running;
  };
  const served = await bench.restart();
  await publishSite(bench.kv, first);
  await served.serves(1);
});

test.after.each(async ({ running, origin, remove }) => {
  await running?.stop();
  await origin.stop();
  remove();
});

/** The service serves nothing, and has said so as loudly as it can. */
async function servesNothing(served: ServedSite, why: RegExp): Promise<void> {
  const { generation, refused } = await served.status();
  assert.is(generation, null);
  assert.match(String(refused), /^the copy on disk is of no use: /);
  assert.match(String(refused), why);
  assert.is((await fetch(`${served.url}/healthz`)).status, 503);
  assert.ok(served.log.some(({ level, msg }) => level === logLevel.error && msg === 'generation not served'));
  assert.match(await (await fetch(`${served.url}/metrics`)).text(), /^berth_generation_refusals_total 1$/m);
}

test('a service that starts without etcd serves what it served last, to the byte', async ({ restart, running }) => {
  const serials = [...first.blueprint.machines.keys()];
  const scripts = (served: ServedSite | null) =>
    Promise.all(serials.map(async (serial) => (await fetch(served?.url + scriptPath(serial))).text()));
  const before = await scripts(running);
  const port = String(running?.httpPort);
  const served = await restart({ etcd: false });
  assert.is((await served.status()).generation, 1, 'from the first moment on');
  assert.is((await fetch(`${served.url}/healthz`)).status, 200);
  // The port is another one here, where the kernel picks it.
  const after = await scripts(served);
  assert.equal(
    after.map((text) => text.replaceAll(String(served.httpPort), port)),
    before,
  );
});

test('the copy is that of the newest generation', async ({ kv, restart, running }) => {
  await publishSite(kv, second);
  await running?.serves(2);
  const served = await restart({ etcd: false });
  const { generation, root, commit } = await served.status();
  const target = readRecord(records.target, (await kv.get(keys.target)) ?? fail());
  assert.equal({ generation, root, commit }, { generation: 2, root: target.root, commit: target.commit });
});

test('with etcd back the newer generation follows', async ({ kv, restart, running }) => {
  await running?.stop();
  await publishSite(kv, second);
  const served = await restart();
  await served.serves(2);
});

const halves = (text: string): string => text.slice(0, Math.floor(text.length / 2));
for (const [what, damage, why] of [
  ['cut in half', halves, /object \w{64}/],
  [
    'cut at the end of a line',
    (text: string) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1),
    /object \w{64}/,
  ],
  ['empty', () => '', /is no JSON/],
  ['only its first line', (text: string) => `${text.split('\n', 1)[0]}\n`, /object \w{64}/],
  ['noise', () => 'noise\n'.repeat(100), /is no JSON/],
  ['changed in one letter', (text: string) => text.replace('"slot":5', '"slot":6'), /object \w{64}/],
  ['of another root', (text: string) => text.replace(/"root":"\w{64}"/, `"root":"${'0'.repeat(64)}"`), /object 0{64}/],
  ['of no generation', (text: string) => text.replace(/"generation":\d+/, '"generation":0'), /is no Target/],
] as const) {
  test(`a copy that is ${what} is not served`, async ({ copy, restart, running }) => {
    await running?.stop();
    const text = readFileSync(copy, 'utf8');
    assert.is.not(damage(text), text);
    writeFileSync(copy, damage(text));
    await servesNothing(await restart({ etcd: false }), why);

    const served = await restart();
    await served.serves(1);
    assert.is(readFileSync(copy, 'utf8'), text, 'and is put right when etcd is back');
  });
}

test('a copy whose files are gone or changed is not served', async ({ folder, restart, running }) => {
  await running?.stop();
  const [kernel] = Object.values(first.blueprint.releases.os).map((pins) => pins.kernel.sha256);
  const file = path.join(folder, 'assets', kernel ?? '');
  truncateSync(file, 100);
  await servesNothing(await restart({ etcd: false }), /vmlinuz \(\w{64}\) is not held/);
  assert.not.ok(existsSync(file), 'the file is removed');
  await (await restart()).serves(1);
});

test('a write that a crash cut short is as if it had not been', async ({ copy, folder, restart, running }) => {
  await running?.stop();
  writeFileSync(`${copy}.partial`, halves(readFileSync(copy, 'utf8')));
  const served = await restart({ etcd: false });
  assert.is((await served.status()).generation, 1);
  assert.not.ok(readdirSync(folder).some((name) => name.endsWith('.partial')));
});

test('a disk that is full keeps the generation before in force, in memory and on disk', async ({
  kv,
  copy,
  restart,
  running,
}) => {
  if (!running) throw new Error('nothing runs');
  const text = readFileSync(copy, 'utf8');
  // Whatever is written here meets a disk without space.
  symlinkSync('/dev/full', `${copy}.partial`);
  await publishSite(kv, second);
  await eventually('the second generation is refused', async () =>
    /ENOSPC/.test(String((await running.status()).refused)),
  );
  assert.is((await running.status()).generation, 1);
  assert.is(readFileSync(copy, 'utf8'), text);
  rmSync(`${copy}.partial`);
  await running.serves(2);
  assert.is((await (await restart({ etcd: false })).status()).generation, 2);
});

function fail(): never {
  throw new Error('there is no target');
}

test.run();
