import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ignitionPath, scriptPath } from '../../../renderers/boot.ts';
import { sha256 } from '../../../schema/canonical.ts';
import { compiled, edited, publishSite } from '../../small-site.ts';
import { type Bench, first, site, startBench } from './bench.ts';

// Three generations in which the compute servers' Ignition differs.
const second = compiled(edited(site, 'roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 3G'));
const third = compiled(edited(site, 'roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 4G'));

function ofRole(role: string): { serial: string; ignitions: readonly string[] } {
  const machine = [...first.blueprint.machines.values()].find((one) => one.role === role);
  if (!machine) throw new Error(`no machine is of the role ${role}`);
  const { serial } = machine;
  const ignitions = [first, second, third].map(({ blueprint }) => blueprint.machines.get(serial)?.boot.ignition ?? '');
  return { serial, ignitions };
}

const compute = ofRole('cs');
const storage = ofRole('ss');

const test = suite<{ bench: Bench }>('boot and ignition');

test.before.each(async (context) => {
  context.bench = await startBench();
});

test.after.each(({ bench }) => bench.close());

test('every machine gets the script of its own boot', async ({ bench }) => {
  for (const machine of first.blueprint.machines.values()) {
    const { status, headers, text } = await bench.client.ask(scriptPath(machine.serial));
    assert.is(status, 200);
    assert.is(headers['content-length'], String(Buffer.byteLength(text)));
    assert.match(text, /^#!ipxe\n/);
    assert.match(text, ` berth.boot=${machine.bootDigest} `);
    assert.match(text, ` berth.generation=1 `);
    assert.match(
      text,
      `ignition.config.url=${bench.served.url}${ignitionPath(machine.serial, machine.boot.ignition)} `,
    );
    assert.match(text, `kernel ${bench.served.url}/assets/${machine.boot.kernel}/vmlinuz `);
  }
});

test('every Ignition that a script names is there, with the digest that it is named by', async ({ bench }) => {
  for (const { serial, boot } of first.blueprint.machines.values()) {
    const { status, headers, body } = await bench.client.ask(ignitionPath(serial, boot.ignition));
    assert.is(status, 200);
    assert.is(sha256(body), boot.ignition);
    assert.match(headers['content-type'] ?? '', /^application\/vnd\.coreos\.ignition\+json/);
  }
});

test('a machine that booted from the generation before still gets its Ignition; an older one has to boot again', async ({
  bench,
}) => {
  const ask = async (generation: number): Promise<number> => {
    const { status, body } = await bench.client.ask(
      ignitionPath(compute.serial, compute.ignitions[generation - 1] ?? ''),
    );
    if (status === 200) assert.is(sha256(body), compute.ignitions[generation - 1]);
    return status;
  };
  assert.is(new Set(compute.ignitions).size, 3);
  assert.equal([await ask(1), await ask(2), await ask(3)], [200, 410, 410]);
  await publishSite(bench.kv, second);
  await bench.served.serves(2);
  assert.equal([await ask(1), await ask(2), await ask(3)], [200, 200, 410]);
  await publishSite(bench.kv, third);
  await bench.served.serves(3);
  assert.equal([await ask(1), await ask(2), await ask(3)], [410, 200, 200]);
});

test('an Ignition that no generation has changed is there all the time', async ({ bench }) => {
  assert.is(new Set(storage.ignitions).size, 1);
  for (const [generation, next] of [
    [2, second],
    [3, third],
  ] as const) {
    await publishSite(bench.kv, next);
    await bench.served.serves(generation);
    assert.is((await bench.client.ask(ignitionPath(storage.serial, storage.ignitions[0] ?? ''))).status, 200);
  }
});

test("one machine does not get another one's Ignition", async ({ bench }) => {
  assert.is((await bench.client.ask(ignitionPath(storage.serial, compute.ignitions[0] ?? ''))).status, 410);
});

test('a serial that the site does not know is refused, with a sentence that names it', async ({ bench }) => {
  for (const path of [scriptPath('NOBODY'), ignitionPath('NOBODY', compute.ignitions[0] ?? '')]) {
    const { status, text } = await bench.client.ask(path);
    assert.is(status, 404);
    assert.match(text, '"NOBODY"');
  }
});

test('a machine that is no longer declared boots no more, but may end the boot that it has begun', async ({
  bench,
}) => {
  const gone = edited(site, 'racks/r0.yaml', `serial: ${storage.serial}`, 'serial: NEWCOMER');
  await publishSite(bench.kv, compiled(gone));
  await bench.served.serves(2);
  assert.is((await bench.client.ask(scriptPath(storage.serial))).status, 404);
  assert.is((await bench.client.ask(ignitionPath(storage.serial, storage.ignitions[0] ?? ''))).status, 200);
  assert.is((await bench.client.ask(scriptPath('NEWCOMER'))).status, 200);
});

test('before the first generation machines are told to wait, and that they will be served', async () => {
  const empty = await startBench({ published: false });
  try {
    assert.is((await empty.client.ask(scriptPath(compute.serial))).status, 503);
    assert.is((await empty.client.ask('/healthz')).status, 503);
    // Ignition retries on any 5xx and gives up on a 4xx.
    assert.is((await empty.client.ask(ignitionPath(compute.serial, compute.ignitions[0] ?? ''))).status, 503);
    const report = { method: 'POST', body: '{}' };
    assert.is((await empty.client.ask(`/nodes/${compute.serial}/report`, report)).status, 503);
    await publishSite(empty.kv, first);
    await empty.served.serves(1);
    assert.is((await empty.client.ask(scriptPath(compute.serial))).status, 200);
  } finally {
    await empty.close();
  }
});

test.run();
