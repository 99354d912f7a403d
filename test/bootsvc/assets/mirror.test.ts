import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mirrorAssets } from '../../../bootsvc/assets/mirror.ts';
import { AssetStore } from '../../../bootsvc/assets/store.ts';
import { sha256 } from '../../../schema/canonical.ts';
import type { AssetPin } from '../../../schema/types/releases-object.ts';
import { Origin, temporaryFolder } from '../lab.ts';

const kernel = Buffer.from('a kernel');
const initrd = Buffer.from('an initrd');
const never = new AbortController().signal;

interface Bench {
  store: AssetStore;
  /** Asked first. */
  mirror: Origin;
  /** Where the pins say that the files come from. */
  source: Origin;
  fetched: string[];
  remove: () => void;
  pin: (name: string, bytes: Buffer) => AssetPin;
  run: (pins: readonly AssetPin[], options?: { mirrors?: readonly string[]; signal?: AbortSignal }) => Promise<string>;
}

const test = suite<Bench>('mirror');

test.before.each(async (bench) => {
  const { folder, remove } = temporaryFolder();
  const files = new Map([kernel, initrd].map((bytes) => [sha256(bytes), bytes]));
  Object.assign(bench, {
    remove,
    store: await AssetStore.open(folder, never),
    mirror: await Origin.start(files),
    source: await Origin.start(files),
    fetched: [],
  });
  bench.pin = (name, bytes) => {
    const digest = sha256(bytes);
    return { name, sha256: digest, sizeBytes: bytes.length, source: `${bench.source.url}/${digest}` };
  };
  bench.run = (pins, { mirrors = [bench.mirror.url], signal = never } = {}) => {
    const onFetched = (pin: AssetPin, url: string): void => {
      bench.fetched.push(`${pin.name} ${new URL(url).origin === bench.source.url ? 'source' : 'mirror'}`);
    };
    return mirrorAssets(bench.store, pins, { mirrors, onFetched, signal }).then(
      () => 'all is held',
      (error: Error) => error.message,
    );
  };
});

test.after.each(async ({ mirror, source, remove }) => {
  await mirror.stop();
  await source.stop();
  remove();
});

test('every file comes from the mirror, once', async ({ pin, run, mirror, source, fetched, store }) => {
  const pins = [pin('kernel', kernel), pin('initrd', initrd)];
  assert.is(await run(pins), 'all is held');
  assert.is(await run(pins), 'all is held');
  assert.equal(fetched, ['kernel mirror', 'initrd mirror']);
  assert.is(mirror.asked.length, 2);
  assert.is(source.asked.length, 0);
  assert.equal(store.digests(), [sha256(kernel), sha256(initrd)].sort());
});

test('without a mirror the source is asked', async ({ pin, run, fetched }) => {
  assert.is(await run([pin('kernel', kernel)], { mirrors: [] }), 'all is held');
  assert.equal(fetched, ['kernel source']);
});

for (const [what, spoil] of [
  [
    'does not have the file',
    (origin: Origin) => origin.spoilt.set(sha256(kernel), (_, response) => response.writeHead(404).end()),
  ],
  [
    'has another file',
    (origin: Origin) => origin.spoilt.set(sha256(kernel), (_, response) => response.end('a colonel')),
  ],
  [
    'has too much',
    (origin: Origin) => origin.spoilt.set(sha256(kernel), (_, response) => response.end('a kernel and more')),
  ],
  [
    'sends somewhere else',
    (origin: Origin) =>
      origin.spoilt.set(sha256(kernel), (_, response) => response.writeHead(302, { location: '/x' }).end()),
  ],
  [
    'breaks off',
    (origin: Origin) =>
      origin.spoilt.set(sha256(kernel), (_, response) => {
        response.writeHead(200, { 'content-length': kernel.length });
        response.write('a ker', () => response.destroy());
      }),
  ],
] as const) {
  test(`a mirror that ${what} is passed by for the source`, async ({ pin, run, mirror, fetched, store }) => {
    spoil(mirror);
    assert.is(await run([pin('kernel', kernel)]), 'all is held');
    assert.equal(fetched, ['kernel source']);
    assert.equal(store.digests(), [sha256(kernel)]);
  });
}

test('a mirror that is not there is passed by too', async ({ pin, run, mirror, fetched }) => {
  const { url } = mirror;
  await mirror.stop();
  assert.is(await run([pin('kernel', kernel)], { mirrors: [url] }), 'all is held');
  assert.equal(fetched, ['kernel source']);
});

test('a file that nobody has as it is pinned is an error that names it, its place and the fault', async ({
  pin,
  run,
  source,
  mirror,
  store,
}) => {
  for (const origin of [source, mirror]) origin.spoilt.set(sha256(kernel), (_, response) => response.end('a colonel'));
  const message = await run([pin('kernel', kernel), pin('initrd', initrd)]);
  const fault = 'from http://127\\.0\\.0\\.1:\\d+/\\w{64}: has more than the 8 bytes that are pinned';
  assert.match(message, new RegExp(`^kernel ${fault}; ${fault}$`));
  assert.equal(store.digests(), []);
});

test('a fault that passes is waited for', async ({ pin, run, source, fetched }) => {
  let asked = 0;
  source.spoilt.set(sha256(kernel), (_, response) => {
    if (++asked === 1) response.writeHead(503).end();
    else response.end(kernel);
  });
  assert.is(await run([pin('kernel', kernel)], { mirrors: [] }), 'all is held');
  assert.equal(fetched, ['kernel source']);
});

test('a file that does not come is called off by the signal', async ({ pin, run, mirror, store }) => {
  const stop = new AbortController();
  mirror.spoilt.set(sha256(kernel), (_, response) => {
    response.writeHead(200, { 'content-length': kernel.length });
    response.write('a ker', () => stop.abort(new Error('called off')));
  });
  assert.is(await run([pin('kernel', kernel)], { signal: stop.signal }), 'called off');
  assert.equal(store.digests(), []);
});

test.run();
