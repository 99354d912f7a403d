// Packs that git makes are indexed as git does; packs that nobody should make are refused before they do harm.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectCache } from '../../../../reconciler/source/object-cache.ts';
import { type IndexContext, indexPack } from '../../../../reconciler/source/pack/indexer.ts';
import { packLimits } from '../../../../reconciler/source/pack/limits.ts';
import { StoredPack } from '../../../../reconciler/source/pack/stored-pack.ts';
import { RepositoryError } from '../../../../reconciler/source/repository-error.ts';
import type { StoredObject } from '../../../../reconciler/source/stored-object.ts';
import { GitFixture, gitEnvironment, type TestRepository } from '../../../git.ts';
import { delta, objectDelta, objectId, offsetDelta, type PackEntry, packOf, plain } from './pack-maker.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

const signal = new AbortController().signal;
const nothing: IndexContext = { limits: packLimits, signal, has: () => false, read: () => null };

/** A history whose trees and files are much alike, so that git makes deltas of them. */
function history(name: string): TestRepository {
  const repository = fixture.repository(name);
  const lines = Array.from({ length: 300 }, (_, number) => `serial: ${number * 7919}\n`);
  for (let number = 0; number < 30; number += 1) {
    repository.write(`racks/r${number}.yaml`, lines.toSpliced(number, number).join(''));
    repository.write('large.yaml', lines.toSpliced(number * 3, 5).join(''));
    repository.commit(`change ${number}`);
  }
  repository.git('tag', '--no-sign', '-a', '-m', 'one', 'v1');
  return repository;
}

function git(cwd: string, args: readonly string[], input: Uint8Array | string = ''): Buffer {
  return execFileSync('git', args, { cwd, env: gitEnvironment, input, stdio: ['pipe', 'pipe', 'pipe'] });
}

for (const [name, settings] of [
  ['by offset', ['-c', 'repack.useDeltaBaseOffset=true']],
  ['by name', ['-c', 'repack.useDeltaBaseOffset=false']],
] as const) {
  test(`the index is git's own, and each object is what git reads: deltas ${name}`, async () => {
    const repository = history(name.replace(' ', '-'));
    git(repository.work, [...settings, 'repack', '-adfq', '--depth=200', '--window=50']);
    const folder = join(repository.work, '.git/objects/pack');
    const stem = join(
      folder,
      readdirSync(folder)
        .find((file) => file.endsWith('.pack'))
        ?.slice(0, -5) ?? '',
    );
    const indexed = await indexPack(readFileSync(`${stem}.pack`), nothing);
    assert.ok(indexed.index.equals(readFileSync(`${stem}.idx`)));
    assert.ok(indexed.pack.equals(readFileSync(`${stem}.pack`)));
    const listed = git(repository.work, ['cat-file', '--batch-all-objects', '--batch-check']).toString().trim();
    const objects = listed.split('\n').map((line) => line.split(' '));
    assert.ok(objects.length > 100);
    // Once with room for all that others are made of, once with none.
    for (const cacheBytes of [1 << 20, 0]) {
      const pack = new StoredPack(stem, new ObjectCache(cacheBytes));
      for (const [oid = '', type = ''] of objects) {
        const offset = pack.index.find(Buffer.from(oid, 'hex'));
        assert.is.not(offset, null);
        const object = pack.read(offset ?? 0);
        assert.is(object.type, type);
        assert.is(objectId(object.type, object.bytes), oid);
      }
      assert.is(pack.index.find(Buffer.alloc(20)), null);
      pack.close();
    }
  });
}

test('an index with offsets for packs of more than 2 GiB', () => {
  const repository = history('huge');
  git(repository.work, ['repack', '-adfq']);
  const folder = join(repository.work, '.git/objects/pack');
  const name = readdirSync(folder).find((file) => file.endsWith('.pack')) ?? '';
  const stem = join(fixture.root, 'huge');
  copyFileSync(join(folder, name), `${stem}.pack`);
  // Those beyond 64 bytes are written as if they were as large.
  git(fixture.root, ['index-pack', '--index-version=2,0x40', `${stem}.pack`]);
  assert.ok(readFileSync(`${stem}.idx`).length > readFileSync(join(folder, name.replace('.pack', '.idx'))).length);
  const pack = new StoredPack(stem, new ObjectCache(0));
  const head = pack.read(pack.index.find(Buffer.from(repository.head(), 'hex')) ?? 0);
  assert.equal(Buffer.from(head.bytes), repository.object(repository.head()));
  const count = Number(repository.git('count-objects', '-v').match(/in-pack: (\d+)/)?.[1]);
  assert.is(new Set(pack.index.sortedOffsets()).size, count);
  pack.close();
});

