import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ignitionPath, scriptPath } from '../../renderers/boot.ts';
import { canonicalJson, sha256 } from '../../schema/canonical.ts';
import { keys } from '../../schema/state/keys.ts';
import { MemoryKv } from '../../schema/state/memory.ts';
import { putObjects } from '../../schema/state/objects.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { ObservedServer } from '../../schema/types/observed-server.ts';
import type { Target } from '../../schema/types/target.ts';
import { standInPin } from '../../vdc/assets.ts';
import { eventually } from '../eventually.ts';
import { compiled, edited, publishSite, smallSite, smallSiteAssets, withNewSystem } from '../small-site.ts';
import { logLevel, Origin, ServedSite, temporaryFolder } from './lab.ts';

const site = await smallSite();
const first = compiled(site);
const second = compiled(withNewSystem(site));
// Pins a kernel that the first generation does not know.
const { kernel: oldKernel } = first.blueprint.releases.os['flatcar-4081.2.0'] ?? { kernel: { source: '', sha256: '' } };
const newPin = standInPin(oldKernel.source, 21_000);
const newKernel = newPin.sha256;
const withNewKernel = compiled(
  edited(site, 'releases.yaml', '"sizeBytes":20000', '"sizeBytes":21000', oldKernel.sha256, newKernel),
);
const files = new Map([...smallSiteAssets(first), ...smallSiteAssets(withNewKernel)]);

interface Bench {
  kv: MemoryKv;
  origin: Origin;
  folder: string;
  remove: () => void;
  started: ServedSite[];
  start: (name?: string) => Promise<ServedSite>;
}

const test = suite<Bench>('follow');

test.before.each(async (bench) => {
  bench.kv = new MemoryKv();
  bench.origin = await Origin.start(files);
  Object.assign(bench, temporaryFolder());
  bench.started = [];
  bench.start = async (name = 'boot-0') => {
    const { kv, folder, origin } = bench;
    const served = await ServedSite.start({ kv, folder, name, mirrors: [origin.url] });
    bench.started.push(served);
    return served;
  };
});

test.after.each(async ({ started, origin, remove }) => {
  for (const served of started) await served.stop();
  await origin.stop();
  remove();
});

/** What the server says of itself in etcd. */
async function presence({ kv }: Bench, name = 'boot-0'): Promise<ObservedServer | null> {
  const entry = await kv.get(keys.observedServer(name));
  return entry ? readRecord(records.observedServer, entry) : null;
}

async function putTarget({ kv }: Bench, changes: Partial<Target>): Promise<void> {
  const entry = await kv.get(keys.target);
  if (!entry) throw new Error('there is no target yet');
  const target = { ...readRecord(records.target, entry), ...changes };
  await kv.commit({ when: [], put: [putRecord(records.target, target)] });
}

/** The server goes on with the first generation, and says why not with the second. */
async function keepsFirst(bench: Bench, served: ServedSite, why: RegExp): Promise<void> {
  const { msg } = await served.logged(({ level, generation }) => level === logLevel.error && generation === 2);
  assert.is(msg, 'generation not served');
  const { generation, root, refused } = await served.status();
  assert.equal([generation, root], [1, first.blueprint.root]);
  assert.match(String(refused), why);
  await eventually('it says so in etcd', async () => why.test((await presence(bench))?.refused ?? ''));
  assert.is((await presence(bench))?.generation, 1);
  for (const { serial, bootDigest } of first.blueprint.machines.values()) {
    assert.match(await (await fetch(served.url + scriptPath(serial))).text(), ` berth.boot=${bootDigest} `);
  }
}

test('readers never see a mix of two generations, however fast they change', async (bench) => {
  const served = await bench.start();
  const sites = [first, second];
  await publishSite(bench.kv, first);
  await served.serves(1);
  let reads = 0;
  const changing = (async () => {
    for (let generation = 2; generation <= 12 || reads < 60; generation++) {
      await publishSite(bench.kv, generation % 2 === 1 ? first : second);
      await served.serves(generation);
    }
  })();
  const seen = new Set<number>();
  const ended = changing.then(() => 'ended');
  while ((await Promise.race([ended, Promise.resolve('not yet')])) !== 'ended') {
    for (const serial of first.blueprint.machines.keys()) {
      const script = await (await fetch(served.url + scriptPath(serial))).text();
      const generation = Number(/ berth\.generation=(\d+) /.exec(script)?.[1]);
      const { blueprint } = sites[(generation + 1) % 2] ?? first;
      const machine = blueprint.machines.get(serial);
      assert.match(script, ` berth.boot=${machine?.bootDigest} `, `generation ${generation}`);
      assert.match(script, `/assets/${machine?.boot.kernel}/`);
      assert.match(script, `/assets/${machine?.boot.initrd}/`);
      assert.match(script, ignitionPath(serial, machine?.boot.ignition ?? ''));
      // What the script names can be had, also when the generation has changed since.
      const kernel = await fetch(/^kernel (\S+)/m.exec(script)?.[1] ?? '', { method: 'HEAD' });
      assert.is(kernel.status, 200);
      seen.add(generation);
      reads++;
    }
    const machines = (await (await fetch(`${served.url}/status/machines`)).json()) as {
      serial: string;
      bootDigest: string;
    }[];
    const roots = sites.filter(({ blueprint }) =>
      machines.every(({ serial, bootDigest }) => blueprint.machines.get(serial)?.bootDigest === bootDigest),
    );
    assert.is(roots.length, 1, 'all machines are of one generation');
  }
  await changing;
  assert.ok(seen.size >= 3, `${reads} reads saw ${seen.size} generations`);
});

