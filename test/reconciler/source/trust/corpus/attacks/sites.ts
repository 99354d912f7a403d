import { folderMode } from '../../../../../../reconciler/source/objects.ts';
import { siteLimits } from '../../../../../../reconciler/source/site-files.ts';
import { introduceSite, writeSecret } from '../site.ts';
import type { AttackRow } from '../story.ts';
import type { World } from '../world.ts';

const file = '100644';

/** A whole site, to which Ada adds one entry. */
async function withEntry(
  w: World,
  path: string,
  mode: string,
  oid: (first: string) => string,
): Promise<{ head: string }> {
  const first = await introduceSite(w);
  return { head: w.commitEntry(first, path, { mode, oid: oid(first) }, w.ada) };
}

/** Content that is signed as it should be, and that no site may have. */
const content: readonly Omit<AttackRow, 'wholeSite'>[] = [
  {
    name: 'a symbolic link out of the tree',
    code: 'symlink',
    why: 'a file of the boot server would be sent to machines',
    build: (w) => withEntry(w, 'ignition/common/etc/shadow', '120000', () => w.blob('../../../../../etc/shadow')),
  },
  {
    name: 'a symbolic link within the tree',
    code: 'symlink',
    why: 'who may change the one path would change the other one',
    build: (w) => withEntry(w, 'racks/r9.yaml', '120000', () => w.blob('r0.yaml')),
  },
  {
    name: 'a submodule',
    code: 'submodule',
    why: 'its content comes from elsewhere, and nobody has signed it',
    build: (w) => withEntry(w, 'ignition/more', '160000', (first) => first),
  },
  {
    name: 'a mode of other times',
    code: 'special-file',
    why: 'readers make of it what they like',
    build: (w) => withEntry(w, 'racks/r9.yaml', '100664', () => w.blob('x\n')),
  },
  {
    name: 'a case-folding twin',
    code: 'case-twins',
    why: "on an engineer's disk one of the two is lost, and the other one is what they see",
    build: (w) => withEntry(w, 'racks/R0.yaml', file, () => w.blob('x\n')),
  },
  {
    name: 'a twin by the composition of a letter',
    code: 'case-twins',
    why: 'so it is on a disk that composes letters',
    build: async (w) => {
      const first = await introduceSite(w);
      const composed = w.commitEntry(first, 'racks/\u00e9.yaml', { mode: file, oid: w.blob('x\n') }, w.ada);
      return { head: w.commitEntry(composed, 'racks/e\u0301.yaml', { mode: file, oid: w.blob('y\n') }, w.ada) };
    },
  },
  {
    name: 'a folder named .git, below the top',
    code: 'bad-name',
    why: 'a checkout would take it for a repository, with its hooks',
    build: (w) => withEntry(w, 'racks/.git/hooks/post-checkout', '100755', () => w.blob('#!/bin/sh\n')),
  },
  {
    name: 'a folder named .GIT, below the top',
    code: 'bad-name',
    why: 'so it would on a disk without case',
    build: (w) => withEntry(w, 'racks/.GIT/config', file, () => w.blob('[core]\n')),
  },
  {
    name: 'a name with a newline',
    code: 'bad-name',
    why: 'a line of a log would be written by the attacker',
    build: (w) => withEntry(w, 'racks/r9\naccepted', file, () => w.blob('x\n')),
  },
  {
    name: 'a name that reads the other way round',
    code: 'bad-name',
    why: 'people would see another name',
    build: (w) => withEntry(w, 'racks/\u202elmay.9r', file, () => w.blob('x\n')),
  },
  {
    name: 'a name with a backslash',
    code: 'bad-name',
    why: 'it is a path on some systems',
    build: (w) => withEntry(w, 'racks/..\\..\\evil', file, () => w.blob('x\n')),
  },
  {
    name: 'a path that is too long',
    code: 'path-too-long',
    why: 'it could not be checked out, nor shown',
    build: (w) => withEntry(w, `racks/${`${'d'.repeat(200)}/`.repeat(6)}f`, file, () => w.blob('x\n')),
  },
  {
    name: 'a gigantic blob',
    code: 'file-too-large',
    why: 'every boot server would have to hold it in memory',
    build: (w) => withEntry(w, 'ignition/common/huge', file, () => w.blob(Buffer.alloc(siteLimits.fileBytes + 1, 'x'))),
  },
  {
    name: 'a large blob, a great many times over',
    code: 'site-too-large',
    why: 'it is one object in the pack',
    build: (w) => {
      const oid = w.blob(Buffer.alloc(siteLimits.fileBytes, 'x'));
      const names = Array.from(
        { length: siteLimits.siteBytes / siteLimits.fileBytes + 1 },
        (_, index) => `f${1000 + index}`,
      );
      const tree = (): string => w.rawTree(names.map((name) => ({ name, mode: file, oid })));
      return withEntry(w, 'ignition/many', folderMode, tree);
    },
  },
  {
    name: 'too many files',
    code: 'too-many-files',
    why: 'every boot server would have to read them all',
    build: (w) => {
      const oid = w.blob('x\n');
      const names = Array.from({ length: siteLimits.entries }, (_, index) => `f${100_000 + index}`);
      const tree = (): string => w.rawTree(names.map((name) => ({ name, mode: file, oid })));
      return withEntry(w, 'ignition/many', folderMode, tree);
    },
  },
  {
    name: 'a site that breaks a rule',
    code: 'invalid-site',
    why: 'who may sign may still err',
    build: async (w) => {
      await introduceSite(w);
      w.delete('racks/r0.yaml');
      w.write('racks/r0.yaml', 'number: zero\n');
      return { head: w.commit('oops', w.ada) };
    },
  },
  {
    name: 'a secret that is sealed to somebody else than the boot server',
    code: 'secret-unreadable',
    why: 'machines would be made anew without it, and not come up',
    build: async (w) => {
      await introduceSite(w);
      await writeSecret(w, w.ada);
      return { head: w.commit('a secret', w.ada), secretsKey: w.keys.ssh('boot server').file };
    },
  },
  {
    name: 'the introduction of another site',
    code: 'other-site',
    why: 'the machines of this site would become those of the other one',
    build: async (w) => {
      const blamed = await introduceSite(w, 'osaka0');
      return { head: w.edit('racks/README.md', w.bob), blamed };
    },
  },
  {
    name: 'the id of another site',
    code: 'other-site',
    why: 'what this site holds in etcd would belong to another one',
    build: async (w) => {
      await introduceSite(w);
      w.edit('racks/README.md', w.bob);
      const text = w.git('show', 'HEAD:site.yaml');
      w.write('site.yaml', `${text.replace('site: tokyo0', 'site: osaka0')}\n`);
      return { head: w.commit('become another site', w.ada) };
    },
  },
];

export const rows: readonly AttackRow[] = content.map((row) => ({ ...row, wholeSite: true }));
