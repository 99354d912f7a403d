// Entries of one run in few files: found again one by one, and none of them anything else than what was kept.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CachePacks } from '../../../reconciler/source/cache-packs.ts';
import { DiskCache } from '../../../reconciler/source/disk-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'berth-packs-'));
test.after(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

function freshFolder(): string {
  made += 1;
  return join(root, `cache${made}`);
}

/** What the next process has. */
function open(folder: string): CachePacks {
  const disk = DiskCache.open({ folder, version: 'test' });
  if (!disk) throw new Error(`${folder} cannot be had`);
  return new CachePacks(disk);
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\/.{62}$/.test(name)).map((name) => join(folder, name));
}

const keys = Array.from({ length: 100 }, (_, index) => `key ${index}`);
const contentOf = (key: string, round = 0) => `${key} in round ${round}: ${'ä\n'.repeat(key.length * 10)}`;

function keep(folder: string, some: readonly string[], round = 0, kind = 'text'): void {
  const packs = open(folder);
  for (const key of some) packs.set(kind, key, () => contentOf(key, round));
  packs.flush();
}

function textOf(packs: CachePacks, key: string, kind = 'text'): string | null {
  return packs.get(kind, key)?.toString() ?? null;
}

test('what is kept is found at once, and on disk after a flush: much of it in few files', () => {
  const folder = freshFolder();
  const packs = open(folder);
  for (const key of keys) packs.set('text', key, () => contentOf(key));
  packs.set('bytes', 'a', () => Uint8Array.of(0, 255, 10));
  assert.is(textOf(packs, 'key 7'), contentOf('key 7'));
  assert.equal(filesIn(folder), []);
  packs.flush();
  assert.is(filesIn(folder).length, 3);
  const next = open(folder);
  for (const key of keys) assert.is(textOf(next, key), contentOf(key));
  assert.equal([...(next.get('bytes', 'a') ?? [])], [0, 255, 10]);
  assert.is(textOf(next, 'another'), null);
  assert.is(textOf(next, 'key 7', 'bytes'), null);
  packs.flush();
  assert.is(filesIn(folder).length, 3);
});

test('few entries have a file each, and the last that was kept counts', () => {
  const folder = freshFolder();
  keep(folder, keys);
  keep(folder, keys.slice(0, 50), 1);
  keep(folder, ['new'], 2);
  const packs = open(folder);
  for (const [index, key] of keys.entries()) assert.is(textOf(packs, key), contentOf(key, index < 50 ? 1 : 0));
  assert.is(textOf(packs, 'new'), contentOf('new', 2));
  assert.is(filesIn(folder).length, 4);
});

test('large entries are spread over several packs', () => {
  const folder = freshFolder();
  const packs = open(folder);
  const large = keys.slice(0, 20);
  for (const key of large) packs.set('text', key, () => key.padEnd(1 << 20));
  packs.flush();
  assert.is(filesIn(folder).length, 1 + 5);
  for (const key of large) assert.is(textOf(open(folder), key)?.trimEnd(), key);
});

test('two processes at the same time: nothing of either is anything else', () => {
  const folder = freshFolder();
  const [one, other] = [open(folder), open(folder)];
  for (const key of keys) one.set('text', key, () => contentOf(key));
  for (const key of keys) assert.is(textOf(other, key), null);
  for (const key of keys) other.set('text', `other ${key}`, () => contentOf(key));
  one.flush();
  other.flush();
  const next = open(folder);
  for (const key of keys) {
    assert.is(textOf(next, key), contentOf(key));
    assert.is(textOf(next, `other ${key}`), contentOf(key));
  }
});

test('packs that are of no use are forgotten first', () => {
  const folder = freshFolder();
  keep(folder, keys);
  for (let round = 0; round < 70; round++) {
    const packs = open(folder);
    assert.is(textOf(packs, 'key 99'), contentOf('key 99'));
    for (const key of keys.slice(0, 10)) packs.set('text', `${round} ${key}`, () => contentOf(key, round));
    packs.flush();
  }
  const next = open(folder);
  assert.is(textOf(next, 'key 99'), contentOf('key 99'));
  assert.is(textOf(next, '69 key 1'), contentOf('key 1', 69));
  assert.is(textOf(next, '0 key 1'), null);
});

test('whatever becomes of its files, an entry is what it was or absent', () => {
  const damages: readonly ((file: string) => void)[] = [
    (file) => rmSync(file),
    (file) => truncateSync(file, 40),
    (file) => writeFileSync(file, readFileSync(file).reverse()),
    (file) => writeFileSync(file, ''),
  ];
  for (const damage of damages) {
    for (const which of [0, 1]) {
      const folder = freshFolder();
      keep(folder, keys);
      const file = filesIn(folder).sort()[which];
      if (file === undefined) throw new Error('a pack and the list of packs');
      damage(file);
      const packs = open(folder);
      for (const key of keys) assert.is(textOf(packs, key), null);
      // And all is well with the next run.
      keep(folder, keys, 1);
      for (const key of keys) assert.is(textOf(open(folder), key), contentOf(key, 1));
    }
  }
});

test.run();
