import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFolder } from '../../../reconciler/source/folder.ts';
import { SiteFilesError, siteLimits } from '../../../reconciler/source/site-files.ts';
import { readTree } from '../../../reconciler/source/tree.ts';
import type { SiteFiles } from '../../../schema/load.ts';
import { GitFixture, type TestRepository } from '../../git.ts';
import { localObjects } from './local-objects.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
let made = 0;

function repository(): TestRepository {
  made += 1;
  const fresh = fixture.repository(`site${made}`);
  fresh.write('site.yaml', 'id: one\n');
  return fresh;
}

/** `code path`, or `ok`. */
async function verdict(reading: Promise<SiteFiles>): Promise<string> {
  try {
    await reading;
    return 'ok';
  } catch (error) {
    if (error instanceof SiteFilesError) return `${error.code} ${error.path}`;
    throw error;
  }
}

function atHead(from: TestRepository): Promise<SiteFiles> {
  return readTree(localObjects(from), from.head());
}

/** A commit whose tree is made of these entries, `mode name` each, all with the same content. */
function commitOf(from: TestRepository, ...entries: readonly string[]): string {
  const blob = Buffer.from(from.store('content\n', 'blob'), 'hex');
  const tree = from.store(Buffer.concat(entries.flatMap((entry) => [Buffer.from(`${entry}\0`), blob])), 'tree');
  return from.git('commit-tree', tree, '-m', 'made by hand');
}

test('a commit and a working copy are read alike', async () => {
  const site = repository();
  site.write('racks/r0.yaml', 'number: 0\n');
  site.write('ignition/cs/files/.profile', 'export A=1\n');
  site.write('ignition/cs/files/setup', '#!/bin/sh\n');
  site.write('ignition/cs/files/empty', '');
  site.write('ignition/cs/files/binary', Buffer.from([0, 255, 10, 13]));
  chmodSync(join(site.work, 'ignition/cs/files/setup'), 0o755);
  site.write('.github/workflows/check.yaml', 'on: push\n');
  site.write('.gitignore', '*.log\n');
  symlinkSync('/etc', join(site.work, '.link'));
  site.commit('everything');
  const committed = await atHead(site);
  assert.equal(
    [...committed].map(([path, { executable, bytes }]) => [path, executable, Buffer.from(bytes).toString('latin1')]),
    [
      ['ignition/cs/files/.profile', false, 'export A=1\n'],
      ['ignition/cs/files/binary', false, '\x00\xff\n\r'],
      ['ignition/cs/files/empty', false, ''],
      ['ignition/cs/files/setup', true, '#!/bin/sh\n'],
      ['racks/r0.yaml', false, 'number: 0\n'],
      ['site.yaml', false, 'id: one\n'],
    ],
  );
  assert.equal(await readFolder(site.work), committed);
});

const longPath = `${'a'.repeat(200)}/`.repeat(5) + 'b'.repeat(20);

const inBoth: readonly [name: string, make: (site: TestRepository) => void, verdict: string][] = [
  ['a symbolic link', (site) => symlinkSync('../../etc', join(site.work, 'racks')), 'symlink racks'],
  [
    'names that differ by case',
    (site) => {
      site.write('racks/r0.yaml', '');
      site.write('racks/R0.yaml', '');
    },
    'case-twins racks/r0.yaml',
  ],
  [
    'folders that differ by composition',
    (site) => {
      site.write('n\u00e4he/a', '');
      site.write('na\u0308he/b', '');
    },
    'case-twins n\u00e4he',
  ],
  ['a control character', (site) => site.write('a\u0007b', ''), 'bad-name a\u0007b'],
  ['a backslash', (site) => site.write('a\\b', ''), 'bad-name a\\b'],
  ['text that runs backwards', (site) => site.write('a\u202eb', ''), 'bad-name a\u202eb'],
  ['a large file', (site) => site.write('large', Buffer.alloc(siteLimits.fileBytes + 1)), 'file-too-large large'],
  ['the largest file', (site) => site.write('large', Buffer.alloc(siteLimits.fileBytes)), 'ok'],
  ['a path that is too long', (site) => site.write(longPath, ''), `path-too-long ${longPath}`],
];

for (const [name, make, expected] of inBoth) {
  test(`in a commit and in a working copy: ${name}`, async () => {
    const site = repository();
    make(site);
    site.commit(name);
    assert.is(await verdict(atHead(site)), expected);
    assert.is(await verdict(readFolder(site.work)), expected);
  });
}

const treesByHand: readonly [name: string, entries: readonly string[], verdict: string][] = [
  ['a submodule', ['160000 vendor'], 'submodule vendor'],
  ['a repository inside', ['100644 .GIT', '100644 a'], 'ok'],
  ['a mode of old', ['100664 a'], 'special-file a'],
];

for (const [name, entries, expected] of treesByHand) {
  test(`in a commit: ${name}`, async () => {
    const site = repository();
    assert.is(await verdict(readTree(localObjects(site), commitOf(site, ...entries))), expected);
  });
}

test('a repository below the top is refused', async () => {
  const site = repository();
  const objects = localObjects(site);
  const inner = Buffer.concat([Buffer.from('100644 .Git\0'), Buffer.from(site.store('x', 'blob'), 'hex')]);
  const outer = Buffer.concat([Buffer.from('40000 vendor\0'), Buffer.from(site.store(inner, 'tree'), 'hex')]);
  const commit = site.git('commit-tree', site.store(outer, 'tree'), '-m', 'nested');
  assert.is(await verdict(readTree(objects, commit)), 'bad-name vendor/.Git');
  mkdirSync(join(site.work, 'vendor/.git'), { recursive: true });
  assert.is(await verdict(readFolder(site.work)), 'bad-name vendor/.git');
});

test('a socket is no file', async () => {
  const site = repository();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(site.work, 's'), resolve));
  assert.is(await verdict(readFolder(site.work)), 'special-file s');
  await new Promise((resolve) => server.close(resolve));
});

test('more files than any site has, spelled out by a few small trees', async () => {
  const site = repository();
  const objects = localObjects(site);
  let bomb = site.store('x', 'blob');
  for (const mode of ['100644', '40000', '40000', '40000', '40000', '40000']) {
    const entries = Array.from('0123456789', (name) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(bomb, 'hex')]);
    bomb = site.store(Buffer.concat(entries.flat()), 'tree');
  }
  const trees = new Map<string, ReturnType<typeof objects.tree>>();
  const tree = (oid: string): ReturnType<typeof objects.tree> => {
    const known = trees.get(oid) ?? objects.tree(oid);
    trees.set(oid, known);
    return known;
  };
  const blob = async (): Promise<Uint8Array> => new Uint8Array(1);
  const commit = site.git('commit-tree', bomb, '-m', 'bomb');
  assert.match(await verdict(readTree({ ...objects, tree, blob }, commit)), /^too-many-files /);
  const large = async (): Promise<Uint8Array> => new Uint8Array(siteLimits.fileBytes);
  assert.match(await verdict(readTree({ ...objects, tree, blob: large }, commit)), /^site-too-large /);
});

test('a message is fit for a terminal', () => {
  assert.is(new SiteFilesError('bad-name', 'a\u001b[31m', 'is red').message, 'a\ufffd[31m: is red');
});

test.run();
