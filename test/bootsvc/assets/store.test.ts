import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AssetStore } from '../../../bootsvc/assets/store.ts';
import { sha256 } from '../../../schema/canonical.ts';
import { temporaryFolder } from '../lab.ts';

const bytes = Buffer.from('a kernel, for those who believe it');
const pin = { sha256: sha256(bytes), sizeBytes: bytes.length };
const never = new AbortController().signal;

const test = suite<{ folder: string; remove: () => void }>('asset store');

test.before.each((context) => {
  Object.assign(context, temporaryFolder());
});

test.after.each(({ remove }) => remove());

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

/** Chunks, and then the connection breaks. */
async function* broken(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
  throw new Error('connection lost');
}

function files(folder: string): string[] {
  return readdirSync(folder).sort();
}

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no failure',
    (error: Error) => error.message,
  );
}

test('a file that is as it is pinned is held, byte for byte, now and after the next start', async ({ folder }) => {
  const store = await AssetStore.open(folder, never);
  assert.not.ok(store.has(pin.sha256));
  await store.add(pin, chunks(bytes.subarray(0, 3), bytes.subarray(3)), never);
  for (const each of [store, await AssetStore.open(folder, never)]) {
    assert.ok(each.has(pin.sha256));
    assert.equal(each.digests(), [pin.sha256]);
    assert.is(each.get(pin.sha256)?.sizeBytes, bytes.length);
    assert.ok(readFileSync(each.get(pin.sha256)?.path ?? '').equals(bytes));
  }
  assert.equal(files(folder), [pin.sha256]);
});

const other = Buffer.from(bytes);
other.writeUInt8(other.readUInt8(5) ^ 1, 5);
for (const [what, content, reason] of [
  ['too short', () => chunks(bytes.subarray(1)), /has 33 bytes, 34 are pinned/],
  ['empty', () => chunks(), /has 0 bytes/],
  ['too long', () => chunks(bytes, Buffer.from('!')), /has more than the 34 bytes that are pinned/],
  ['of another content', () => chunks(other), /has the digest \w{64}, \w{64} is pinned/],
  ['cut off', () => broken(bytes.subarray(0, 10)), /connection lost/],
  ['cut off at its very end', () => broken(bytes), /connection lost/],
] as const) {
  test(`a file that is ${what} leaves nothing`, async ({ folder }) => {
    const store = await AssetStore.open(folder, never);
    assert.match(await failure(store.add(pin, content(), never)), reason);
    assert.not.ok(store.has(pin.sha256));
    assert.equal(files(folder), []);
    await store.add(pin, chunks(bytes), never);
    assert.ok(store.has(pin.sha256), 'and the right one is taken afterwards');
  });
}

test('an endless file is not read to its end', async ({ folder }) => {
  const store = await AssetStore.open(folder, never);
  let given = 0;
  const endless = (async function* () {
    for (;;) {
      given++;
      yield bytes;
    }
  })();
  assert.match(await failure(store.add(pin, endless, never)), /has more than/);
  assert.is(given, 2);
});

test('a file that is called off leaves nothing', async ({ folder }) => {
  const store = await AssetStore.open(folder, never);
  const stop = new AbortController();
  const content = (async function* () {
    yield bytes.subarray(0, 3);
    stop.abort(new Error('called off'));
    yield bytes.subarray(3);
  })();
  assert.is(await failure(store.add(pin, content, stop.signal)), 'called off');
  assert.equal(files(folder), []);
});

test('a bad copy does not harm the good one that is there', async ({ folder }) => {
  const store = await AssetStore.open(folder, never);
  await store.add(pin, chunks(bytes), never);
  await failure(store.add(pin, chunks(other), never));
  assert.ok(readFileSync(store.get(pin.sha256)?.path ?? '').equals(bytes));
});

test('the same file twice at the same time is one file', async ({ folder }) => {
  const store = await AssetStore.open(folder, never);
  await Promise.all([store.add(pin, chunks(bytes), never), store.add(pin, chunks(bytes), never)]);
  assert.equal(files(folder), [pin.sha256]);
});

test('at the start half-written and changed files are removed, and whole ones kept', async ({ folder }) => {
  const store = await AssetStore.open(folder, never);
  const second = Buffer.from('an initrd');
  await store.add(pin, chunks(bytes), never);
  await store.add({ sha256: sha256(second), sizeBytes: second.length }, chunks(second), never);
  truncateSync(path.join(folder, sha256(second)), 3);
  writeFileSync(path.join(folder, 'partial-0f1d2c3b-4a59-4687-9697-a5b4c3d2e1f0'), 'half of it');
  writeFileSync(path.join(folder, 'a'.repeat(64)), 'not what its name says');
  const reopened = await AssetStore.open(folder, never);
  assert.equal(reopened.digests(), [pin.sha256]);
  assert.equal(files(folder), [pin.sha256]);
});

test('what is none of the store stays where it is', async ({ folder }) => {
  mkdirSync(path.join(folder, 'lost+found'));
  mkdirSync(path.join(folder, 'b'.repeat(64)));
  writeFileSync(path.join(folder, 'README'), 'do not remove');
  writeFileSync(path.join(folder, `${'c'.repeat(64)}.bak`), 'do not remove');
  const before = files(folder);
  const store = await AssetStore.open(folder, never);
  assert.equal(files(folder), before);
  assert.equal(store.digests(), []);
});

test('a folder that is not there yet is made', async ({ folder }) => {
  const deep = path.join(folder, 'var', 'lib', 'assets');
  const store = await AssetStore.open(deep, never);
  await store.add(pin, chunks(bytes), never);
  assert.equal(files(deep), [pin.sha256]);
});

test.run();
