import type { SignersDocument } from '../../../../../../schema/types/signers.ts';
import type { AttackRow } from '../story.ts';
import { entry, type World } from '../world.ts';

/** Ada may change everything, Bob and Cyd racks/, and the host may merge below racks/ and roles/. */
function withHost(w: World, paths: readonly string[] = ['racks/', 'roles/']): SignersDocument {
  return {
    signers: [entry(w.ada), entry(w.bob, ['racks/']), entry(w.cyd, ['racks/'])],
    mergeKeys: [{ name: 'host', key: w.host.publicKey, paths: [...paths] }],
  };
}

export const rows: readonly AttackRow[] = [
  {
    name: 'a merge by the host, where no merge key is given',
    code: 'untrusted-key',
    why: 'the key is off unless somebody turns it on',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(first, [side], w.host) };
    },
  },
  {
    name: 'a merge by the host of the branch that turns the merge key on',
    code: 'untrusted-key',
    why: 'the main branch does not know the key before',
    build: (w) => {
      const first = w.introduce();
      const side = w.editTrust(withHost(w), w.ada);
      return { head: w.mergeOn(first, [side], w.host) };
    },
  },
  {
    name: "an ordinary commit by the host's key: an edit in the browser",
    code: 'host-key-commit',
    why: 'whoever has a session in the browser could change the site',
    build: (w) => {
      w.introduce(withHost(w));
      return { head: w.edit('racks/r1.yaml', w.host) };
    },
  },
  {
    name: 'a squashed branch, signed by the host',
    code: 'host-key-commit',
    why: 'nothing says any more that a person has signed it',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      w.checkout(first);
      w.git('merge', '-q', '--squash', side);
      return { head: w.commit('squashed (#1)', w.host) };
    },
  },
  {
    name: 'an octopus by the host',
    code: 'host-key-commit',
    why: 'no button makes one',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const sides = ['racks/r1.yaml', 'racks/r2.yaml'].map((path) => w.editOn(first, path, w.bob));
      const main = w.editOn(first, 'racks/r3.yaml', w.bob);
      return { head: w.mergeOn(main, sides, w.host) };
    },
  },
  {
    name: 'a merge by the host that alters what it merges',
    code: 'host-merge-altered',
    why: 'who has taken over the host would write the site',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      const evil = w.editOn(side, 'racks/r1.yaml');
      return { head: w.commitTree(w.treeOf(evil), [first, side], w.host) };
    },
  },
  {
    name: 'a merge by the host that adds a file',
    code: 'host-merge-altered',
    why: 'so they would by something new',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      const evil = w.editOn(side, 'racks/r2.yaml');
      return { head: w.commitTree(w.treeOf(evil), [first, side], w.host) };
    },
  },
  {
    name: 'a merge by the host that leaves out a part of the branch',
    code: 'host-merge-altered',
    why: 'half a change is another change',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const half = w.editOn(first, 'racks/r1.yaml', w.bob);
      const side = w.editOn(half, 'racks/r2.yaml', w.bob);
      return { head: w.commitTree(w.treeOf(half), [first, side], w.host) };
    },
  },
  {
    name: 'a merge by the host that leaves out a part of the main branch',
    code: 'host-merge-altered',
    why: 'a fix could be taken back by an old branch',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const main = w.editOn(first, 'site.yaml', w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.commitTree(w.treeOf(side), [main, side], w.host) };
    },
  },
  {
    name: 'a merge by the host that leaves out what the branch takes back, where an older branch was merged into it',
    code: 'host-merge-altered',
    why: 'from an older common ancestor the change looks as if only the main branch had made it',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const main = w.editOn(first, 'racks/r0.yaml', w.bob);
      w.mergeOn(w.editOn(first, 'racks/r1.yaml', w.bob), [main], w.bob);
      w.git('checkout', first, '--', 'racks/r0.yaml');
      w.commit('take it back', w.bob);
      const side = w.edit('racks/r2.yaml', w.bob);
      const older = w.editOn(first, 'racks/r3.yaml', w.bob);
      const both = w.mergeOn(side, [older], w.bob);
      const kept = w.git('rev-parse', `${main}:racks/r0.yaml`);
      const tree = w.treeWith(w.treeOf(both), 'racks/r0.yaml', { mode: '100644', oid: kept });
      return { head: w.commitTree(tree, [main, both], w.host) };
    },
  },
  {
    name: 'a merge by the host that makes a file executable',
    code: 'host-merge-altered',
    why: 'the mode is content',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      const { oid } = w.entriesOf(w.git('rev-parse', `${side}:racks`)).find(({ name }) => name === 'r1.yaml') ?? {
        oid: '',
      };
      const tree = w.treeWith(w.treeOf(side), 'racks/r1.yaml', { mode: '100755', oid });
      return { head: w.commitTree(tree, [first, side], w.host) };
    },
  },
  {
    name: 'a merge by the host of two changes to one file',
    code: 'host-merge-altered',
    why: 'what comes out is not fixed by what goes in',
    build: (w) => {
      w.introduce(withHost(w));
      w.write('racks/r1.yaml', 'top: 1\n\n\n\n\n\nbottom: 1\n');
      const first = w.commit('long', w.bob);
      w.write('racks/r1.yaml', 'top: 2\n\n\n\n\n\nbottom: 1\n');
      const main = w.commit('top', w.bob);
      w.checkout(first);
      w.write('racks/r1.yaml', 'top: 1\n\n\n\n\n\nbottom: 2\n');
      const side = w.commit('bottom', w.bob);
      return { head: w.mergeOn(main, [side], w.host) };
    },
  },
  {
    name: 'a merge by the host of an unsigned branch',
    code: 'unsigned',
    why: 'the host says that somebody pressed a button, not who made the change',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const blamed = w.editOn(first, 'racks/r1.yaml');
      return { head: w.mergeOn(first, [blamed], w.host), blamed };
    },
  },
  {
    name: "a merge by the host of a stranger's branch",
    code: 'untrusted-key',
    why: 'everyone can make a branch, or a fork',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const blamed = w.editOn(first, 'racks/r1.yaml', w.eve);
      return { head: w.mergeOn(first, [blamed], w.host), blamed };
    },
  },
  {
    name: 'a merge by the host of a branch that holds more than its last signer may change',
    code: 'host-merge-not-allowed',
    why: 'who has put a commit on top of the branch stands for all of it',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const roles = w.editOn(first, 'roles/cs.yaml', w.ada);
      const side = w.editOn(roles, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(first, [side], w.host) };
    },
  },
  {
    name: 'a merge by the host of what the merge key may not bring',
    code: 'host-merge-not-allowed',
    why: 'a change of the trust document is to be merged by a person',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const side = w.editTrust({ signers: [entry(w.ada)] }, w.ada);
      return { head: w.mergeOn(first, [side], w.host) };
    },
  },
  {
    name: 'a merge by the host of a branch by somebody whom the main branch has thrown out',
    code: 'host-merge-not-allowed',
    why: 'old branches lie around at the host',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const main = w.editTrust({ ...withHost(w), signers: [entry(w.ada)] }, w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.host) };
    },
  },
  {
    name: 'a merge by the host of a branch by somebody whose key the main branch has revoked',
    code: 'key-revoked',
    why: 'so they do',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      w.checkout(first);
      const revoked = entry(w.bob, ['racks/'], { revoked: { reason: 'stolen' } });
      const main = w.editTrust({ ...withHost(w), signers: [entry(w.ada), revoked] }, w.ada);
      return { head: w.mergeOn(main, [side], w.host) };
    },
  },
  {
    name: 'a merge by the host with its parents the wrong way round: of the main branch into an old one',
    code: 'host-merge-not-allowed',
    why: 'pushed as the new main branch, it lets in a commit by somebody whom the main branch has thrown out',
    build: (w) => {
      const first = w.introduce(withHost(w, ['**']));
      const main = w.editTrust({ ...withHost(w, ['**']), signers: [entry(w.ada)] }, w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(side, [main], w.host), accepted: [main] };
    },
  },
  {
    name: 'a merge by the host of a branch by somebody whose key is over when it is merged',
    code: 'key-expired',
    why: 'on an old commit the branch could be given any older date',
    build: (w) => {
      const bob = entry(w.bob, ['racks/'], { validBefore: '2023-12-01T00:00:00Z' });
      const first = w.introduce({ ...withHost(w), signers: [entry(w.ada), bob] });
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      w.at(Date.parse('2024-02-01T00:00:00Z') / 1000);
      const main = w.editOn(first, 'site.yaml', w.ada);
      return { head: w.mergeOn(main, [side], w.host) };
    },
  },
  {
    name: 'a merge by the host of two lines that have been merged crosswise',
    code: 'host-merge-altered',
    why: 'with two merge bases it is not fixed what comes out',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const side = w.editOn(first, 'racks/r2.yaml', w.bob);
      const left = w.mergeOn(main, [side], w.bob);
      const right = w.mergeOn(side, [main], w.bob);
      const further = w.editOn(right, 'racks/r3.yaml', w.bob);
      return { head: w.mergeOn(w.editOn(left, 'racks/r4.yaml', w.bob), [further], w.host) };
    },
  },
  {
    name: 'a merge by the host of a branch that the host has merged into by itself',
    code: 'host-merge-not-allowed',
    why: 'the last commit of the branch is signed by no person',
    build: (w) => {
      const first = w.introduce(withHost(w));
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const updated = w.mergeOn(w.editOn(first, 'racks/r2.yaml', w.bob), [main], w.host);
      return { head: w.mergeOn(main, [updated], w.host) };
    },
  },
  {
    name: 'a merge by the host of a branch with too few people behind the last of its commits',
    code: 'threshold-missed',
    why: 'the button is no second person',
    build: (w) => {
      const first = w.introduce({ ...withHost(w), thresholds: [{ paths: ['racks/'], signatures: 2 }] });
      const racks = w.editOn(first, 'racks/r1.yaml', w.bob);
      w.approve(racks, w.cyd);
      const side = w.editOn(racks, 'roles/cs.yaml', w.ada);
      return { head: w.mergeOn(first, [side], w.host) };
    },
  },
  {
    name: "the host's key as an approval",
    code: 'threshold-missed',
    why: 'the host signs tags, too, when somebody presses another button',
    build: (w) => {
      w.introduce({ ...withHost(w), thresholds: [{ paths: ['racks/'], signatures: 2 }] });
      const head = w.edit('racks/r1.yaml', w.bob);
      w.approve(head, w.host);
      return { head };
    },
  },
];