test('what a thin pack is made of is put behind it, as git does', async () => {
  const repository = history('thin');
  const [head, base] = [repository.head(), repository.git('rev-parse', 'HEAD~3')];
  const thin = git(repository.work, ['pack-objects', '--thin', '--revs', '--stdout', '-q'], `${head}\n^${base}\n`);
  const read = (oid: Uint8Array): StoredObject | null => {
    const name = Buffer.from(oid).toString('hex');
    const type = repository.git('cat-file', '-t', name) as StoredObject['type'];
    return { type, bytes: git(repository.work, ['cat-file', type, name]) };
  };
  const has = (): boolean => true;
  const { pack, index } = await indexPack(thin, { ...nothing, read, has });
  assert.ok(pack.readUInt32BE(8) > thin.readUInt32BE(8));
  const stem = join(fixture.root, 'completed');
  writeFileSync(`${stem}.pack`, pack);
  writeFileSync(`${stem}.idx`, index);
  git(fixture.root, ['verify-pack', `${stem}.idx`]);
  assert.is(await refusal(thin), 'corrupt', 'without the rest it cannot be read');
});

async function refusal(pack: Buffer, context: Partial<IndexContext> = {}): Promise<string> {
  try {
    await indexPack(pack, { ...nothing, ...context });
  } catch (error) {
    if (error instanceof RepositoryError) return error.code;
    throw error;
  }
  return 'taken';
}

const hello = Buffer.from('hello, world\n');
const helloId = objectId('blob', hello);
const first = plain('blob', hello);
const whole = delta(hello.length, [{ copy: [0, hello.length] }, { insert: '!' }]);
const zeros = Buffer.alloc(256 << 10);
const zerosEntry = plain('blob', zeros);
/** Makes as much as sixteen times its base of a few bytes. */
const sixteenfold = delta(zeros.length, Array(16).fill({ copy: [0, zeros.length] }));
const loop = objectId('blob', Buffer.from('loop'));

/** Each made of the one before it. */
function chain(length: number): PackEntry[] {
  const entries = [first];
  let size = hello.length;
  for (let number = 0; number < length; number += 1) {
    const step = delta(size, [{ copy: [0, size] }, { insert: '!' }]);
    entries.push(offsetDelta(entries.at(-1)?.length ?? 0, step));
    size += 1;
  }
  return entries;
}

const commit = (tree: string, ...parents: string[]): Buffer =>
  Buffer.from(`tree ${tree}\n${parents.map((oid) => `parent ${oid}\n`).join('')}author A <a> 1 +0000\n\nx\n`);
const tree = (mode: string, oid: string): Buffer =>
  Buffer.concat([Buffer.from(`${mode} name\0`), Buffer.from(oid, 'hex')]);
const emptyTree = objectId('tree', Buffer.alloc(0));
const away = '1'.repeat(40);

