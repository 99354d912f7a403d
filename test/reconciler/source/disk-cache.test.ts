// The cache on disk: it gives back what was kept, or nothing, whatever has become of its folder.
import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheFolder, DiskCache, type DiskCacheOptions } from '../../../reconciler/source/disk-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'berth-cache-'));
test.after(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

const dayMilliseconds = 24 * 60 * 60 * 1000;

function freshFolder(): string {
  made += 1;
  return join(root, `cache${made}`);
}

function open(folder: string, options: Partial<DiskCacheOptions> = {}): DiskCache {
  const cache = DiskCache.open({ folder, version: 'test', ...options });
  if (!cache) throw new Error(`${folder} cannot be had`);
  return cache;
}

/** What is kept under a key of the kind `text`. */
function textIn(cache: DiskCache, key: string): string | null {
  return cache.get('text', key)?.toString() ?? null;
}

/** Every file of the cache but the mark of the sweep. */
function filesIn(folder: string): string[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)));
}

function onlyFileIn(folder: string): string {
  const [file, ...others] = filesIn(folder);
  if (file === undefined || others.length > 0) throw new Error('not one file');
  return file;
}

test('what was kept is found again, also by the next process; what was not is null', () => {
  const folder = freshFolder();
  open(folder).set('text', 'a', 'first');
  open(folder).set('text', 'a', 'second');
  open(folder).set('text', 'b', '');
  open(folder).set('text', 'c', Uint8Array.of(0, 255, 10));
  const cache = open(folder);
  assert.is(textIn(cache, 'a'), 'second');
  assert.is(textIn(cache, 'b'), '');
  assert.equal([...(cache.get('text', 'c') ?? [])], [0, 255, 10]);
  assert.is(textIn(cache, 'd'), null);
  assert.is(cache.get('blob', 'a'), null);
  assert.is(textIn(open(folder, { version: 'other' }), 'a'), null);
});

test('nobody else may read it', () => {
  const folder = freshFolder();
  open(folder).set('text', 'a', 'mine');
  const file = onlyFileIn(folder);
  for (const path of [folder, join(file, '..'), file]) assert.is(statSync(path).mode & 0o077, 0, path);
});

test('a folder into which others may write is not used', () => {
  const folder = freshFolder();
  open(folder).set('text', 'a', 'mine');
  chmodSync(folder, 0o770);
  assert.is(DiskCache.open({ folder, version: 'test' }), null);
  chmodSync(folder, 0o755);
  assert.is(textIn(open(folder), 'a'), 'mine');
});

test('where no folder can be made there is no cache', () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  assert.is(DiskCache.open({ folder: join(file, 'cache'), version: 'test' }), null);
  assert.is(DiskCache.open({ folder: file, version: 'test' })?.get('text', 'a') ?? null, null);
});

test('nor in a folder that takes none, whatever it says of that', () => {
  for (const folder of ['/proc/berth', '/proc/berth/cache', '/proc/self/berth/cache', '/dev/null/berth']) {
    assert.is(DiskCache.open({ folder, version: 'test' }), null, folder);
  }
  const cache = DiskCache.open({ folder: '/proc', version: 'test' });
  cache?.set('text', 'a', 'nowhere');
  assert.is(cache?.get('text', 'a') ?? null, null);
});

test('folders above it are made, for nobody else to read', () => {
  const above = freshFolder();
  open(join(above, 'b', 'c')).set('text', 'a', 'mine');
  assert.is(textIn(open(join(above, 'b', 'c')), 'a'), 'mine');
  for (const folder of [above, join(above, 'b')]) assert.is(statSync(folder).mode & 0o777, 0o700);
});

const content = 'the quick brown fox';
const damages: readonly (readonly [string, (file: string) => void])[] = [
  ['cut off at the end', (file) => truncateSync(file, statSync(file).size - 1)],
  ['cut off in the checksum', (file) => truncateSync(file, 7)],
  ['emptied', (file) => truncateSync(file, 0)],
  ['grown', (file) => writeFileSync(file, '!', { flag: 'a' })],
  ['other content', (file) => writeFileSync(file, readFileSync(file, 'latin1').replace('fox', 'cat'), 'latin1')],
  ['no checksum', (file) => writeFileSync(file, content)],
  ['gone', (file) => rmSync(file)],
  ['a link to nowhere', replaceByLink],
];

function replaceByLink(file: string): void {
  rmSync(file);
  symlinkSync('nowhere', file);
}

for (const [damage, inflict] of damages) {
  test(`an entry that is damaged (${damage}) counts as absent, and is replaced`, () => {
    const folder = freshFolder();
    open(folder).set('text', 'a', content);
    const file = onlyFileIn(folder);
    inflict(file);
    const cache = open(folder);
    assert.is(textIn(cache, 'a'), null);
    cache.set('text', 'a', content);
    assert.is(textIn(cache, 'a'), content);
    assert.equal(filesIn(folder), [file]);
  });
}

test('each single bit counts', () => {
  const folder = freshFolder();
  open(folder).set('text', 'a', 'ox');
  const file = onlyFileIn(folder);
  const whole = readFileSync(file);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    writeFileSync(file, damaged);
    assert.is(textIn(open(folder), 'a'), null, `bit ${bit}`);
  }
});

test('an entry that is put in the place of another one is none', () => {
  const folder = freshFolder();
  const cache = open(folder);
  cache.set('text', 'a', 'of a');
  const a = onlyFileIn(folder);
  cache.set('text', 'b', 'of b');
  const [b = ''] = filesIn(folder).filter((file) => file !== a);
  copyFileSync(a, b);
  assert.is(textIn(cache, 'a'), 'of a');
  assert.is(textIn(cache, 'b'), null);
});

