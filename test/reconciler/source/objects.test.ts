import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blobAt, parseTree, TreeFormatError } from '../../../reconciler/source/objects.ts';
import { changedPaths } from '../../../reconciler/source/trust/changes.ts';
import { GitFixture } from '../../git.ts';
import { localObjects } from './local-objects.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const repository = fixture.repository();
const objects = localObjects(repository);
const emptyTree = repository.store('', 'tree');
const blob = repository.store('content\n', 'blob');

/** The content of a tree object with these entries, `mode name` each, in this order. */
function tree(...entries: readonly string[]): Buffer {
  return Buffer.concat(entries.map((entry) => Buffer.concat([Buffer.from(`${entry}\0`), Buffer.from(blob, 'hex')])));
}

function treeOf(): string {
  return repository.git('rev-parse', 'HEAD^{tree}');
}

const malformed: readonly [name: string, object: Buffer][] = [
  ['cut off', tree('100644 a').subarray(0, -1)],
  ['without a name', tree('100644 ')],
  ['without a mode', tree('a b')],
  ['mode with a zero in front', tree('040000 a')],
  ['a dot', tree('100644 .')],
  ['two dots', tree('40000 ..')],
  ['a path', tree('100644 a/b')],
  ['no UTF-8', Buffer.concat([Buffer.from('100644 '), Buffer.from([0xff, 0]), Buffer.alloc(20)])],
  ['the same name twice', tree('100644 a', '100644 a')],
  ['a file and a folder of one name', tree('100644 a', '100644 a.b', '40000 a')],
  ['out of order', tree('100644 b', '100644 a')],
  ['a folder in the place of a file', tree('40000 a', '100644 a.b')],
];

for (const [name, object] of malformed) {
  test(`malformed tree: ${name}`, () => {
    assert.throws(
      () => parseTree(object),
      (error: unknown) => error instanceof TreeFormatError,
    );
  });
}

test('entries are in the order of Git, in which a folder ends in a slash', () => {
  const entries = parseTree(tree('100644 a.b', '40000 a', '100755 a0', '160000 b', '120000 ä'));
  assert.equal(
    entries.map(({ mode, name }) => `${mode} ${name}`),
    ['100644 a.b', '40000 a', '100755 a0', '160000 b', '120000 ä'],
  );
});

test('what differs between two trees, as git diff-tree says', async () => {
  const steps: readonly (() => void)[] = [
    () => repository.write('racks/r0.yaml', 'a\n'),
    () => repository.write('racks/r1.yaml', 'b\n'),
    () => repository.write('racks/r0.yaml', 'c\n'),
    () => repository.git('update-index', '--chmod=+x', 'racks/r0.yaml'),
    () => repository.write('racks.yaml', 'between racks and racks/\n'),
    () => {
      repository.delete('racks');
      repository.write('racks', 'a file where a folder was\n');
    },
    () => {
      repository.delete('racks');
      repository.write('racks/deep/er/file', 'and back\n');
    },
    () => repository.git('mv', 'racks.yaml', 'renamed.yaml'),
    () => repository.write('name with \u2028 and "quotes"\n', 'x'),
    () => repository.delete('racks'),
  ];
  const trees = [emptyTree];
  for (const [index, step] of steps.entries()) {
    step();
    repository.git('-c', 'core.fileMode=false', 'add', '--all');
    repository.git('commit', '-q', '-m', `step ${index}`);
    trees.push(treeOf());
  }
  for (const before of trees) {
    for (const after of trees) {
      const listed = repository.git('diff-tree', '-r', '-z', '--name-only', '--no-renames', before, after);
      const expected = listed.split('\0').filter((path) => path !== '');
      assert.equal(await changedPaths(objects, before, after), expected.sort(), `${before} ${after}`);
    }
  }
});

test('a folder without files is a change too', async () => {
  const empty = Buffer.concat([Buffer.from('40000 hidden\0'), Buffer.from(emptyTree, 'hex')]);
  const hiding = repository.store(empty, 'tree');
  assert.equal(await changedPaths(objects, emptyTree, hiding), ['hidden/']);
  assert.equal(await changedPaths(objects, hiding, emptyTree), ['hidden/']);
});

test('trees that spell out more files than anyone has are refused', async () => {
  let bomb = repository.store(tree('100644 a', '100644 b', '100644 c', '100644 d', '100644 e', '100644 f'), 'tree');
  for (let level = 0; level < 12; level++) {
    const folders = [...'abcdef'].map((name) =>
      Buffer.concat([Buffer.from(`40000 ${name}\0`), Buffer.from(bomb, 'hex')]),
    );
    bomb = repository.store(Buffer.concat(folders), 'tree');
  }
  try {
    await changedPaths(cached(), emptyTree, bomb);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TreeFormatError);
  }
});

/** The same trees over and over are not read from disk again. */
function cached(): typeof objects {
  const trees = new Map<string, ReturnType<typeof objects.tree>>();
  const read = (oid: string): ReturnType<typeof objects.tree> => {
    const known = trees.get(oid) ?? objects.tree(oid);
    trees.set(oid, known);
    return known;
  };
  return { ...objects, tree: read };
}

test('a file at a path', async () => {
  repository.write('trust/signers.yaml', 'x\n');
  repository.write('trust/link', 'y\n');
  repository.git('add', '--all');
  repository.git('update-index', '--add', '--cacheinfo', `120000,${blob},trust/link`);
  repository.git('commit', '-q', '-m', 'trust');
  const root = treeOf();
  assert.is(await blobAt(objects, root, 'trust/signers.yaml'), repository.git('rev-parse', 'HEAD:trust/signers.yaml'));
  for (const path of ['trust', 'trust/link', 'trust/none', 'trust/signers.yaml/x', 'none/x']) {
    assert.is(await blobAt(objects, root, path), null, path);
  }
});

test.run();
