import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { truncate, unlink } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AssetStore } from '../../../bootsvc/assets/store.ts';
import { parseRange } from '../../../bootsvc/http/assets.ts';
import { sha256 } from '../../../schema/canonical.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';
import { standInAsset } from '../../../vdc/assets.ts';
import { eventually } from '../../eventually.ts';
import { ServedSite, temporaryFolder } from '../lab.ts';
import { type Bench, files, first, startBench } from './bench.ts';
import { HttpClient } from './client.ts';

const { bootPrograms, os } = first.site.releases.value;
const program = `/assets/${bootPrograms.x64.sha256}/ipxe.efi`;
const [{ kernel } = { kernel: bootPrograms.x64 }] = Object.values(os);
const kernelPath = `/assets/${kernel.sha256}/vmlinuz`;
const kernelBytes = files.get(kernel.sha256) ?? Buffer.alloc(0);

const test = suite<{ bench: Bench }>('assets');

test.before(async (context) => {
  context.bench = await startBench();
});

test.after(({ bench }) => bench.close());

test('a file comes whole, with its length and without chunks, as firmware wants it', async ({ bench }) => {
  const { status, headers, body } = await bench.client.ask(program);
  assert.is(status, 200);
  assert.is(headers['content-length'], String(bootPrograms.x64.sizeBytes));
  assert.is(headers['transfer-encoding'], undefined);
  assert.is(headers['content-encoding'], undefined);
  assert.is(headers['accept-ranges'], 'bytes');
  assert.is(sha256(body), bootPrograms.x64.sha256);
});

test('a boot program is known by its type, other files are just bytes', async ({ bench }) => {
  assert.is((await bench.client.ask(program)).headers['content-type'], 'application/efi');
  assert.is((await bench.client.ask(kernelPath)).headers['content-type'], 'application/octet-stream');
});

test('HEAD tells the same as GET and leaves the connection open for it', async ({ bench }) => {
  const head = await bench.client.ask(program, { method: 'HEAD' });
  const get = await bench.client.ask(program);
  assert.is(head.status, 200);
  assert.is(head.body.length, 0);
  for (const name of ['content-length', 'content-type', 'accept-ranges', 'etag']) {
    assert.is(head.headers[name], get.headers[name], name);
  }
  assert.is(head.clientPort, get.clientPort, 'one connection');
});

const size = kernel.sizeBytes;
for (const { range, from, to } of [
  { range: 'bytes=0-0', from: 0, to: 1 },
  { range: 'bytes=0-99', from: 0, to: 100 },
  { range: 'bytes=100-', from: 100, to: size },
  { range: `bytes=${size - 1}-`, from: size - 1, to: size },
  { range: 'bytes=-1', from: size - 1, to: size },
  { range: 'bytes=-500', from: size - 500, to: size },
  { range: `bytes=-${size * 2}`, from: 0, to: size },
  { range: `bytes=10-${size * 2}`, from: 10, to: size },
  { range: `bytes=10-${'9'.repeat(400)}`, from: 10, to: size },
  { range: 'Bytes=1-2', from: 1, to: 3 },
]) {
  test(`range ${range.slice(0, 40)} is bytes ${from} up to ${to}`, async ({ bench }) => {
    const { status, headers, body } = await bench.client.ask(kernelPath, { headers: { range } });
    assert.is(status, 206);
    assert.is(headers['content-range'], `bytes ${from}-${to - 1}/${size}`);
    assert.is(headers['content-length'], String(to - from));
    assert.ok(body.equals(kernelBytes.subarray(from, to)));
  });
}

for (const range of [`bytes=${size}-`, `bytes=${size * 3}-`, 'bytes=-0', `bytes=${'9'.repeat(400)}-`]) {
  test(`range ${range.slice(0, 40)} cannot be had`, async ({ bench }) => {
    const { status, headers } = await bench.client.ask(kernelPath, { headers: { range } });
    assert.is(status, 416);
    assert.is(headers['content-range'], `bytes */${size}`);
  });
}

for (const range of ['bytes=5-2', 'bytes=0-1,5-6', 'bytes=-', 'bytes=', 'lines=0-1', 'bytes=a-b', 'bytes 0-1', '']) {
  test(`range ${JSON.stringify(range)} is ignored, as RFC 9110 lets a server do`, async ({ bench }) => {
    const { status, body } = await bench.client.ask(kernelPath, { headers: { range } });
    assert.is(status, 200);
    assert.is(sha256(body), kernel.sha256);
  });
}

test('HEAD knows no ranges (RFC 9110 §14.2)', async ({ bench }) => {
  const { status, headers } = await bench.client.ask(kernelPath, { method: 'HEAD', headers: { range: 'bytes=0-9' } });
  assert.is(status, 200);
  assert.is(headers['content-length'], String(size));
});

test('a range of another version of the file is not given: the whole of this one is (RFC 9110 §13.1.5)', async ({
  bench,
}) => {
  const ask = (validator: string) =>
    bench.client.ask(kernelPath, { headers: { range: 'bytes=0-9', 'if-range': validator } });
  assert.is((await ask(`"${kernel.sha256}"`)).status, 206);
  assert.is((await ask(`"${bootPrograms.x64.sha256}"`)).status, 200);
  assert.is((await ask('Sun, 06 Nov 1994 08:49:37 GMT')).status, 200);
});

test('a client that has the file already is told so', async ({ bench }) => {
  const ask = (etag: string) => bench.client.ask(kernelPath, { headers: { 'if-none-match': etag } });
  const { status, body, headers } = await ask(`"${kernel.sha256}"`);
  assert.is(status, 304);
  assert.is(body.length, 0);
  assert.is(headers.etag, `"${kernel.sha256}"`);
  assert.is((await ask('"other"')).status, 200);
});

