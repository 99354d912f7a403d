import type { AttackRow } from '../story.ts';
import { entry } from '../world.ts';

const may = { validAfter: '2023-12-01T00:00:00Z', validBefore: '2024-01-01T00:00:00Z' };
const november = Date.parse('2023-11-20T00:00:00Z') / 1000;
const december = Date.parse('2023-12-20T00:00:00Z') / 1000;
const january = Date.parse('2024-01-20T00:00:00Z') / 1000;

export const rows: readonly AttackRow[] = [
  {
    name: 'a stranger',
    code: 'untrusted-key',
    why: 'everyone has a key',
    build: (w) => {
      w.introduce();
      return { head: w.edit('racks/r1.yaml', w.eve) };
    },
  },
  {
    name: 'a key that lets itself in',
    code: 'untrusted-key',
    why: 'the document of the commit itself says what its author wants it to say',
    build: (w) => {
      w.introduce();
      return { head: w.editTrust({ signers: [entry(w.ada), entry(w.eve)] }, w.eve) };
    },
  },
  {
    name: 'a key that is let in by an unsigned commit, and signs the next one',
    code: 'unsigned',
    why: 'so does the document of an unsigned parent',
    build: (w) => {
      w.introduce();
      const blamed = w.editTrust({ signers: [entry(w.ada), entry(w.eve)] });
      return { head: w.edit('racks/r1.yaml', w.eve), blamed };
    },
  },
  {
    name: 'a key that is let in on a side branch, used on the main branch',
    code: 'untrusted-key',
    why: 'nobody has merged that branch yet',
    build: (w) => {
      const first = w.introduce();
      w.editOn(first, 'racks/r1.yaml', w.ada);
      w.editTrust({ signers: [entry(w.ada), entry(w.eve)] }, w.ada);
      return { head: w.editOn(first, 'racks/r2.yaml', w.eve) };
    },
  },
  {
    name: 'a key that is let in by a branch and merges that very branch',
    code: 'untrusted-key',
    why: 'the branch would let its author in by himself: the main branch must trust him, too',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'racks/r1.yaml', w.ada);
      w.checkout(first);
      const side = w.editTrust({ signers: [entry(w.ada), entry(w.eve)] }, w.ada);
      return { head: w.mergeOn(main, [side], w.eve) };
    },
  },
  {
    name: 'a new key, used in the same commit that lets it in beside the old one',
    code: 'untrusted-key',
    why: 'only the old one can say that the new one is of the same person',
    build: (w) => {
      w.introduce();
      const fresh = w.keys.ssh('fresh');
      return { head: w.editTrust({ signers: [entry(w.ada), entry({ ...fresh, name: 'ada' })] }, fresh) };
    },
  },
  {
    name: 'a key of the same name as a trusted one',
    code: 'untrusted-key',
    why: 'names are whatever somebody calls himself',
    build: (w) => {
      w.introduce();
      w.git('config', 'user.name', 'bob');
      return { head: w.edit('racks/r1.yaml', w.keys.ssh("not bob's")) };
    },
  },
  {
    name: 'a key that a list of signers of a group gives the name of somebody else',
    code: 'trust-unreadable',
    why: 'who may change the list would do what the other one may',
    build: (w) => {
      w.write('trust/storage', `bob ${w.bob.publicKey}\n`);
      w.introduce({
        signers: [entry(w.ada)],
        groups: [{ name: 'storage', allowedSigners: 'trust/storage', paths: ['roles/', 'trust/storage'] }],
      });
      w.write('trust/storage', `bob ${w.bob.publicKey}\nada ${w.keys.ssh('impostor').publicKey}\n`);
      const blamed = w.commit('let me be Ada', w.bob);
      return { head: w.edit('site.yaml', w.keys.ssh('impostor')), blamed };
    },
  },
  {
    name: 'a key that was thrown out',
    code: 'untrusted-key',
    why: 'who has left the team still has the key',
    build: (w) => {
      w.introduce();
      w.editTrust({ signers: [entry(w.ada)] }, w.ada);
      return { head: w.edit('racks/r1.yaml', w.bob) };
    },
  },
  {
    name: 'a key that was thrown out, on a branch from before, merged by itself',
    code: 'untrusted-key',
    why: 'the merge is made now, and the main branch trusts the key no more',
    build: (w) => {
      const first = w.introduce();
      const main = w.editTrust({ signers: [entry(w.ada)] }, w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.bob) };
    },
  },
  {
    name: 'a key that was rotated away and lets itself back in',
    code: 'untrusted-key',
    why: 'rotation would end nothing',
    build: (w) => {
      w.introduce();
      w.editTrust({ signers: [entry(w.ada), entry(w.cyd)] }, w.ada);
      w.editTrust({ signers: [entry(w.cyd)] }, w.cyd);
      return { head: w.editTrust({ signers: [entry(w.cyd), entry(w.ada)] }, w.ada) };
    },
  },
  {
    name: 'a key that is rotated away and back by a merge of its own old branch',
    code: 'untrusted-key',
    why: 'a merge that takes the trust document of the older side winds the rotation back',
    build: (w) => {
      const first = w.introduce();
      w.editTrust({ signers: [entry(w.ada), entry(w.cyd)] }, w.ada);
      const main = w.editTrust({ signers: [entry(w.cyd)] }, w.cyd);
      const side = w.editOn(first, 'racks/r1.yaml', w.ada);
      return { head: w.commitTree(w.treeOf(side), [main, side], w.ada) };
    },
  },
  {
    name: 'a key that is not valid yet',
    code: 'key-not-yet-valid',
    why: 'it was handed out for later, perhaps before its owner was there',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'], may)] });
      w.at(november);
      return { head: w.edit('racks/r1.yaml', w.bob) };
    },
  },
  {
    name: 'a key that is over',
    code: 'key-expired',
    why: 'it was handed out for a time',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'], may)] });
      w.at(december);
      w.edit('racks/r1.yaml', w.bob);
      w.at(january);
      return { head: w.edit('racks/r2.yaml', w.bob) };
    },
  },
  {
    name: 'a key at the very second at which it is over',
    code: 'key-expired',
    why: 'the end of one key is the beginning of the next one',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'], may)] });
      w.at(Date.parse(may.validBefore) / 1000);
      return { head: w.edit('racks/r1.yaml', w.bob) };
    },
  },
  {
    name: 'a key that is over, on a commit with an older date',
    code: 'time-backwards',
    why: 'the author writes the date',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'], may)] });
      w.at(january);
      w.edit('racks/r1.yaml', w.ada);
      w.at(december);
      return { head: w.edit('racks/r2.yaml', w.bob) };
    },
  },
  {
    name: 'a key that is over by the document of one of two parents',
    code: 'key-expired',
    why: 'the strictest of the parents counts',
    build: (w) => {
      const first = w.introduce();
      w.checkout(first);
      const main = w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'], may)] }, w.ada);
      w.at(january);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.bob) };
    },
  },
  {
    name: 'a key that is not valid yet, though a date in the future says so',
    code: 'future-commit',
    why: 'the author writes the date',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'], may)] });
      w.at(december);
      return { head: w.edit('racks/r1.yaml', w.bob), nowSeconds: november };
    },
  },
  {
    name: 'a key that the document revokes',
    code: 'key-revoked',
    why: 'it was stolen',
    build: (w) => {
      w.introduce();
      const revoked = { revoked: { reason: 'laptop stolen' } };
      w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'], revoked)] }, w.ada);
      return { head: w.edit('racks/r1.yaml', w.bob) };
    },
  },
  {
    name: 'a key that takes its own revocation back',
    code: 'key-revoked',
    why: 'who stole it wants to go on with it',
    build: (w) => {
      const revoked = { revoked: { reason: 'laptop stolen' } };
      w.introduce({ signers: [entry(w.ada), entry(w.bob)] });
      w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['**'], revoked)] }, w.ada);
      return { head: w.editTrust({ signers: [entry(w.ada), entry(w.bob)] }, w.bob) };
    },
  },
  {
    name: 'an earlier commit by a key that the head revokes from a time before it',
    code: 'key-revoked',
    why: 'what the thief has signed is in the history already',
    notStepByStep: 'the commit came in while nothing was known against its key',
    build: (w) => {
      w.introduce();
      const blamed = w.edit('racks/r1.yaml', w.bob);
      const revoked = { revoked: { reason: 'laptop stolen', from: '2023-11-01T00:00:00Z' } };
      return { head: w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'], revoked)] }, w.ada), blamed };
    },
  },
  {
    name: 'a commit by a key that the last accepted commit revokes, on a branch from before',
    code: 'key-revoked',
    why: 'the branch has a trust document in which the key still counts',
    build: (w) => {
      const first = w.introduce();
      const revoked = { revoked: { reason: 'laptop stolen', from: '2023-11-01T00:00:00Z' } };
      const main = w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'], revoked)] }, w.ada);
      const blamed = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(main, [blamed], w.ada), accepted: [main], blamed };
    },
  },
  {
    name: 'a key that the boot server itself does not believe any more',
    code: 'key-revoked',
    why: 'the only key that could revoke it in the site repo may be the stolen one',
    build: (w) => {
      w.introduce();
      const head = w.edit('racks/r1.yaml', w.bob);
      const revocation = { fingerprint: w.bob.fingerprint, fromSeconds: null, reason: 'stolen' };
      return { head, revocations: [revocation] };
    },
  },
  {
    name: 'a key that the boot server itself does not believe any more since a time',
    code: 'key-revoked',
    why: 'the same, for what came after the theft',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      w.at(december);
      const head = w.edit('racks/r2.yaml', w.bob);
      const revocation = { fingerprint: w.bob.fingerprint, fromSeconds: november, reason: 'stolen' };
      return { head, revocations: [revocation] };
    },
  },
  {
    name: 'an unsigned head that revokes the keys of those below it',
    code: 'unsigned',
    why: 'a revocation counts when somebody signs it, and the blame is to be on who did not',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      const revoked = { revoked: { reason: 'because', from: '2023-01-01T00:00:00Z' } };
      return { head: w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'], revoked)] }) };
    },
  },
  {
    name: 'an introduction by a key that the boot server itself does not believe any more',
    code: 'key-revoked',
    why: 'all that follows stands on that key',
    build: (w) => {
      const blamed = w.introduce();
      const revocation = { fingerprint: w.ada.fingerprint, fromSeconds: null, reason: 'stolen' };
      return { head: w.edit('racks/r1.yaml', w.bob), revocations: [revocation], blamed };
    },
  },
];