test('a generation with an object missing is not served, until the object is there', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  const { root } = second.blueprint;
  await putTarget(bench, { generation: 2, root, parent: first.blueprint.root });
  await keepsFirst(bench, served, /is missing from the store/);
  await putObjects(bench.kv, second.objects, []);
  await served.serves(2);
  assert.is((await served.status()).refused, null);
  await eventually('etcd says so too', async () => (await presence(bench))?.generation === 2);
  assert.is((await presence(bench))?.refused, undefined);
});

for (const [what, damage] of [
  ['another text', (text: string) => text.replace('"slot":4', '"slot":6')],
  ['half its text', (text: string) => text.slice(0, text.length / 2)],
  ['no JSON', () => 'noise'],
] as const) {
  test(`a generation with an object that has ${what} is not served`, async (bench) => {
    const served = await bench.start();
    await publishSite(bench.kv, first);
    await served.serves(1);
    const [digest, text] = [...second.objects].find(
      ([, json]) => json.includes('"slot":4') && !first.objects.has(sha256(json)),
    ) ?? ['', ''];
    assert.is.not(damage(text), text);
    await bench.kv.commit({ when: [], put: [{ key: keys.object(digest), value: damage(text) }] });
    // Objects that are there are not written again.
    await publishSite(bench.kv, second);
    await keepsFirst(bench, served, /is damaged: its text has the digest/);
    await bench.kv.commit({ when: [], put: [{ key: keys.object(digest), value: text }] });
    await served.serves(2);
  });
}

test('a generation in which a machine does not render to what was planned is not served', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  // A tree that is whole, every digest right, but for one machine whose Ignition is another one than it says.
  const [machine] = second.blueprint.machines.values();
  const rack = second.blueprint.racks.get(machine?.rack ?? '');
  if (!machine || !rack) throw new Error('the small site has no machine');
  const texts: string[] = [];
  const add = (object: unknown): string => {
    texts.push(canonicalJson(object));
    return sha256(canonicalJson(object));
  };
  const forged = add({ ...machine, boot: { ...machine.boot, ignition: 'f'.repeat(64) } });
  const forgedRack = add({ ...rack, machines: { ...rack.machines, [machine.serial]: forged } });
  const { site: siteObject } = second.blueprint;
  const root = add({ ...siteObject, racks: { ...siteObject.racks, [machine.rack]: forgedRack } });
  await putObjects(bench.kv, new Map([...second.objects, ...texts.map((text) => [sha256(text), text] as const)]), []);
  await putTarget(bench, { generation: 2, root, parent: first.blueprint.root });
  await keepsFirst(bench, served, new RegExp(`${machine.serial}\\) cannot be served: its Ignition has the digest`));
});

test('a target that cannot be read changes nothing', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  await bench.kv.commit({ when: [], put: [{ key: keys.target, value: '{"generation": 2}' }] });
  await served.logged(({ level, msg }) => level === logLevel.warn && msg === 'trouble');
  assert.is((await served.status()).generation, 1);
});

test('a target that is gone, with all of etcd, changes nothing', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  const { entries } = await bench.kv.list('');
  await bench.kv.commit({ when: [], delete: entries.map(({ key }) => key) });
  await putObjects(bench.kv, second.objects, []);
  const { root } = second.blueprint;
  const again: Target = {
    generation: 1,
    root,
    parent: null,
    commit: 'd'.repeat(40),
    acceptedAt: new Date().toISOString(),
  };
  assert.is((await served.status()).generation, 1);
  assert.is((await served.status()).root, first.blueprint.root);
  await bench.kv.commit({ when: [], put: [putRecord(records.target, again)] });
  await eventually('the new first generation is served', async () => (await served.status()).root === root);
});

