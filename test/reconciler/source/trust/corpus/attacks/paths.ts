import type { AttackRow } from '../story.ts';
import { entry, type World } from '../world.ts';

/** Something that Bob does on top of the introduction. */
function bobs(w: World, change: () => void): { head: string } {
  w.introduce();
  change();
  return { head: w.commit('bob was here', w.bob) };
}

export const rows: readonly AttackRow[] = [
  {
    name: 'a path that is not allowed',
    code: 'path-not-allowed',
    why: 'who cares for the racks would change the whole site',
    build: (w) => bobs(w, () => w.write('site.yaml', 'id: two\n')),
  },
  {
    name: 'a path that is not allowed beside one that is',
    code: 'path-not-allowed',
    why: 'each path counts',
    build: (w) =>
      bobs(w, () => {
        w.write('racks/r1.yaml', 'x\n');
        w.write('site.yaml', 'id: two\n');
      }),
  },
  {
    name: 'a new file that is not allowed',
    code: 'path-not-allowed',
    why: 'new files are changes',
    build: (w) => bobs(w, () => w.write('roles/cs.yaml', 'x\n')),
  },
  {
    name: 'a file that is moved out of the allowed folder',
    code: 'path-not-allowed',
    why: 'a move is shown as one change, and is two',
    build: (w) => bobs(w, () => w.git('mv', 'racks/r0.yaml', 'r0.yaml')),
  },
  {
    name: 'a foreign file that is moved into the allowed folder',
    code: 'path-not-allowed',
    why: 'it is gone from where it was',
    build: (w) => bobs(w, () => w.git('mv', 'site.yaml', 'racks/site.yaml')),
  },
  {
    name: 'a foreign file that is deleted',
    code: 'path-not-allowed',
    why: 'deletions are changes',
    build: (w) => bobs(w, () => w.delete('site.yaml')),
  },
  {
    name: 'a foreign file that becomes executable',
    code: 'path-not-allowed',
    why: 'the content is the same, what is done with it is not',
    build: (w) => {
      w.introduce();
      w.git('config', 'core.fileMode', 'false');
      w.git('update-index', '--chmod=+x', 'site.yaml');
      return { head: w.commit('run it', w.bob) };
    },
  },
  {
    name: 'a symbolic link in the place of the allowed folder',
    code: 'path-not-allowed',
    why: 'what is written below it would go where it leads',
    build: (w) => {
      const first = w.introduce();
      const entries = w.entriesOf(w.treeOf(first)).filter(({ name }) => name !== 'racks');
      const link = { name: 'racks', mode: '120000', oid: w.blob('trust') };
      const tree = w.rawTree([link, ...entries].sort((a, b) => (a.name < b.name ? -1 : 1)));
      return { head: w.commitTree(tree, [first], w.bob) };
    },
  },
  {
    name: 'a file in the place of the allowed folder',
    code: 'path-not-allowed',
    why: 'the name without the slash is another path',
    build: (w) =>
      bobs(w, () => {
        w.delete('racks');
        w.write('racks', 'x\n');
      }),
  },
  {
    name: 'a folder in the place of a foreign file',
    code: 'path-not-allowed',
    why: 'the file is gone',
    build: (w) =>
      bobs(w, () => {
        w.delete('site.yaml');
        w.write('site.yaml/racks/r1.yaml', 'x\n');
      }),
  },
  {
    name: 'a folder whose name begins like the allowed one',
    code: 'path-not-allowed',
    why: 'a folder is not the beginning of a name',
    build: (w) => bobs(w, () => w.write('racks-of-bob/r1.yaml', 'x\n')),
  },
  {
    name: 'the allowed folder in another case',
    code: 'path-not-allowed',
    why: 'on some disks it is the same folder',
    build: (w) => bobs(w, () => w.write('Racks/r1.yaml', 'x\n')),
  },
  {
    name: 'the allowed folder deeper down',
    code: 'path-not-allowed',
    why: 'paths begin at the top of the site repo',
    build: (w) => bobs(w, () => w.write('kubernetes/racks/r1.yaml', 'x\n')),
  },
  {
    name: 'a submodule outside of the allowed folder',
    code: 'path-not-allowed',
    why: 'it is an entry like any other',
    build: (w) => {
      const first = w.introduce();
      return { head: w.commitEntry(first, 'more', { mode: '160000', oid: first }, w.bob) };
    },
  },
  {
    name: 'an empty folder outside of the allowed one',
    code: 'path-not-allowed',
    why: 'no file differs, and yet the trees do',
    build: (w) => {
      const first = w.introduce();
      return { head: w.commitEntry(first, 'more', { mode: '40000', oid: w.rawTree([]) }, w.bob) };
    },
  },
  {
    name: 'a foreign name with a newline and the allowed folder in it',
    code: 'path-not-allowed',
    why: 'a list of paths that is cut at newlines would show an allowed path',
    build: (w) => {
      const first = w.introduce();
      return { head: w.commitEntry(first, 'x\nracks', { mode: '100644', oid: w.blob('x\n') }, w.bob) };
    },
  },
  {
    name: 'a star that is to stand for a folder',
    code: 'path-not-allowed',
    why: 'a star stands for anything but a slash',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/*.yaml'])] });
      return { head: w.edit('racks/deep/r1.yaml', w.bob) };
    },
  },
  {
    name: 'a star that is to stand for another ending',
    code: 'path-not-allowed',
    why: 'what stands behind the star counts, too',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/*.yaml'])] });
      return { head: w.edit('racks/r1.yaml.sh', w.bob) };
    },
  },
  {
    name: 'a file in trust/ by somebody who may only change the document of signers',
    code: 'path-not-allowed',
    why: 'keys and lists of keys are documents of trust of their own',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['trust/signers.yaml'])] });
      return { head: w.edit('trust/keys/bob.asc', w.bob) };
    },
  },
  {
    name: 'more paths for oneself',
    code: 'path-not-allowed',
    why: 'the document would let its readers rewrite it',
    build: (w) => {
      w.introduce();
      return { head: w.editTrust({ signers: [entry(w.ada), entry(w.bob)] }, w.bob) };
    },
  },
  {
    name: 'a member of a group, outside of what the group may change',
    code: 'path-not-allowed',
    why: 'a group gives what it gives',
    build: (w) => {
      w.introduce({
        signers: [entry(w.ada), entry(w.bob, [])],
        groups: [{ name: 'storage', members: ['bob'], paths: ['roles/ss.yaml'] }],
      });
      return { head: w.edit('roles/cs.yaml', w.bob) };
    },
  },
  {
    name: 'the trust document removed',
    code: 'trust-unreadable',
    why: 'everyone would be locked out, or let in',
    build: (w) => {
      w.introduce();
      w.delete('trust/signers.yaml');
      return { head: w.commit('no trust', w.ada) };
    },
  },
  {
    name: 'the trust document broken',
    code: 'trust-unreadable',
    why: 'so they would',
    build: (w) => {
      w.introduce();
      w.write('trust/signers.yaml', 'signers: everyone\n');
      return { head: w.commit('trust everyone', w.ada) };
    },
  },
  {
    name: 'a trust document of aliases that stand for aliases',
    code: 'trust-unreadable',
    why: 'some lines that spell out more names than there is memory',
    build: (w) => {
      w.introduce();
      const levels = Array.from({ length: 30 }, (_, level) => {
        const below = level === 0 ? 'x' : `*a${level - 1}`;
        return `a${level}: &a${level} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
      });
      w.write('trust/signers.yaml', `${levels.join('\n')}\nsigners: *a29\n`);
      return { head: w.commit('laugh', w.ada) };
    },
  },
  {
    name: 'a trust document that lists one key for two people',
    code: 'trust-unreadable',
    why: 'one person would count as two',
    build: (w) => {
      w.introduce();
      return { head: w.editTrust({ signers: [entry(w.ada), entry(w.bob), entry({ ...w.bob, name: 'mia' })] }, w.ada) };
    },
  },
  {
    name: "a trust document in which the host's key is also that of a person",
    code: 'trust-unreadable',
    why: 'a button would be as good as a person',
    build: (w) => {
      w.introduce();
      const mergeKeys = [{ name: 'host', key: w.bob.publicKey, paths: ['**'] }];
      return { head: w.editTrust({ signers: [entry(w.ada), entry(w.bob)], mergeKeys }, w.ada) };
    },
  },
  {
    name: 'the folder of the trust documents as a link to another one',
    code: 'trust-unreadable',
    why: 'who may change the other folder would say whom to trust',
    build: (w) => {
      const first = w.introduce();
      const link = { mode: '120000', oid: w.blob('racks') };
      return { head: w.commitEntry(first, 'trust', link, w.ada) };
    },
  },
  {
    name: 'the trust document as a link to another file',
    code: 'trust-unreadable',
    why: 'who may change the other file would say whom to trust',
    build: (w) => {
      const first = w.introduce();
      const link = { mode: '120000', oid: w.blob('../racks/r0.yaml') };
      return { head: w.commitEntry(first, 'trust/signers.yaml', link, w.ada) };
    },
  },
];
