import type { SignersDocument } from '../../../../../../schema/types/signers.ts';
import type { AttackRow } from '../story.ts';
import { entry, type World } from '../world.ts';

/** Ada, Bob and Cyd may change everything; below trust/ and roles/ it takes two of them. */
function twoOf(w: World, more: Partial<SignersDocument> = {}): SignersDocument {
  return {
    signers: [entry(w.ada), entry(w.bob), entry(w.cyd)],
    thresholds: [{ paths: ['trust/', 'roles/'], signatures: 2 }],
    ...more,
  };
}

/** A commit by Bob to where it takes two, and something done about it. */
function bobsRole(w: World, approve: (commit: string) => void, document = twoOf(w)): { head: string } {
  w.introduce(document);
  const head = w.edit('roles/cs.yaml', w.bob);
  approve(head);
  return { head };
}

export const rows: readonly AttackRow[] = [
  {
    name: 'one signature where it takes two',
    code: 'threshold-missed',
    why: 'one stolen laptop would be enough',
    build: (w) => bobsRole(w, () => undefined),
  },
  {
    name: 'a change of the trust document by one where it takes two',
    code: 'threshold-missed',
    why: 'one of them would let the second one in himself',
    build: (w) => {
      w.introduce(twoOf(w));
      return { head: w.editTrust(twoOf(w, { thresholds: [] }), w.bob) };
    },
  },
  {
    name: 'a new OpenPGP key in trust/keys by one where it takes two',
    code: 'threshold-missed',
    why: 'the document only names the file, the file holds the key',
    build: (w) => {
      w.introduce(twoOf(w));
      return { head: w.edit('trust/keys/cyd.asc', w.bob) };
    },
  },
  {
    name: 'the same person twice, with two keys',
    code: 'threshold-missed',
    why: 'it is people that count, not keys',
    build: (w) => {
      const second = entry({ ...w.keys.ssh('second'), name: 'bob' });
      const document = { ...twoOf(w), signers: [...twoOf(w).signers, second] };
      return bobsRole(w, (commit) => w.approve(commit, w.keys.ssh('second')), document);
    },
  },
  {
    name: 'an approval by the signer himself',
    code: 'threshold-missed',
    why: 'he has signed already',
    build: (w) => bobsRole(w, (commit) => w.approve(commit, w.bob)),
  },
  {
    name: 'two approvals by one person',
    code: 'threshold-missed',
    why: 'it takes three people',
    build: (w) =>
      bobsRole(
        w,
        (commit) => {
          w.approve(commit, w.cyd, 'first');
          w.approve(commit, w.cyd, 'second');
        },
        twoOf(w, { thresholds: [{ paths: ['roles/'], signatures: 3 }] }),
      ),
  },
  {
    name: 'an approval by a stranger',
    code: 'threshold-missed',
    why: 'everyone can push a tag who can push',
    build: (w) => bobsRole(w, (commit) => w.approve(commit, w.eve)),
  },
  {
    name: 'an approval by somebody who may not change the path',
    code: 'threshold-missed',
    why: 'who may not make the change may not let it in either',
    build: (w) => {
      const signers = [entry(w.ada), entry(w.bob), entry(w.cyd, ['racks/'])];
      return bobsRole(w, (commit) => w.approve(commit, w.cyd), { ...twoOf(w), signers });
    },
  },
  {
    name: 'an approval by somebody whom only the commit itself lets in',
    code: 'threshold-missed',
    why: 'those who approve must be trusted before',
    build: (w) => {
      w.introduce(twoOf(w));
      const head = w.editTrust(twoOf(w, { signers: [entry(w.ada), entry(w.bob), entry(w.eve)] }), w.bob);
      w.approve(head, w.eve);
      return { head };
    },
  },
  {
    name: 'an approval by somebody outside of the group that it takes',
    code: 'threshold-missed',
    why: 'the group is who is asked for',
    build: (w) =>
      bobsRole(
        w,
        (commit) => w.approve(commit, w.cyd),
        twoOf(w, {
          groups: [{ name: 'owners', members: ['ada', 'bob'] }],
          thresholds: [{ paths: ['roles/'], signatures: 2, group: 'owners' }],
        }),
      ),
  },
  {
    name: 'a group that fills up its own list of signers with its own keys',
    code: 'threshold-missed',
    why: 'the keys of one person under many names are many people to a count',
    build: (w) => {
      w.write('trust/storage', `bob ${w.bob.publicKey}\n`);
      const document: SignersDocument = {
        signers: [entry(w.ada)],
        groups: [{ name: 'storage', allowedSigners: 'trust/storage', paths: ['roles/', 'trust/storage'] }],
        thresholds: [{ paths: ['trust/'], signatures: 2 }],
      };
      w.introduce(document);
      w.write('trust/storage', `bob ${w.bob.publicKey}\nrobert ${w.keys.ssh('robert').publicKey}\n`);
      const head = w.commit('a colleague', w.bob);
      w.approve(head, w.keys.ssh('robert'));
      return { head };
    },
  },
  {
    name: 'an approval of another commit',
    code: 'threshold-missed',
    why: 'who approves has seen that commit, and not this one',
    build: (w) => {
      w.introduce(twoOf(w));
      const other = w.edit('racks/r1.yaml', w.bob);
      w.approve(other, w.cyd);
      return { head: w.edit('roles/cs.yaml', w.bob) };
    },
  },
  {
    name: 'an approval of the commit before it was amended',
    code: 'threshold-missed',
    why: 'the amended commit is another one',
    build: (w) => {
      const first = w.introduce(twoOf(w));
      w.approve(w.edit('roles/cs.yaml', w.bob), w.cyd);
      return { head: w.editOn(first, 'roles/cs.yaml', w.bob) };
    },
  },
  {
    name: 'an approval of another commit, put where approvals of this one are',
    code: 'threshold-missed',
    why: 'a ref can be pointed anywhere; what was signed says what it is about',
    build: (w) => {
      w.introduce(twoOf(w));
      const other = w.edit('racks/r1.yaml', w.bob);
      w.approve(other, w.cyd);
      const head = w.edit('roles/cs.yaml', w.bob);
      const tag = w.git('rev-parse', `refs/tags/approve/${other}/cyd`);
      w.git('update-ref', `refs/tags/approve/${head}/cyd`, tag);
      return { head };
    },
  },
  {
    name: 'an ordinary tag of the commit, put where approvals are',
    code: 'threshold-missed',
    why: 'who tags a version approves nothing: the name of the tag is signed',
    build: (w) =>
      bobsRole(w, (commit) => {
        w.tag('v1', commit, w.cyd);
        w.git('update-ref', `refs/tags/approve/${commit}/cyd`, w.git('rev-parse', 'refs/tags/v1'));
      }),
  },
  {
    name: 'an approval under another name than the one that it was made for',
    code: 'threshold-missed',
    why: 'the name is a part of what was signed',
    build: (w) =>
      bobsRole(w, (commit) => {
        w.approve(commit, w.cyd);
        w.git('update-ref', `refs/tags/approve/${commit}/ada`, w.git('rev-parse', `refs/tags/approve/${commit}/cyd`));
        w.git('update-ref', '-d', `refs/tags/approve/${commit}/cyd`);
      }),
  },
  {
    name: 'an approval without a signature',
    code: 'threshold-missed',
    why: 'anyone could have made it',
    build: (w) => bobsRole(w, (commit) => w.tag(`approve/${commit}/cyd`, commit)),
  },
  {
    name: 'an approval that is no tag object',
    code: 'threshold-missed',
    why: 'a lightweight tag is nothing but a name',
    build: (w) => bobsRole(w, (commit) => w.git('tag', `approve/${commit}/cyd`, commit)),
  },
  {
    name: 'an approval whose text was changed',
    code: 'threshold-missed',
    why: 'the conditions of an approval stand in its text',
    build: (w) =>
      bobsRole(w, (commit) => {
        const name = `approve/${commit}/cyd`;
        w.tag(name, commit, w.cyd);
        const tag = w.object(w.git('rev-parse', `refs/tags/${name}`), 'tag').toString('latin1');
        const forged = w.store(Buffer.from(tag.replace('\n\n', '\n\nreviewed '), 'latin1'), 'tag');
        w.git('update-ref', `refs/tags/${name}`, forged);
      }),
  },
  {
    name: 'an approval that was redirected to this commit',
    code: 'threshold-missed',
    why: 'the object is a part of what was signed',
    build: (w) => {
      w.introduce(twoOf(w));
      const other = w.edit('racks/r1.yaml', w.bob);
      w.approve(other, w.cyd);
      const head = w.edit('roles/cs.yaml', w.bob);
      const tag = w.object(w.git('rev-parse', `refs/tags/approve/${other}/cyd`), 'tag').toString('latin1');
      const forged = w.store(Buffer.from(tag.replaceAll(other, head), 'latin1'), 'tag');
      w.git('update-ref', `refs/tags/approve/${head}/cyd`, forged);
      return { head };
    },
  },
  {
    name: 'an approval of a tag of the commit',
    code: 'threshold-missed',
    why: 'a tag can be exchanged under its name',
    build: (w) =>
      bobsRole(w, (commit) => {
        w.tag('v1', commit, w.eve);
        w.tag(`approve/${commit}/cyd`, w.git('rev-parse', 'refs/tags/v1'), w.cyd);
      }),
  },
  {
    name: 'the signature of a commit as the signature of an approval',
    code: 'threshold-missed',
    why: 'commits and tags are signed for the same namespace',
    build: (w) =>
      bobsRole(w, (commit) => {
        const name = `approve/${commit}/cyd`;
        const head = `object ${commit}\ntype commit\ntag ${name}\ntagger Cyd <c@example.org> 1700000100 +0000\n\n`;
        const armor = w.parsed(w.edit('racks/r9.yaml', w.cyd)).signature ?? '';
        w.git('update-ref', `refs/tags/${name}`, w.store(`${head}approved\n${armor}\n`, 'tag'));
      }),
  },
  {
    name: 'an approval by a key that was over when it was made',
    code: 'threshold-missed',
    why: 'it was handed out for a time',
    build: (w) => {
      const over = entry(w.cyd, ['**'], { validBefore: '2023-11-01T00:00:00Z' });
      return bobsRole(
        w,
        (commit) => w.approve(commit, w.cyd),
        twoOf(w, { signers: [entry(w.ada), entry(w.bob), over] }),
      );
    },
  },
  {
    name: 'an approval by a key that is not valid yet, with a date at which it will be',
    code: 'threshold-missed',
    why: 'who approves writes the date',
    build: (w) => {
      const later = entry(w.cyd, ['**'], { validAfter: '2030-01-01T00:00:00Z' });
      const document = twoOf(w, { signers: [entry(w.ada), entry(w.bob), later] });
      const approve = (commit: string): void => {
        w.at(Date.parse('2030-06-01T00:00:00Z') / 1000);
        w.approve(commit, w.cyd);
      };
      return bobsRole(w, approve, document);
    },
  },
  {
    name: 'an approval by a key that is over, with a date from before the commit',
    code: 'threshold-missed',
    why: 'so one could write an earlier one',
    build: (w) => {
      const over = entry(w.cyd, ['**'], { validBefore: '2023-11-01T00:00:00Z' });
      const document = twoOf(w, { signers: [entry(w.ada), entry(w.bob), over] });
      const approve = (commit: string): void => {
        w.at(Date.parse('2023-10-01T00:00:00Z') / 1000);
        w.approve(commit, w.cyd);
      };
      return bobsRole(w, approve, document);
    },
  },
  {
    name: 'an approval by a key that is revoked',
    code: 'threshold-missed',
    why: 'it was stolen',
    build: (w) => {
      const stolen = entry(w.cyd, ['**'], { revoked: { reason: 'stolen' } });
      return bobsRole(
        w,
        (commit) => w.approve(commit, w.cyd),
        twoOf(w, { signers: [entry(w.ada), entry(w.bob), stolen] }),
      );
    },
  },
  {
    name: 'an approval by a key that the boot server itself does not believe any more',
    code: 'threshold-missed',
    why: 'it was stolen, and the site repo does not know yet',
    build: (w) => ({
      ...bobsRole(w, (commit) => w.approve(commit, w.cyd)),
      revocations: [{ fingerprint: w.cyd.fingerprint, fromSeconds: null, reason: 'stolen' }],
    }),
  },
  {
    name: 'an approval of the parent, where the child takes it too',
    code: 'threshold-missed',
    why: 'each commit takes its own',
    build: (w) => {
      w.introduce(twoOf(w));
      const parent = w.edit('roles/cs.yaml', w.bob);
      w.approve(parent, w.cyd);
      return { head: w.edit('roles/ss.yaml', w.bob) };
    },
  },
  {
    name: 'an approval of the child, where the parent takes it too',
    code: 'threshold-missed',
    why: 'who approves the tip has not said anything about what is below it',
    build: (w) => {
      w.introduce(twoOf(w));
      const blamed = w.edit('roles/cs.yaml', w.bob);
      const head = w.edit('roles/ss.yaml', w.bob);
      w.approve(head, w.cyd);
      return { head, blamed };
    },
  },
  {
    name: 'a merge of an approved branch into a main branch that takes two, by one',
    code: 'threshold-missed',
    why: 'to merge is to change the main branch',
    build: (w) => {
      const first = w.introduce(twoOf(w));
      const side = w.editOn(first, 'roles/cs.yaml', w.bob);
      w.approve(side, w.cyd);
      return { head: w.mergeOn(w.editOn(first, 'racks/r1.yaml', w.ada), [side], w.ada) };
    },
  },
  {
    name: 'a threshold that only one of two parents has',
    code: 'threshold-missed',
    why: 'a branch from before the threshold would be a way around it',
    build: (w) => {
      const signers = twoOf(w).signers;
      const first = w.introduce({ signers });
      w.checkout(first);
      const main = w.editTrust(twoOf(w), w.ada);
      const side = w.editOn(first, 'roles/cs.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.bob) };
    },
  },
  {
    name: 'a file that is moved to where one signature is enough',
    code: 'threshold-missed',
    why: 'a move is a deletion, too',
    build: (w) => {
      w.introduce(twoOf(w));
      w.git('mv', 'trust/signers.yaml', 'racks/signers.yaml');
      w.write('trust/signers.yaml', '{"signers":[]}');
      return { head: w.commit('move', w.bob) };
    },
  },
];