test('a file that differs from its pin keeps the generation back, until it can be had as it is pinned', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  bench.origin.spoilt.set(newKernel, (_, response) => response.end('another kernel'));
  await publishSite(bench.kv, withNewKernel);
  await keepsFirst(bench, served, /^vmlinuz from /);
  assert.not.ok(((await served.status()).assets as string[]).includes(newKernel));
  bench.origin.spoilt.clear();
  await served.serves(2);
  const kernel = await fetch(`${served.url}/assets/${newKernel}/vmlinuz`);
  assert.is(sha256(new Uint8Array(await kernel.arrayBuffer())), newKernel);
});

test('a mirror that goes away is asked again when it is back', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  let away = true;
  const answer = bench.origin;
  for (const digest of files.keys()) {
    answer.spoilt.set(digest, (_, response) => (away ? response.destroy() : response.end(files.get(digest))));
  }
  await publishSite(bench.kv, withNewKernel);
  await keepsFirst(bench, served, /^vmlinuz from /);
  away = false;
  await served.serves(2);
});

test('a file that never comes does not keep back the generation that no longer wants it', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  bench.origin.spoilt.set(newKernel, (_, response) => response.writeHead(200).write('a'));
  await publishSite(bench.kv, withNewKernel);
  await eventually('it is asked for', () => bench.origin.asked.includes(newKernel));
  await publishSite(bench.kv, first);
  await served.serves(3);
});

test('a disk that takes no more files keeps the generation before in force', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  // As an unmounted disk leaves it.
  rmSync(path.join(bench.folder, 'assets'), { recursive: true });
  await publishSite(bench.kv, withNewKernel);
  await keepsFirst(bench, served, /^vmlinuz from .* ENOENT/);
  mkdirSync(path.join(bench.folder, 'assets'));
  await served.serves(2);
});

test('files that are held are not fetched again', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  await publishSite(bench.kv, second);
  await served.serves(2);
  await publishSite(bench.kv, first);
  await served.serves(3);
  assert.is(new Set(bench.origin.asked).size, bench.origin.asked.length);
});

for (const [name, why] of [
  ['boot-9', /this is boot-9, which by site tokyo0 is none of its boot servers/],
  ['boot-3', /this is boot-3, which by site tokyo0 has not joined/],
] as const) {
  test(`${name}, which does not take part, serves nothing and says why`, async (bench) => {
    const served = await bench.start(name);
    await publishSite(bench.kv, first);
    await served.logged(({ level, generation }) => level === logLevel.error && generation === 1);
    const { generation, refused } = await served.status();
    assert.is(generation, null);
    assert.match(String(refused), why);
    assert.is((await fetch(`${served.url}/healthz`)).status, 503);
    await eventually('it says so in etcd', async () => why.test((await presence(bench, name))?.refused ?? ''));
    assert.is((await presence(bench, name))?.generation, 0);
    assert.is(bench.origin.asked.length, 0, 'and it fetches nothing');
  });
}

test('a boot server that the site takes out stops serving, and does not begin again by itself', async (bench) => {
  const served = await bench.start();
  await publishSite(bench.kv, first);
  await served.serves(1);
  const without = edited(
    site,
    'site.yaml',
    'name: boot-0, rack: 0, joined: true',
    'name: boot-0, rack: 0, joined: false',
  );
  await publishSite(bench.kv, compiled(without));
  await eventually('it serves nothing', async () => (await served.status()).generation === null);
  assert.match(String((await served.status()).refused), /has not joined/);
  const [machine] = first.blueprint.machines.values();
  assert.is((await fetch(served.url + scriptPath(machine?.serial ?? ''))).status, 503);
  const ignition = ignitionPath(machine?.serial ?? '', machine?.boot.ignition ?? '');
  assert.is((await fetch(served.url + ignition)).status, 200, 'who has begun to boot from it may end');
  await served.stop();
  bench.started.length = 0;

  const again = await ServedSite.start({ kv: new MemoryKv(), folder: bench.folder });
  bench.started.push(again);
  assert.is((await again.status()).generation, null, 'from disk neither');
  await again.stop();
  bench.started.length = 0;

  const joined = await bench.start();
  await publishSite(bench.kv, first);
  await joined.serves(3);
});

test('a start that fails leaves no port open', async (bench) => {
  const served = await bench.start();
  const { folder, remove } = temporaryFolder();
  const free = await Origin.start(new Map());
  const port = Number(new URL(free.url).port);
  await free.stop();
  const http = { address: '127.0.0.1', port };
  const dhcp = { address: '127.0.0.1', port: served.dhcp.port, replyTo: 'source' } as const;
  const outcome = await ServedSite.start({ kv: bench.kv, folder, http, dhcp }).then(
    () => 'started',
    (error: NodeJS.ErrnoException) => error.code,
  );
  assert.is(outcome, 'EADDRINUSE');
  const reached = await fetch(`http://127.0.0.1:${port}/healthz`).then(
    () => true,
    () => false,
  );
  assert.not.ok(reached, 'HTTP is closed again');
  remove();
});

test.run();