test('a download that broke off goes on where it stopped', async ({ bench }) => {
  const half = Math.floor(size / 2);
  const sent = request({ host: '127.0.0.1', port: bench.served.httpPort, path: kernelPath });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const [start] = (await once(response, 'data')) as [Buffer];
  response.destroy();
  const begun = start.subarray(0, half);
  const rest = await bench.client.ask(kernelPath, { headers: { range: `bytes=${begun.length}-` } });
  assert.is(sha256(Buffer.concat([begun, rest.body])), kernel.sha256);
});

for (const name of ['', 'vmlinuz', 'b%C3%A4r', '..%2f..%2fetc%2fpasswd']) {
  test(`the name ${JSON.stringify(name)} after the digest does not matter`, async ({ bench }) => {
    const { status, body } = await bench.client.ask(`/assets/${kernel.sha256}/${name}`);
    assert.is(status, 200);
    assert.is(sha256(body), kernel.sha256);
  });
}

for (const digest of ['a'.repeat(64), kernel.sha256.toUpperCase(), '..', '..%2f..', '%2e%2e', '', 'partial-1']) {
  test(`no file under ${JSON.stringify(digest.slice(0, 20))}`, async ({ bench }) => {
    assert.is((await bench.client.ask(`/assets/${digest}/vmlinuz`)).status, 404);
  });
}

test('many clients at once each get their own', async ({ bench }) => {
  const clients = Array.from({ length: 20 }, () => new HttpClient(bench.served.httpPort));
  const pins = [bootPrograms.x64, ...Object.values(os).flatMap((pin) => [pin.kernel, pin.initrd])];
  const digests = await Promise.all(
    clients.map(async (client, index) => {
      const pin = pins[index % pins.length] ?? bootPrograms.x64;
      const { body } = await client.ask(`/assets/${pin.sha256}/file`);
      client.close();
      return [sha256(body), pin.sha256];
    }),
  );
  for (const [found, wanted] of digests) assert.is(found, wanted);
});

// A file that is too large for any buffer on its way.
const large = suite<{ bench: Bench; path: string; file: string; digest: string }>('a large file');
const largeBytes = 48 * 1024 * 1024;

large.before(async (context) => {
  const hash = createHash('sha256');
  for (const chunk of standInAsset('large', largeBytes)) hash.update(chunk);
  context.digest = hash.digest('hex');
  const { folder, remove } = temporaryFolder();
  const store = await AssetStore.open(path.join(folder, 'assets'), AbortSignal.timeout(60_000));
  const chunks = (async function* () {
    yield* standInAsset('large', largeBytes);
  })();
  await store.add({ sha256: context.digest, sizeBytes: largeBytes }, chunks, AbortSignal.timeout(60_000));
  const kv = new MemoryKv();
  const served = await ServedSite.start({ kv, folder });
  const client = new HttpClient(served.httpPort);
  const close = async (): Promise<void> => {
    client.close();
    await served.stop();
    remove();
  };
  context.bench = { kv, served, client, folder, close };
  context.path = `/assets/${context.digest}/large`;
  context.file = path.join(folder, 'assets', context.digest);
});

large.after(({ bench }) => bench.close());

/** Begin to load the file, and read nothing of it but its head. */
async function begin(bench: Bench, url: string): Promise<IncomingMessage> {
  const sent = request({ host: '127.0.0.1', port: bench.served.httpPort, path: url });
  sent.on('error', () => {});
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

large('a client that goes away half-way costs nobody anything', async ({ bench, path: url, digest }) => {
  for (const _ of [1, 2, 3]) (await begin(bench, url)).destroy();
  const slow = await begin(bench, url);
  const { body } = await bench.client.ask(url);
  assert.is(sha256(body), digest, 'another one is served while one does not read');
  slow.destroy();
  const metrics = async () => (await bench.client.ask('/metrics')).text;
  const aborted = /^berth_http_requests_total\{route="\/assets\/:digest\/:name",code="aborted"\} 4$/m;
  await eventually('all four are counted as aborted', async () => aborted.test(await metrics()));
  assert.is(bench.served.log.filter(({ level }) => level >= 40).length, 0, 'and nobody is warned');
  assert.match(await metrics(), new RegExp(`^berth_asset_bytes_total ${largeBytes}$`, 'm'), 'whole downloads count');
});

large('a file that loses its end under the service breaks the download, loudly', async ({ bench, path: url, file }) => {
  const response = await begin(bench, url);
  await truncate(file, 1024 * 1024 * 40);
  const outcome = await (async () => {
    for await (const _ of response) {
      // To the end.
    }
    return 'whole';
  })().catch((error: NodeJS.ErrnoException) => error.code);
  assert.is(outcome, 'ECONNRESET');
  await bench.served.logged(({ level, msg }) => level >= 50 && msg === 'request failed');

  const { status } = await bench.client.ask(url);
  assert.is(status, 500, 'from then on it is not begun at all');
});

large(
  'a file that is gone from the disk is an error of this server, and said so',
  async ({ bench, path: url, file }) => {
    await unlink(file);
    const { status, headers } = await bench.client.ask(url);
    assert.is(status, 500);
    assert.is(headers['content-range'], undefined);
  },
);

const ranges = suite('parseRange');

ranges('one byte has three ranges', () => {
  assert.equal(parseRange('bytes=0-', 1), { start: 0, end: 0 });
  assert.equal(parseRange('bytes=-1', 1), { start: 0, end: 0 });
  assert.is(parseRange('bytes=1-', 1), 'unsatisfiable');
  assert.is(parseRange(undefined, 1), null);
});

test.run();
large.run();
ranges.run();
