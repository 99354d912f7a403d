import type { SignersDocument } from '../../../../../../schema/types/signers.ts';
import type { LegitimateRow } from '../story.ts';
import { entry, type World } from '../world.ts';

/** Ada, Bob and Cyd may change everything; below trust/ and roles/ it takes two of them. */
function twoOf(w: World, more: Partial<SignersDocument> = {}): SignersDocument {
  return {
    signers: [entry(w.ada), entry(w.bob), entry(w.cyd)],
    thresholds: [{ paths: ['trust/', 'roles/'], signatures: 2 }],
    ...more,
  };
}

export const rows: readonly LegitimateRow[] = [
  {
    name: 'a commit that takes two, approved by a second person',
    build: (w) => {
      w.introduce(twoOf(w));
      const head = w.edit('roles/cs.yaml', w.bob);
      w.approve(head, w.cyd);
      return { head, signers: ['ada', 'bob'], approvers: { 1: ['cyd'] } };
    },
  },
  {
    name: 'one signature where no threshold is',
    build: (w) => {
      w.introduce(twoOf(w));
      return { head: w.edit('racks/r1.yaml', w.bob), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'a change of the trust document that two people stand for',
    build: (w) => {
      w.introduce(twoOf(w));
      const head = w.editTrust({ signers: [entry(w.ada), entry(w.eve)] }, w.bob);
      w.approve(head, w.ada);
      return { head, signers: ['ada', 'bob'], approvers: { 1: ['ada'] } };
    },
  },
  {
    name: 'a commit by somebody who may not, approved by somebody who may',
    build: (w) => {
      w.introduce();
      const head = w.edit('site.yaml', w.bob);
      w.approve(head, w.ada);
      return { head, signers: ['ada', 'bob'], approvers: { 1: ['ada'] } };
    },
  },
  {
    name: 'approvals that do not count beside one that does',
    build: (w) => {
      w.introduce(twoOf(w));
      const head = w.edit('roles/cs.yaml', w.bob);
      w.approve(head, w.eve);
      w.tag(`approve/${head}/nobody`, head);
      w.git('tag', `approve/${head}/light`, head);
      w.approve(head, w.ada, 'by ada'.replace(' ', '-'));
      return { head, signers: ['ada', 'bob'], approvers: { 1: ['ada'] } };
    },
  },
  {
    name: 'three people, of a group',
    build: (w) => {
      w.introduce(
        twoOf(w, {
          groups: [{ name: 'owners', members: ['ada', 'bob', 'cyd'] }],
          thresholds: [{ paths: ['trust/'], signatures: 3, group: 'owners' }],
        }),
      );
      const head = w.edit('trust/README.md', w.bob);
      w.approve(head, w.cyd);
      w.approve(head, w.ada);
      return { head, signers: ['ada', 'bob'], approvers: { 1: ['ada', 'cyd'] } };
    },
  },
  {
    name: 'a merge that takes two, approved',
    build: (w) => {
      const first = w.introduce(twoOf(w));
      const side = w.editOn(first, 'roles/cs.yaml', w.bob);
      w.approve(side, w.cyd);
      const head = w.mergeOn(w.editOn(first, 'racks/r1.yaml', w.ada), [side], w.ada);
      w.approve(head, w.bob);
      return { head, signers: ['ada', 'ada', 'bob', 'ada'], approvers: { 2: ['cyd'], 3: ['bob'] } };
    },
  },
  {
    name: 'an approval that was given days later',
    build: (w) => {
      w.introduce(twoOf(w));
      const head = w.edit('roles/cs.yaml', w.bob);
      w.at(w.now + 10 * 24 * 60 * 60);
      w.approve(head, w.cyd);
      return { head, signers: ['ada', 'bob'], approvers: { 1: ['cyd'] } };
    },
  },
  {
    name: 'an approval by a key that is over since',
    build: (w) => {
      const cyd = entry(w.cyd, ['**'], { validBefore: '2023-12-01T00:00:00Z' });
      w.introduce(twoOf(w, { signers: [entry(w.ada), entry(w.bob), cyd] }));
      const head = w.edit('roles/cs.yaml', w.bob);
      w.approve(head, w.cyd);
      w.at(Date.parse('2024-02-01T00:00:00Z') / 1000);
      return { head: w.edit('racks/r1.yaml', w.ada), signers: ['ada', 'bob', 'ada'], approvers: { 1: ['cyd'] } };
    },
  },
];
