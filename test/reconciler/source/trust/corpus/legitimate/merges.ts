import type { SignersDocument } from '../../../../../../schema/types/signers.ts';
import type { LegitimateRow } from '../story.ts';
import { entry, type World } from '../world.ts';

/** Ada may change everything, Bob racks/, and the host may merge what is below racks/. */
function withHost(w: World): SignersDocument {
  return {
    signers: [entry(w.ada), entry(w.bob, ['racks/'])],
    mergeKeys: [{ name: 'the host', key: w.host.publicKey, paths: ['racks/'] }],
  };
}

export const rows: readonly LegitimateRow[] = [
  {
    name: 'a merge of a branch, by somebody who may change what either side brings',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'site.yaml', w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.ada), signers: ['ada', 'ada', 'bob', 'ada'] };
    },
  },
  {
    name: 'a merge by somebody with few paths, where both sides keep to them',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const side = w.editOn(first, 'racks/r2.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.bob), signers: ['ada', 'bob', 'bob', 'bob'] };
    },
  },
  {
    name: 'a merge that mends a conflict, by somebody who may',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      const mended = w.editOn(main, 'racks/r1.yaml');
      return { head: w.commitTree(w.treeOf(mended), [main, side], w.bob), signers: ['ada', 'bob', 'bob', 'bob'] };
    },
  },
  {
    name: 'an octopus',
    build: (w) => {
      const first = w.introduce();
      const sides = ['racks/r1.yaml', 'racks/r2.yaml', 'racks/r3.yaml'].map((path) => w.editOn(first, path, w.bob));
      return { head: w.mergeOn(first, sides, w.ada), signers: ['ada', 'bob', 'bob', 'bob', 'ada'] };
    },
  },
  {
    name: 'merges crosswise',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const side = w.editOn(first, 'racks/r2.yaml', w.bob);
      const left = w.mergeOn(main, [side], w.bob);
      const right = w.mergeOn(side, [main], w.bob);
      const further = w.editOn(right, 'racks/r3.yaml', w.bob);
      return {
        head: w.mergeOn(w.editOn(left, 'racks/r4.yaml', w.bob), [further], w.ada),
        signers: ['ada', 'bob', 'bob', 'bob', 'bob', 'bob', 'bob', 'ada'],
      };
    },
  },
  {
    name: 'a merge of a branch that is older than the last accepted commit',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'racks/r7.yaml', w.bob);
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.ada), accepted: [main], signers: ['bob', 'ada'] };
    },
  },
  {
    name: 'a merge into which the main branch is merged back',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'racks/r2.yaml', w.bob);
      const main = w.editOn(first, 'site.yaml', w.ada);
      const updated = w.mergeOn(side, [main], w.ada);
      return {
        head: w.mergeOn(w.editOn(main, 'racks/r3.yaml', w.bob), [updated], w.ada),
        signers: ['ada', 'ada', 'bob', 'bob', 'ada', 'ada'],
      };
    },
  },
  {
    name: 'a merge of a signed tag, whose text the merge carries',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'racks/r2.yaml', w.bob);
      w.tag('rack-2', side, w.bob);
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const head = w.mergeOn(main, ['rack-2'], w.ada);
      if (!w.object(head).includes('\nmergetag ')) throw new Error('the merge carries no tag');
      return { head, signers: ['ada', 'bob', 'bob', 'ada'] };
    },
  },
  {
    name: 'tags in the history, signed by whomever',
    build: (w) => {
      const first = w.introduce();
      w.tag('v1', first, w.eve);
      w.tag('v2', w.edit('racks/r1.yaml', w.bob));
      w.git('tag', 'v3');
      return { head: w.head(), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'a merge by the host, where its key is let in',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      const main = w.editOn(first, 'site.yaml', w.ada);
      return { head: w.mergeOn(main, [side], w.host), signers: ['ada', 'ada', 'bob', 'bob, merged by the host'] };
    },
  },
  {
    name: 'a merge by the host without anything new on the main branch',
    build: (w) => {
      const first = w.introduce(withHost(w));
      w.editOn(first, 'racks/r1.yaml', w.bob);
      const side = w.edit('racks/r2.yaml', w.bob);
      return { head: w.mergeOn(first, [side], w.host), signers: ['ada', 'bob', 'bob', 'bob, merged by the host'] };
    },
  },
  {
    name: 'merges by the host, one after the other',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const sides = ['racks/r1.yaml', 'racks/r2.yaml'].map((path) => w.editOn(first, path, w.bob));
      const head = sides.reduce((main, side) => w.mergeOn(main, [side], w.host), first);
      const merged = 'bob, merged by the host';
      return { head, signers: ['ada', 'bob', merged, 'bob', merged] };
    },
  },
  {
    name: 'a merge by the host of a branch that holds the main branch, and an older branch besides',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const main = w.editOn(first, 'racks/r0.yaml', w.bob);
      w.mergeOn(w.editOn(first, 'racks/r1.yaml', w.bob), [main], w.bob);
      w.edit('racks/r0.yaml', w.bob);
      const side = w.edit('racks/r2.yaml', w.bob);
      const older = w.editOn(first, 'racks/r3.yaml', w.bob);
      const both = w.mergeOn(side, [older], w.bob);
      const bobs = Array.from({ length: 7 }, () => 'bob');
      return { head: w.mergeOn(main, [both], w.host), signers: ['ada', ...bobs, 'bob, merged by the host'] };
    },
  },
  {
    name: 'a merge by the host of a branch by somebody whose key is over since',
    build: (w) => {
      const bob = entry(w.bob, ['racks/'], { validBefore: '2023-12-01T00:00:00Z' });
      const first = w.introduce({ ...withHost(w), signers: [entry(w.ada), bob] });
      const merge = w.mergeOn(first, [w.editOn(first, 'racks/r1.yaml', w.bob)], w.host);
      w.at(Date.parse('2024-02-01T00:00:00Z') / 1000);
      return { head: w.editOn(merge, 'site.yaml', w.ada), signers: ['ada', 'bob', 'bob, merged by the host', 'ada'] };
    },
  },
  {
    name: 'a merge by the host of a deletion and a move',
    build: (w) => {
      const first = w.introduce(withHost(w));
      w.checkout(first);
      w.git('mv', 'racks/r0.yaml', 'racks/r1.yaml');
      const side = w.commit('moved', w.bob);
      const main = w.editOn(first, 'site.yaml', w.ada);
      return { head: w.mergeOn(main, [side], w.host), signers: ['ada', 'ada', 'bob', 'bob, merged by the host'] };
    },
  },
  {
    name: 'a merge by the host of what two people stand for, where it takes two',
    build: (w) => {
      const first = w.introduce({ ...withHost(w), thresholds: [{ paths: ['racks/'], signatures: 2 }] });
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      w.approve(side, w.ada);
      return {
        head: w.mergeOn(first, [side], w.host),
        signers: ['ada', 'bob', 'bob, merged by the host'],
        approvers: { 1: ['ada'], 2: ['ada'] },
      };
    },
  },
];