const verdicts: readonly [name: string, pack: Buffer, code: string, context?: Partial<IndexContext>][] = [
  ['one object', packOf([first]), 'taken'],
  ['no object', packOf([]), 'taken'],
  ['a delta', packOf([first, offsetDelta(first.length, whole)]), 'taken'],
  ['a delta in front of what it is made of', packOf([objectDelta(helloId, whole), first]), 'taken'],
  ['a chain of deltas', packOf(chain(900)), 'taken'],
  ['a chain without end', packOf(chain(1100)), 'too-large'],
  ['fewer objects than it says', packOf([first], 2), 'corrupt'],
  ['more objects than it says', packOf([first, first], 1), 'corrupt'],
  ['more objects than there is room for', packOf([first], 0xffffffff), 'corrupt'],
  ['an object that is longer than it says', packOf([plain('blob', hello, 12)]), 'corrupt'],
  ['an object that is shorter than it says', packOf([plain('blob', hello, 14)]), 'corrupt'],
  ['an object that says to be gigantic', packOf([plain('blob', hello, 2 ** 40)]), 'too-large'],
  ['an object that says nothing and is gigantic', packOf([plain('blob', Buffer.alloc(1 << 24), 10)]), 'corrupt'],
  ['no such type', packOf([Buffer.from([0x51, 1, 2, 3, 4, 5, 6, 7, 8, 9])]), 'corrupt'],
  ['bytes that are not compressed', packOf([Buffer.from('\x35hello, world', 'latin1')]), 'corrupt'],
  ['a delta of itself', packOf([first, offsetDelta(0, whole)]), 'corrupt'],
  ['a delta of what is in front of the pack', packOf([first, offsetDelta(1000, whole)]), 'corrupt'],
  ['a delta of what is between objects', packOf([first, offsetDelta(first.length - 1, whole)]), 'corrupt'],
  ['deltas of each other', packOf([objectDelta(loop, whole), objectDelta(objectId('blob', zeros), whole)]), 'corrupt'],
  ['a delta of an object that is nowhere', packOf([objectDelta(away, whole)]), 'corrupt'],
  ['a delta of an object of another size', packOf([first, offsetDelta(first.length, delta(12, []))]), 'corrupt'],
  [
    'a delta that copies too much',
    packOf([first, offsetDelta(first.length, delta(13, [{ copy: [5, 9] }]))]),
    'corrupt',
  ],
  [
    'a delta that makes more than it says',
    packOf([first, offsetDelta(first.length, delta(13, [{ copy: [0, 13] }], 12))]),
    'corrupt',
  ],
  [
    'a delta that makes less than it says',
    packOf([first, offsetDelta(first.length, delta(13, [{ copy: [0, 13] }], 14))]),
    'corrupt',
  ],
  ['a delta with a command of none', packOf([first, offsetDelta(first.length, Buffer.from([13, 1, 0]))]), 'corrupt'],
  ['a delta cut off', packOf([first, offsetDelta(first.length, Buffer.from([13, 5, 5, 65]))]), 'corrupt'],
  [
    'a delta that makes too large an object',
    packOf([zerosEntry, offsetDelta(zerosEntry.length, sixteenfold)]),
    'too-large',
    { limits: { ...packLimits, maxObjectBytes: 3 << 20 } },
  ],
  [
    'deltas that make too much together',
    packOf([zerosEntry, ...bombs(20)]),
    'too-large',
    { limits: { ...packLimits, maxInflatedBytes: 20 << 20 } },
  ],
  [
    'deltas that must all be held at once',
    packOf([zerosEntry, ...nested(5)]),
    'too-large',
    { limits: { ...packLimits, maxObjectBytes: 4 << 20 } },
  ],
  [
    'names of more objects than there can be',
    packOf([plain('tree', Buffer.concat(Array.from({ length: 6 }, (_, n) => tree('100644', `${n}`.repeat(40)))))]),
    'too-many-objects',
    { limits: { ...packLimits, maxLinks: 5 } },
  ],
  ['a commit without its tree', packOf([plain('commit', commit(away))]), 'corrupt'],
  [
    'a commit without its parent',
    packOf([plain('commit', commit(emptyTree, away)), plain('tree', Buffer.alloc(0))]),
    'shallow',
  ],
  ['a tree without its file', packOf([plain('tree', tree('100644', away))]), 'corrupt'],
  ['a tree with a submodule', packOf([plain('tree', tree('160000', away))]), 'taken'],
  ['a tag without what it tags', packOf([plain('tag', Buffer.from(`object ${away}\ntype commit\n`))]), 'corrupt'],
  ['a tree with a file that is here', packOf([plain('tree', tree('100644', away))]), 'taken', { has: () => true }],
  ['what only looks like a commit', packOf([plain('commit', Buffer.from('tree of life'))]), 'taken'],
  ['what only looks like a tree', packOf([plain('tree', Buffer.from('100644 x'))]), 'taken'],
  ['what is too large to be a tree', packOf([plain('tree', Buffer.alloc(9 << 20))]), 'taken'],
];

/** Each makes four megabytes of the same one. */
function bombs(count: number): PackEntry[] {
  const entries: PackEntry[] = [];
  let distance = zerosEntry.length;
  for (let number = 0; number < count; number += 1) {
    const bomb = offsetDelta(distance, sixteenfold);
    distance += bomb.length;
    entries.push(bomb);
  }
  return entries;
}

/** A chain of large objects that each have another child, for whose sake they are kept while the chain is made. */
function nested(count: number): PackEntry[] {
  const entries: PackEntry[] = [];
  const sizeBytes = 4 << 20;
  let distance = zerosEntry.length;
  let base = zeros.length;
  for (let number = 0; number < count; number += 1) {
    const copies = Array(16).fill({ copy: [0, zeros.length] });
    const step = delta(base, [...copies.slice(1), { copy: [0, zeros.length - 4] }, { insert: `x${number + 100}` }]);
    const twin = offsetDelta(distance, delta(base, [{ copy: [0, 1] }]));
    const link = offsetDelta(distance + twin.length, step);
    entries.push(twin, link);
    distance = link.length;
    base = sizeBytes;
  }
  return entries;
}

for (const [name, pack, code, context] of verdicts) {
  test(`${name}: ${code}`, async () => {
    assert.is(await refusal(pack, context), code);
  });
}

test('git agrees on what is whole', () => {
  const repository = fixture.repository('verdicts');
  for (const [name, pack, code, context] of verdicts) {
    if (code === 'too-large' || code === 'shallow' || context) continue;
    let byGit = 'taken';
    try {
      git(repository.bare, ['index-pack', '--stdin', '--fix-thin'], pack);
    } catch {
      byGit = 'corrupt';
    }
    // Git indexes a pack that lacks objects, and finds out later.
    if (!name.includes('without')) assert.is(byGit, code, name);
  }
});

test('work is given up when nobody waits for it any more', async () => {
  const abort = new AbortController();
  const entries = Array.from({ length: 40 }, (_, number) => plain('blob', Buffer.alloc(1 << 20, number)));
  const work = indexPack(packOf(entries), { ...nothing, signal: abort.signal });
  abort.abort(new Error('shutting down'));
  try {
    await work;
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'shutting down');
  }
});

test.run();