test('where an entry cannot be written the cache goes without', () => {
  const folder = freshFolder();
  open(folder).set('text', 'a', content);
  const shard = join(onlyFileIn(folder), '..');
  rmSync(shard, { recursive: true });
  writeFileSync(shard, 'in the way');
  const cache = open(folder);
  cache.set('text', 'a', content);
  assert.is(textIn(cache, 'a'), null);
});

const writer = fileURLToPath(new URL('cache-writer.ts', import.meta.url));

/** Run a program to its end; what it printed. */
function run(command: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}${stderr}`));
      else resolve(stdout);
    });
  });
}

test('on a disk that is full nothing half-written stays', async () => {
  const folder = freshFolder();
  const node = [process.execPath, '--import', 'tsx', writer];
  // No file may grow past 100 kB: writing fails half-way, as it does on a full disk.
  const found = await run('bash', '-c', 'ulimit -f 100; exec "$@"', 'bash', ...node, folder, '3', '1000000', '1');
  assert.equal(JSON.parse(found), [null, null, null]);
  assert.equal(filesIn(folder), []);
  // With room again, it is as it should be.
  assert.equal(
    JSON.parse(await run(process.execPath, '--import', 'tsx', writer, folder, '3', '1000000', '1')),
    [1e6, 1e6, 1e6],
  );
});

test('processes that write the same entries at the same time: a reader sees each whole', async () => {
  const folder = freshFolder();
  const writers = [1, 2, 3].map(() => run(process.execPath, '--import', 'tsx', writer, folder, '4', '50000', '150'));
  let writing = true;
  const ended = Promise.all(writers).finally(() => {
    writing = false;
  });
  const cache = open(folder);
  let seen = 0;
  while (writing) {
    for (const key of ['0', '1', '2', '3']) {
      const entry = cache.get('letters', key)?.toString();
      if (entry === undefined) continue;
      seen += 1;
      assert.ok(entry === entry.charAt(0).repeat(50_000), 'a mixture');
    }
    await setImmediate();
  }
  assert.equal(
    (await ended).map((text) => JSON.parse(text)),
    Array(3).fill([50_000, 50_000, 50_000, 50_000]),
  );
  assert.ok(seen > 0);
  // Once an entry is there, none of them takes it away: what a reader misses is only what nobody has written yet.
  assert.is(filesIn(folder).length, 4);
});

/** Let some time pass for files. */
function age(days: number, ...files: readonly string[]): void {
  for (const file of files) {
    const then = new Date(statSync(file).mtimeMs - days * dayMilliseconds);
    utimesSync(file, then, then);
  }
}

/** Keep something; the file that it is in. */
function keep(cache: DiskCache, folder: string, key: string, text: string): string {
  const before = new Set(filesIn(folder));
  cache.set('text', key, text);
  const [file = ''] = filesIn(folder).filter((other) => !before.has(other));
  return file;
}

test('a sweep removes what nothing has asked for in thirty days', () => {
  const folder = freshFolder();
  const cache = open(folder);
  const files = ['used', 'unused', 'young'].map((key) => keep(cache, folder, key, key));
  const draft = `${files[0]}.${'0'.repeat(12)}`;
  writeFileSync(draft, 'whoever wrote this was killed');
  writeFileSync(join(folder, 'note.txt'), 'not ours');
  age(31, ...files.slice(0, 2), draft, join(folder, 'note.txt'));
  age(29, ...files.slice(2));
  assert.is(textIn(open(folder), 'used'), 'used');
  open(folder).sweep();
  assert.equal(
    ['used', 'unused', 'young'].map((key) => textIn(cache, key)),
    ['used', null, 'young'],
  );
  assert.not(existsSync(draft));
  assert.ok(existsSync(join(folder, 'note.txt')));
});

test('a sweep happens at most once a day', () => {
  const folder = freshFolder();
  const cache = open(folder);
  cache.sweep();
  age(40, keep(cache, folder, 'a', 'old'));
  cache.sweep();
  assert.is(filesIn(folder).length, 1);
  age(1.1, join(folder, 'swept'));
  cache.sweep();
  assert.is(filesIn(folder).length, 0);
});

test('past its size it loses what was asked for longest ago', () => {
  const folder = freshFolder();
  const cache = open(folder, { maxBytes: 2500 });
  for (const [days, key] of ['a', 'b', 'c', 'd'].entries()) age(days, keep(cache, folder, key, key.repeat(1000)));
  cache.sweep();
  assert.equal(
    ['a', 'b', 'c', 'd'].map((key) => textIn(cache, key)?.length ?? 0),
    [1000, 1000, 0, 0],
  );
});

const places: readonly (readonly [NodeJS.ProcessEnv, string | null])[] = [
  [{ BERTH_CACHE: '/b', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/b'],
  [{ BERTH_CACHE: '', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/berth'],
  [{ XDG_CACHE_HOME: 'x', HOME: '/h' }, '/h/.cache/berth'],
  [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/berth'],
  [{ BERTH_CACHE: 'off', XDG_CACHE_HOME: '/x', HOME: '/h' }, null],
  [{}, null],
];

for (const [environment, folder] of places) {
  test(`the folder with ${JSON.stringify(environment)}`, () => assert.is(cacheFolder(environment), folder));
}

test.run();
