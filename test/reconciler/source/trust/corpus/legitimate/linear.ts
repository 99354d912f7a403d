import { securityKey, withSignature } from '../armor.ts';
import { introduceSite, writeSecret } from '../site.ts';
import type { LegitimateRow } from '../story.ts';
import { entry } from '../world.ts';

export const rows: readonly LegitimateRow[] = [
  {
    name: 'the introduction alone',
    build: (w) => ({ head: w.introduce(), signers: ['ada'] }),
  },
  {
    name: 'nothing new',
    build: (w) => {
      const head = w.introduce();
      return { head, accepted: [head], signers: [] };
    },
  },
  {
    name: 'a few commits in a row',
    build: (w) => {
      w.introduce();
      w.edit('site.yaml', w.ada);
      w.edit('racks/r1.yaml', w.bob);
      return { head: w.edit('racks/r2.yaml', w.bob), signers: ['ada', 'ada', 'bob', 'bob'] };
    },
  },
  {
    name: 'what is new since the last accepted commit',
    build: (w) => {
      w.introduce();
      const accepted = [w.edit('site.yaml', w.ada)];
      w.edit('racks/r1.yaml', w.bob);
      return { head: w.edit('racks/r2.yaml', w.bob), accepted, signers: ['bob', 'bob'] };
    },
  },
  {
    name: 'a site and a server that have accepted different commits of one line',
    build: (w) => {
      w.introduce();
      const older = w.edit('racks/r1.yaml', w.bob);
      const newer = w.edit('racks/r2.yaml', w.bob);
      return { head: w.edit('site.yaml', w.ada), accepted: [newer, older], signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'an introduction deep in the history, whatever stands before it',
    build: (w) => {
      w.write('site.yaml', 'id: one\n');
      w.commit('made in a hurry');
      w.edit('site.yaml', w.eve);
      w.introduce();
      return { head: w.edit('racks/r1.yaml', w.bob), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'an introduction that is a merge of unsigned branches',
    build: (w) => {
      w.write('site.yaml', 'id: one\n');
      const first = w.commit('made in a hurry');
      const side = w.editOn(first, 'a');
      w.checkout(first);
      w.introduce();
      w.introduceAt(w.merge([side], w.ada), w.ada);
      return { head: w.edit('racks/r1.yaml', w.bob), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'commits of every kind of SSH key',
    build: (w) => {
      const kinds = [
        w.keys.ssh('rsa', 'rsa', 2048),
        w.keys.ssh('p256', 'ecdsa', 256),
        w.keys.ssh('p384', 'ecdsa', 384),
        w.keys.ssh('p521', 'ecdsa', 521),
      ];
      w.introduce({ signers: [entry(w.ada), ...kinds.map((key) => entry(key))] });
      for (const key of kinds) w.edit(`racks/${key.name}.yaml`, key);
      return { head: w.head(), signers: ['ada', 'rsa', 'p256', 'p384', 'p521'] };
    },
  },
  {
    name: 'a commit by a security key that was touched',
    build: (w) => {
      const token = securityKey(true);
      w.introduce({ signers: [entry(w.ada), entry({ name: 'token', ...token })] });
      const payload = w.object(w.edit('racks/r1.yaml'));
      return { head: w.store(withSignature(payload, token.sign(payload))), signers: ['ada', 'token'] };
    },
  },
  {
    name: 'an empty commit by somebody who may change nothing at all',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, [])] });
      return { head: w.commit('a remark', w.bob), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'a deletion, a move and a change of mode within the paths',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      w.delete('racks/r0.yaml');
      w.commit('gone', w.bob);
      w.git('mv', 'racks/r1.yaml', 'racks/r2.yaml');
      w.commit('moved', w.bob);
      w.git('config', 'core.fileMode', 'false');
      w.git('update-index', '--chmod=+x', 'racks/r2.yaml');
      return { head: w.commit('mode', w.bob), signers: ['ada', 'bob', 'bob', 'bob', 'bob'] };
    },
  },
  {
    name: 'a revert by another person',
    build: (w) => {
      w.introduce();
      w.edit('racks/r0.yaml', w.bob);
      w.git('revert', '--no-commit', 'HEAD');
      return { head: w.commit('take it back', w.ada), signers: ['ada', 'bob', 'ada'] };
    },
  },
  {
    name: 'a cherry-pick, signed by who has picked it',
    build: (w) => {
      const first = w.introduce();
      const picked = w.editOn(first, 'racks/r1.yaml', w.eve);
      w.checkout(first);
      w.git('cherry-pick', '--no-commit', picked);
      return { head: w.commit('picked', w.bob), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'a rebase, signed anew on the way',
    build: (w) => {
      const first = w.introduce();
      w.editOn(first, 'racks/r1.yaml', w.bob);
      const branch = w.edit('racks/r2.yaml', w.bob);
      const main = w.editOn(first, 'site.yaml', w.ada);
      w.checkout(branch);
      w.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${w.bob.file}`, 'rebase', '-q', '-S', main);
      return { head: w.head(), signers: ['ada', 'ada', 'bob', 'bob'] };
    },
  },
  {
    name: 'a star in a path',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/r*.yaml', 'ignition/*/units/'])] });
      w.edit('racks/r1.yaml', w.bob);
      return { head: w.edit('ignition/cs/units/a.service', w.bob), signers: ['ada', 'bob', 'bob'] };
    },
  },
  {
    name: 'names that need care',
    build: (w) => {
      const first = w.introduce();
      const names = ['racks/with space.yaml', 'racks/\u00fcml\u00e4ut.yaml', 'racks/-rf', 'racks/a\tb\n"c"'];
      const head = names.reduce((parent, name) => {
        return w.commitEntry(parent, name, { mode: '100644', oid: w.blob('x\n') }, w.bob);
      }, first);
      return { head, signers: ['ada', 'bob', 'bob', 'bob', 'bob'] };
    },
  },
  {
    name: 'a whole site',
    wholeSite: true,
    build: async (w) => {
      await introduceSite(w);
      w.edit('README.md', w.ada);
      return { head: w.edit('racks/.gitkeep', w.bob), signers: ['ada', 'ada', 'bob'] };
    },
  },
  {
    name: "a secret that is sealed to the boot server's key",
    wholeSite: true,
    build: async (w) => {
      await introduceSite(w);
      await writeSecret(w, w.keys.ssh('boot server'));
      return { head: w.commit('a secret', w.ada), secretsKey: w.keys.ssh('boot server').file, signers: ['ada', 'ada'] };
    },
  },
];
