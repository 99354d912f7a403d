import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportPath } from '../../../renderers/boot.ts';
import { keys } from '../../../schema/state/keys.ts';
import { readRecord, records } from '../../../schema/state/records.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import { eventually } from '../../eventually.ts';
import { type Bench, first, startBench } from './bench.ts';
import type { Answer } from './client.ts';

const [machine, other] = [...first.blueprint.machines.values()];
if (!machine || !other) throw new Error('the small site has too few machines');
const { serial } = machine;

/** What a machine posts when all is well. */
const good = {
  phase: 'running',
  bootDigest: machine.bootDigest,
  bootId: '0f1d2c3b-4a59-4687-9697-a5b4c3d2e1f0',
  generation: 1,
  address: machine.node,
} as const;

const test = suite<{ bench: Bench }>('reports');

test.before.each(async (context) => {
  context.bench = await startBench();
});

test.after.each(({ bench }) => bench.close());

function post({ client }: Bench, body: unknown, of = serial): Promise<Answer> {
  return client.ask(reportPath(of), { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function recorded({ kv }: Bench, of = serial): Promise<ObservedMachine | null> {
  const entry = await kv.get(keys.observedMachine(of));
  return entry ? readRecord(records.observedMachine, entry) : null;
}

test('a report is taken and arrives in etcd, with who took it and when', async ({ bench }) => {
  const beforeMs = Date.now();
  const { status, headers } = await post(bench, good);
  assert.is(status, 202);
  assert.is(headers['content-type'], 'application/json');
  await eventually('etcd has it', async () => (await recorded(bench)) !== null);
  const { at, ...rest } = (await recorded(bench)) ?? { at: '' };
  assert.equal(rest, { ...good, serial, server: 'boot-0' });
  assert.ok(Date.parse(at) >= beforeMs && Date.parse(at) <= Date.now());
});

test('a machine may report from its node address or from either link', async ({ bench }) => {
  const addresses = [machine.node, ...machine.links.map(({ address }) => address)];
  assert.is(new Set(addresses).size, 3);
  for (const address of addresses) assert.is((await post(bench, { ...good, address })).status, 202, address);
});

test('what else a report says is left out', async ({ bench }) => {
  assert.is(
    (await post(bench, { ...good, serial: other.serial, server: 'boot-9', at: 'never', colour: 'red' })).status,
    202,
  );
  await eventually('etcd has it', async () => (await recorded(bench)) !== null);
  assert.is((await recorded(bench))?.server, 'boot-0');
  assert.is(await recorded(bench, other.serial), null);
});

for (const address of [other.node, '127.0.0.1', '', 'localhost', `${machine.node}.`, `0${machine.node}`]) {
  test(`a report from ${JSON.stringify(address)} is not of this machine`, async ({ bench }) => {
    assert.is((await post(bench, { ...good, address })).status, 409);
    assert.is(await recorded(bench), null);
  });
}

test('a serial that the site does not know is refused', async ({ bench }) => {
  const { status, text } = await post(bench, good, 'NOBODY');
  assert.is(status, 404);
  assert.match(text, '"NOBODY"');
});

for (const [what, body] of [
  ['nothing', ''],
  ['no JSON', '{'],
  ['two documents', `${JSON.stringify(good)}${JSON.stringify(good)}`],
  ['null', null],
  ['a list', [good]],
  ['a text', '"running"'],
  ['no phase', { ...good, phase: undefined }],
  ['a phase that there is not', { ...good, phase: 'retired' }],
  ['a digest that is too short', { ...good, bootDigest: good.bootDigest.slice(1) }],
  ['a digest in capitals', { ...good, bootDigest: 'A'.repeat(64) }],
  ['a digest with a newline', { ...good, bootDigest: `${good.bootDigest}\n` }],
  ['no boot id', { ...good, bootId: '' }],
  ['a boot id that is too long', { ...good, bootId: 'x'.repeat(65) }],
  ['a boot id with a slash', { ...good, bootId: '../x' }],
  ['generation 0', { ...good, generation: 0 }],
  ['half a generation', { ...good, generation: 1.5 }],
  ['a generation beyond all numbers', { ...good, generation: 1e300 }],
  ['a generation in quotes', { ...good, generation: '1' }],
  ['no address', { ...good, address: undefined }],
  ['an address that is no text', { ...good, address: 7 }],
] as const) {
  test(`a report of ${what} is refused with a reason`, async ({ bench }) => {
    const { status, text } = await post(bench, body);
    assert.is(status, 400);
    assert.ok(text.length > 10);
    assert.is(await recorded(bench), null);
  });
}

test('a report that is too large is refused, however its size is told', async ({ bench }) => {
  const tooLarge = JSON.stringify({ ...good, padding: 'x'.repeat(4096) });
  assert.is((await post(bench, tooLarge)).status, 413);
  const chunked = { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body: tooLarge };
  assert.is((await bench.client.ask(reportPath(serial), chunked)).status, 413);
  const justRight = JSON.stringify({ ...good, padding: '' });
  const body = justRight.replace('""', JSON.stringify('x'.repeat(4096 - justRight.length)));
  assert.is(Buffer.byteLength(body), 4096);
  assert.is((await post(bench, body)).status, 202);
});

test('a client that asks before it sends (Expect: 100-continue, as curl does) is told to go on', async ({ bench }) => {
  const body = JSON.stringify(good);
  const headers = { expect: '100-continue', 'content-length': String(Buffer.byteLength(body)) };
  assert.is((await bench.client.ask(reportPath(serial), { method: 'POST', headers, body })).status, 202);
});

test('reports are counted by phase', async ({ bench }) => {
  for (const phase of ['booting', 'provisioning', 'provisioning', 'running']) await post(bench, { ...good, phase });
  await post(bench, { ...good, phase: 'retired' });
  const { text } = await bench.client.ask('/metrics');
  const counted = [...text.matchAll(/^berth_reports_total\{phase="(\w+)"\} (\d+)$/gm)].map(([, ...pair]) => pair);
  assert.equal(counted, [
    ['booting', '1'],
    ['provisioning', '2'],
    ['running', '1'],
  ]);
});

test.run();
