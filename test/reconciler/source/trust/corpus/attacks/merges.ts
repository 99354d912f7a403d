import type { AttackRow } from '../story.ts';
import { entry, type World } from '../world.ts';

/** Two branches by Bob, each within his paths. */
function bobsBranches(w: World): { readonly first: string; readonly main: string; readonly side: string } {
  const first = w.introduce();
  const main = w.editOn(first, 'racks/r1.yaml', w.bob);
  const side = w.editOn(first, 'racks/r2.yaml', w.bob);
  return { first, main, side };
}

export const rows: readonly AttackRow[] = [
  {
    name: 'a merge that brings what its signer may not change, though the branch may hold it',
    code: 'path-not-allowed',
    why: 'to merge is to change the main branch',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const side = w.editOn(first, 'site.yaml', w.ada);
      return { head: w.mergeOn(main, [side], w.bob) };
    },
  },
  {
    name: 'an evil merge: it holds a change that neither parent has',
    code: 'path-not-allowed',
    why: 'merges are hardly ever shown in full',
    build: (w) => {
      const { main, side } = bobsBranches(w);
      const evil = w.editOn(w.mergeOn(main, [side], w.bob), 'site.yaml');
      return { head: w.commitTree(w.treeOf(evil), [main, side], w.bob) };
    },
  },
  {
    name: 'an evil merge that touches the trust document',
    code: 'path-not-allowed',
    why: 'so would be a new key in a merge',
    build: (w) => {
      const { main, side } = bobsBranches(w);
      w.mergeOn(main, [side], w.bob);
      const evil = w.editTrust({ signers: [entry(w.ada), entry(w.bob), entry(w.eve)] });
      return { head: w.commitTree(w.treeOf(evil), [main, side], w.bob) };
    },
  },
  {
    name: 'a merge that drops what the main branch has',
    code: 'path-not-allowed',
    why: 'with the tree of the other side it takes back what nobody let it take back',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'site.yaml', w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.commitTree(w.treeOf(side), [main, side], w.bob) };
    },
  },
  {
    name: 'a merge that drops what the branch has',
    code: 'path-not-allowed',
    why: 'the branch counts as merged from then on, and its change would never come',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'site.yaml', w.ada);
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.commitTree(w.treeOf(main), [main, side], w.bob) };
    },
  },
  {
    name: 'a merge with its parents the wrong way round',
    code: 'path-not-allowed',
    why: 'who reads along first parents would see another history',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'site.yaml', w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(side, [main], w.bob), accepted: [main] };
    },
  },
  {
    name: 'an octopus with one bad arm',
    code: 'untrusted-key',
    why: 'every parent counts, however many there are',
    build: (w) => {
      const first = w.introduce();
      const good = ['racks/r1.yaml', 'racks/r2.yaml'].map((path) => w.editOn(first, path, w.bob));
      const blamed = w.editOn(first, 'racks/r3.yaml', w.eve);
      return { head: w.mergeOn(first, [...good, blamed], w.ada), blamed };
    },
  },
  {
    name: 'an octopus by somebody whom one arm does not know',
    code: 'untrusted-key',
    why: 'the strictest of all parents counts',
    build: (w) => {
      const first = w.introduce();
      const old = w.editOn(first, 'racks/r1.yaml', w.bob);
      w.checkout(first);
      const main = w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/']), entry(w.cyd)] }, w.ada);
      const side = w.editOn(main, 'racks/r2.yaml', w.bob);
      return { head: w.mergeOn(main, [side, old], w.cyd) };
    },
  },
  {
    name: 'a crosswise merge that hides a change in one of its two sides',
    code: 'path-not-allowed',
    why: 'with two merge bases no diff shows what the merge itself has done',
    build: (w) => {
      const { main, side } = bobsBranches(w);
      const left = w.mergeOn(main, [side], w.bob);
      const evil = w.editOn(w.mergeOn(side, [main], w.bob), 'site.yaml');
      const blamed = w.commitTree(w.treeOf(evil), [side, main], w.bob);
      return { head: w.mergeOn(left, [blamed], w.ada), blamed };
    },
  },
  {
    name: 'a revert of a merge by somebody who could not have merged',
    code: 'path-not-allowed',
    why: 'to take back is to change',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'site.yaml', w.ada);
      const merge = w.mergeOn(w.editOn(first, 'racks/r1.yaml', w.bob), [side], w.ada);
      w.git('revert', '--no-commit', '-m', '1', merge);
      return { head: w.commit('take it back', w.bob) };
    },
  },
  {
    name: 'a squashed branch whose author could not have made it',
    code: 'path-not-allowed',
    why: "nothing is left of the signatures of the branch's own commits",
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'site.yaml', w.ada);
      w.checkout(first);
      w.git('merge', '-q', '--squash', side);
      return { head: w.commit('squashed', w.bob) };
    },
  },
  {
    name: 'a commit that was rebased without its signature',
    code: 'unsigned',
    why: 'what a host rebases loses the signature of its author',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      w.editOn(first, 'racks/r2.yaml', w.bob);
      w.git('cherry-pick', side);
      return { head: w.head() };
    },
  },
];
