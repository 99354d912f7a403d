import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gitEnvironment } from '../../../../../git.ts';
import type { AttackRow } from '../story.ts';
import { entry, type World } from '../world.ts';

const day = 24 * 60 * 60;

/** The file in which a repository keeps an object by itself. */
function looseFile(w: World, oid: string): string {
  return join(w.work, '.git/objects', oid.slice(0, 2), oid.slice(2));
}

export const rows: readonly AttackRow[] = [
  {
    name: 'a head that was forced back',
    code: 'not-descendant',
    why: 'a mended hole would be open again',
    build: (w) => {
      const head = w.introduce();
      return { head, accepted: [w.edit('racks/r1.yaml', w.bob)] };
    },
  },
  {
    name: 'a head beside the last accepted commit',
    code: 'not-descendant',
    why: 'a rewritten history may leave out what was there',
    build: (w) => {
      const first = w.introduce();
      const accepted = [w.edit('racks/r1.yaml', w.bob)];
      return { head: w.editOn(first, 'racks/r2.yaml', w.bob), accepted };
    },
  },
  {
    name: 'an older head, replayed after etcd was lost',
    code: 'not-descendant',
    why: "the site's memory is gone, this server still has its own",
    build: (w) => {
      const first = w.introduce();
      const head = w.edit('racks/r1.yaml', w.bob);
      const newest = w.edit('racks/r2.yaml', w.bob);
      return { head, accepted: [first, newest] };
    },
  },
  {
    name: 'an older head, replayed to a boot server that was made anew',
    code: 'not-descendant',
    why: "the server's memory is gone, the site still has its own",
    build: (w) => {
      w.introduce();
      const head = w.edit('racks/r1.yaml', w.bob);
      const newest = w.edit('racks/r2.yaml', w.bob);
      return { head, accepted: [newest] };
    },
  },
  {
    name: 'a commit that was amended after it was accepted',
    code: 'not-descendant',
    why: 'what was accepted cannot be made undone',
    build: (w) => {
      const first = w.introduce();
      const accepted = [w.edit('racks/r1.yaml', w.bob)];
      w.checkout(first);
      w.write('racks/r1.yaml', 'amended\n');
      return { head: w.commit('edit racks/r1.yaml', w.bob), accepted };
    },
  },
  {
    name: 'a rebased copy of all that was accepted, with the same files',
    code: 'not-descendant',
    why: 'that the files are the same says nothing about who stands for them',
    build: (w) => {
      const first = w.introduce();
      const accepted = w.edit('racks/r1.yaml', w.bob);
      return { head: w.commitTree(w.treeOf(accepted), [first], w.ada), accepted: [accepted] };
    },
  },
  {
    name: 'the history of another site with the same signers',
    code: 'not-descendant',
    why: 'the machines of one site would become those of another one',
    build: (w) => {
      const first = w.introduce();
      const ours = w.introduction;
      w.git('checkout', '-q', '--orphan', 'other');
      w.write('site.yaml', 'id: other\n');
      w.introduce();
      return { head: w.edit('racks/r1.yaml', w.bob), accepted: [first], introduction: ours };
    },
  },
  {
    name: 'the history of another site with the same signers, on a server that has accepted nothing yet',
    code: 'not-descendant',
    why: 'a new server knows no more than its introduction',
    build: (w) => {
      w.introduce();
      const ours = w.introduction;
      w.git('checkout', '-q', '--orphan', 'other');
      w.write('site.yaml', 'id: other\n');
      w.introduce();
      return { head: w.edit('racks/r1.yaml', w.bob), introduction: ours };
    },
  },
  {
    name: 'an orphan branch with the files of the last accepted commit',
    code: 'not-descendant',
    why: 'who signs it could leave out the history of the trust document',
    build: (w) => {
      const first = w.introduce();
      return { head: w.commitTree(w.treeOf(first), [], w.ada), accepted: [first] };
    },
  },
  {
    name: 'the history of another site, merged into ours',
    code: 'unrelated-root',
    why: 'its commits were let in by its own trust documents',
    build: (w) => {
      const first = w.introduce();
      const ours = w.introduction;
      w.git('checkout', '-q', '--orphan', 'other');
      const blamed = w.introduce({ signers: [entry(w.ada), entry(w.bob), entry(w.eve)] });
      const other = w.edit('racks/r1.yaml', w.eve);
      return { head: w.commitTree(w.treeOf(other), [first, other], w.ada), introduction: ours, blamed };
    },
  },
  {
    name: 'a branch that is older than the introduction',
    code: 'before-introduction',
    why: 'nobody has ever vouched for the trust document that it stands on',
    build: (w) => {
      const old = w.introduce({ signers: [entry(w.ada), entry(w.eve)] });
      w.introduceAt(w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'])] }, w.ada), w.ada);
      const first = w.head();
      const blamed = w.editOn(old, 'racks/r1.yaml', w.eve);
      return { head: w.commitTree(w.treeOf(first), [first, blamed], w.ada), blamed };
    },
  },
  {
    name: 'no introduction',
    code: 'no-introduction',
    why: 'trust must begin somewhere, and not with what is shown first',
    build: (w) => ({ head: w.introduce(), introduction: null }),
  },
  {
    name: 'an introduced commit that another key has signed',
    code: 'introduction-key',
    why: 'whoever told the commit to the server was told about another key',
    build: (w) => {
      const blamed = w.introduce();
      const introduction = { commit: blamed, keyFingerprint: w.bob.fingerprint };
      return { head: w.edit('racks/r1.yaml', w.bob), introduction, blamed };
    },
  },
  {
    name: 'an introduced commit that nobody has signed',
    code: 'unsigned',
    why: 'the key of the introduction has not signed it either',
    build: (w) => {
      w.introduce();
      const blamed = w.edit('racks/r1.yaml');
      const introduction = { commit: blamed, keyFingerprint: w.ada.fingerprint };
      return { head: w.edit('racks/r2.yaml', w.bob), introduction, blamed };
    },
  },
  {
    name: 'a history that does not hold the introduced commit',
    code: 'not-descendant',
    why: 'it is another history, or one before it',
    build: (w) => {
      const head = w.introduce();
      w.introduceAt(w.edit('racks/r1.yaml', w.ada), w.ada);
      return { head };
    },
  },
  {
    name: 'a last accepted commit that the repository has never had',
    code: 'not-descendant',
    why: 'it is another repository',
    build: (w) => {
      w.introduce();
      return { head: w.edit('racks/r1.yaml', w.bob), accepted: ['1'.repeat(40)] };
    },
  },
  {
    name: 'a shallow clone',
    code: 'history-incomplete',
    why: 'what was cut off cannot be judged',
    build: (w) => {
      const first = w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      const head = w.edit('racks/r2.yaml', w.bob);
      w.push(head);
      const gitFolder = join(w.keys.fixture.root, `${w.name}-shallow.git`);
      const url = `file://${w.bare}`;
      execFileSync('git', ['clone', '-q', '--bare', '--depth', '1', url, gitFolder], { env: gitEnvironment });
      return { head, accepted: [first], gitFolder };
    },
  },
  {
    name: 'a history in which an object is missing',
    code: 'history-incomplete',
    why: 'what is not there cannot be judged',
    build: (w) => {
      w.introduce();
      const gap = w.edit('racks/r1.yaml', w.bob);
      const head = w.edit('racks/r2.yaml', w.bob);
      rmSync(looseFile(w, gap));
      return { head };
    },
  },
  {
    name: 'a tree that is missing',
    code: 'history-incomplete',
    why: 'a change that cannot be seen cannot be judged',
    build: (w) => {
      w.introduce();
      const blamed = w.edit('racks/r1.yaml', w.bob);
      const head = w.edit('racks/r2.yaml', w.bob);
      rmSync(looseFile(w, w.git('rev-parse', `${blamed}:racks`)));
      return { head, blamed };
    },
  },
  {
    name: 'a graft that hides an unsigned commit',
    code: 'unsigned',
    why: 'git itself shows the history as the graft has it',
    build: (w) => {
      const first = w.introduce();
      const blamed = w.edit('racks/r1.yaml');
      const head = w.edit('racks/r2.yaml', w.ada);
      mkdirSync(join(w.work, '.git/info'), { recursive: true });
      appendFileSync(join(w.work, '.git/info/grafts'), `${head} ${first}\n`);
      return { head, blamed };
    },
  },
  {
    name: 'a replace ref that puts a signed commit in the place of an unsigned one',
    code: 'unsigned',
    why: 'git itself shows, and checks, the replacement',
    build: (w) => {
      const first = w.introduce();
      const blamed = w.edit('racks/r1.yaml');
      const head = w.edit('racks/r2.yaml', w.ada);
      w.git('replace', blamed, w.editOn(first, 'racks/r1.yaml', w.bob));
      return { head, blamed };
    },
  },
  {
    name: 'a replace ref that puts the last accepted commit below a head that does not descend from it',
    code: 'not-descendant',
    why: 'a server that asks git for descent would be told what the ref says',
    build: (w) => {
      const first = w.introduce();
      const accepted = w.edit('racks/r1.yaml', w.bob);
      const head = w.editOn(first, 'racks/r2.yaml', w.bob);
      w.git('replace', '--graft', head, accepted);
      return { head, accepted: [accepted] };
    },
  },
  {
    name: 'a commit that says that it is two days older than its parent',
    code: 'time-backwards',
    why: 'the time decides which keys count',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      w.at(w.now - 2 * day);
      return { head: w.edit('racks/r2.yaml', w.bob) };
    },
  },
  {
    name: 'a merge that says that it is two days older than the merged branch',
    code: 'time-backwards',
    why: 'so it does there, for any of its parents',
    build: (w) => {
      const first = w.introduce();
      const main = w.editOn(first, 'racks/r1.yaml', w.bob);
      const start = w.now;
      w.at(start + 3 * day);
      const side = w.editOn(first, 'racks/r2.yaml', w.bob);
      w.at(start + day / 2);
      return { head: w.mergeOn(main, [side], w.bob) };
    },
  },
  {
    name: 'a commit from the future',
    code: 'future-commit',
    why: 'after it, none of today could come any more',
    build: (w) => {
      w.introduce();
      const nowSeconds = w.now;
      w.at(w.now + 2 * day);
      return { head: w.edit('racks/r1.yaml', w.bob), nowSeconds };
    },
  },
  {
    name: 'an object whose file was exchanged in the store',
    code: 'corrupt-object',
    why: 'who can write to the disk of the boot server cannot make it believe another tree',
    build: (w) => {
      w.introduce();
      const head = w.edit('racks/r1.yaml', w.bob);
      const other = w.edit('site.yaml', w.ada);
      const [trees, evil] = [w.treeOf(head), w.treeOf(other)];
      rmSync(looseFile(w, trees));
      execFileSync('cp', [looseFile(w, evil), looseFile(w, trees)]);
      return { head, blamed: null };
    },
  },
  {
    name: 'an object whose file is damaged in the store',
    code: 'corrupt-object',
    why: 'half a disk is no verdict on the history',
    build: (w) => {
      w.introduce();
      const head = w.edit('racks/r1.yaml', w.bob);
      const file = looseFile(w, head);
      rmSync(file);
      appendFileSync(file, 'not zlib');
      return { head, blamed: null };
    },
  },
];
