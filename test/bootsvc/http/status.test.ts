import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scriptPath } from '../../../renderers/boot.ts';
import { publishSite } from '../../small-site.ts';
import { type Bench, files, first, startBench } from './bench.ts';

const test = suite<{ bench: Bench }>('status');

test.before.each(async (context) => {
  context.bench = await startBench({ published: false });
});

test.after.each(({ bench }) => bench.close());

test('before the first generation the server says that it serves nothing', async ({ bench }) => {
  assert.is((await bench.client.ask('/healthz')).status, 503);
  assert.equal(await bench.client.json('/healthz'), { serving: false });
  assert.equal(await bench.client.json('/status/machines'), []);
  assert.equal(await bench.client.json('/status'), {
    server: 'boot-0',
    generation: null,
    commit: null,
    root: null,
    site: null,
    machines: 0,
    refused: null,
    assets: [],
    reportsWaiting: 0,
  });
});

test('with a generation it says which one, what it holds, and what each machine boots', async ({ bench }) => {
  const target = await publishSite(bench.kv, first);
  await bench.served.serves(1);
  assert.is((await bench.client.ask('/healthz')).status, 200);
  assert.equal(await bench.client.json('/healthz'), { serving: true });
  assert.equal(await bench.client.json('/status'), {
    server: 'boot-0',
    generation: 1,
    commit: target.commit,
    root: first.blueprint.root,
    site: 'tokyo0',
    machines: first.blueprint.machines.size,
    refused: null,
    // Those that machines boot: of the two operating systems one is staged only.
    assets: [...files.keys()].filter((digest) => JSON.stringify(first.blueprint.releases).includes(digest)).sort(),
    reportsWaiting: 0,
  });
  const machines = (await bench.client.json('/status/machines')) as { serial: string; bootDigest: string }[];
  assert.equal(
    machines.map(({ serial, bootDigest }) => [serial, bootDigest]),
    [...first.blueprint.machines.values()].map(({ serial, bootDigest }) => [serial, bootDigest]),
  );
});

/** Prometheus' text format, line by line: samples by name and labels. */
function parseMetrics(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue;
    const [, name, type] = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) {
      assert.not.ok(types.has(name), `${name} has one type`);
      types.set(name, type);
      continue;
    }
    // prom-client writes Nan for NaN; Prometheus reads it in any case.
    const [, series = '', metric = '', value = ''] =
      /^((\w+)(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)+\})?) (-?[\d.e+-]+|NaN|[+-]Inf)$/i.exec(line) ?? [];
    assert.ok(series !== '', `a line of the text format: ${line}`);
    assert.ok(types.has(metric) || types.has(metric.replace(/_(bucket|sum|count)$/, '')), `${metric} has a type`);
    assert.not.ok(samples.has(series), `${series} is there once`);
    samples.set(series, Number(value));
  }
  return samples;
}

test('metrics are in the text format of Prometheus, with all that is counted', async ({ bench }) => {
  const before = await bench.client.ask('/metrics');
  assert.match(before.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
  const empty = parseMetrics(before.text);
  assert.is(empty.get('berth_generation'), 0);
  assert.is(empty.get('berth_asset_bytes_total'), 0);
  assert.is(empty.get('berth_generation_refusals_total'), 0);
  assert.ok((empty.get('process_resident_memory_bytes') ?? 0) > 0);

  await publishSite(bench.kv, first);
  await bench.served.serves(1);
  const { bootPrograms } = first.blueprint.releases;
  const program = bootPrograms.x64;
  await bench.client.ask(`/assets/${program?.sha256}/ipxe.efi`);
  await bench.client.ask(`/assets/${program?.sha256}/ipxe.efi`, { headers: { range: 'bytes=0-9' } });
  await bench.client.ask('/nothing');
  const [machine] = first.blueprint.machines.keys();
  await bench.client.ask(scriptPath(machine ?? ''));
  const samples = parseMetrics((await bench.client.ask('/metrics')).text);
  assert.is(samples.get('berth_generation'), 1);
  assert.is(samples.get('berth_asset_bytes_total'), (program?.sizeBytes ?? 0) + 10);
  for (const [series, count] of [
    ['route="/assets/:digest/:name",code="200"', 1],
    ['route="/assets/:digest/:name",code="206"', 1],
    ['route="/boot/:serial/ipxe",code="200"', 1],
    ['route="unknown",code="404"', 1],
    ['route="/metrics",code="200"', 1],
  ] as const) {
    assert.is(samples.get(`berth_http_requests_total{${series}}`), count, series);
  }
});

test('a path that a stranger makes up does not become a series of its own', async ({ bench }) => {
  for (const name of ['a', 'b', 'c']) {
    await bench.client.ask(`/${name}`);
    await bench.client.ask(scriptPath(name));
  }
  const series = [...parseMetrics((await bench.client.ask('/metrics')).text).keys()];
  assert.equal(
    series.filter((name) => name.startsWith('berth_http_requests_total')).map((name) => name.slice(25)),
    ['{route="unknown",code="404"}', '{route="/boot/:serial/ipxe",code="503"}'],
  );
});

test.run();
