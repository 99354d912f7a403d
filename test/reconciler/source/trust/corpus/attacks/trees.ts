import { folderMode } from '../../../../../../reconciler/source/objects.ts';
import type { AttackRow } from '../story.ts';
import type { World } from '../world.ts';

const file = '100644';

/** A commit by Ada with one more entry somewhere, put there byte by byte. */
function withRawEntry(w: World, path: string, mode: string, content = 'x\n'): { head: string } {
  const first = w.introduce();
  return { head: w.commitEntry(first, path, { mode, oid: w.blob(content) }, w.ada) };
}

export const rows: readonly AttackRow[] = [
  {
    name: 'a tree that is not sorted',
    code: 'malformed-tree',
    why: 'a reader that looks up names by halving would not find what another one finds',
    build: (w) => {
      const first = w.introduce();
      return { head: w.commitTree(w.rawTree(w.entriesOf(w.treeOf(first)).reverse()), [first], w.ada) };
    },
  },
  {
    name: 'a name that stands twice in a tree',
    code: 'malformed-tree',
    why: 'one reader takes the first, another one the last',
    build: (w) => {
      const first = w.introduce();
      const entries = w.entriesOf(w.treeOf(first));
      const twin = entries.map((entry) =>
        entry.name === 'site.yaml' ? [entry, { ...entry, oid: w.blob('x\n') }] : [entry],
      );
      return { head: w.commitTree(w.rawTree(twin.flat()), [first], w.ada) };
    },
  },
  {
    name: 'a file and a folder of one name',
    code: 'malformed-tree',
    why: 'they sort apart, and stand in the same place',
    build: (w) => {
      const first = w.introduce();
      const twin = { name: 'racks', mode: file, oid: w.blob('x\n') };
      const [racks, ...others] = w.entriesOf(w.treeOf(first));
      return { head: w.commitTree(w.rawTree([twin, ...(racks ? [racks] : []), ...others]), [first], w.ada) };
    },
  },
  {
    name: 'a folder named ..',
    code: 'malformed-tree',
    why: 'what is written below it lands outside',
    build: (w) => withRawEntry(w, '..', file),
  },
  {
    name: 'a name with a slash in it',
    code: 'malformed-tree',
    why: 'it is a path into another folder',
    build: (w) => {
      const first = w.introduce();
      const entries = w.entriesOf(w.treeOf(first));
      const entry = { name: 'trust/signers.yaml', mode: file, oid: w.blob('x\n') };
      return { head: w.commitTree(w.rawTree([...entries, entry]), [first], w.ada) };
    },
  },
  {
    name: 'a name that is not UTF-8',
    code: 'malformed-tree',
    why: 'it is another name to each reader',
    build: (w) => {
      const first = w.introduce();
      const tree = w.object(w.treeOf(first), 'tree');
      const entry = Buffer.concat([Buffer.from(`${file} z\xff\0`, 'latin1'), Buffer.from(w.blob('x\n'), 'hex')]);
      return { head: w.commitTree(w.store(Buffer.concat([tree, entry]), 'tree'), [first], w.ada) };
    },
  },
  {
    name: 'a tree that is cut off',
    code: 'malformed-tree',
    why: 'half a tree is another tree',
    build: (w) => {
      const first = w.introduce();
      const tree = w.object(w.treeOf(first), 'tree');
      return { head: w.commitTree(w.store(tree.subarray(0, -7), 'tree'), [first], w.ada) };
    },
  },
  {
    name: 'a mode that no git writes',
    code: 'malformed-tree',
    why: 'readers make of it what they like',
    build: (w) => withRawEntry(w, 'racks/r1.yaml', '0100644'),
  },
  {
    name: 'trees that name each other many times over',
    code: 'malformed-tree',
    why: 'some kilobytes that spell out more files than there are atoms',
    build: (w) => {
      const first = w.introduce();
      let tree = w.rawTree([{ name: 'f', mode: file, oid: w.blob('x\n') }]);
      for (let depth = 0; depth < 12; depth++) {
        const oid = tree;
        tree = w.rawTree([...'abcdefgh'].map((name) => ({ name, mode: folderMode, oid })));
      }
      return { head: w.commitEntry(first, 'racks/bomb', { mode: folderMode, oid: tree }, w.ada) };
    },
  },
  {
    name: 'a blob where a tree belongs',
    code: 'history-incomplete',
    why: 'the tree is not there',
    build: (w) => {
      const first = w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      const blob = w.blob('x\n');
      w.checkout(first);
      return { head: w.resigned(good, w.bob, (text) => text.replace(w.treeOf(good), blob)) };
    },
  },
];
