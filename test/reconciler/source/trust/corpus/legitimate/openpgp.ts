import type { LegitimateRow } from '../story.ts';
import { entry } from '../world.ts';

const day = 24 * 60 * 60;

export const rows: readonly LegitimateRow[] = [
  {
    name: 'commits by OpenPGP keys of several kinds, and by SSH keys',
    build: (w) => {
      const pgp = [
        w.keys.openPgp('pia'),
        w.keys.openPgp('rita', { algorithm: 'rsa2048' }),
        w.keys.openPgp('nina', { algorithm: 'nistp256' }),
      ];
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/']), ...pgp.map((key) => w.openPgpEntry(key))] });
      for (const key of pgp) w.edit(`racks/${key.name}.yaml`, w.keys.gpg.signing(key));
      return { head: w.edit('racks/r1.yaml', w.bob), signers: ['ada', 'pia', 'rita', 'nina', 'bob'] };
    },
  },
  {
    name: 'an introduction by an OpenPGP key',
    build: (w) => {
      const pia = w.keys.openPgp('pia');
      w.write('site.yaml', 'id: one\n');
      w.setTrust({ signers: [w.openPgpEntry(pia, ['**'])] });
      const commit = w.commit('introduce', w.keys.gpg.signing(pia));
      const introduction = { commit, keyFingerprint: pia.fingerprint };
      return { head: w.edit('site.yaml', w.keys.gpg.signing(pia)), introduction, signers: ['pia', 'pia'] };
    },
  },
  {
    name: 'a subkey that signs for its primary key',
    build: (w) => {
      const { gpg } = w.keys;
      const key = gpg.key('subtle', { usage: 'cert' });
      const subkey = gpg.subkey(key);
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      return { head: w.edit('racks/r1.yaml', gpg.signing(subkey)), signers: ['ada', 'subtle'] };
    },
  },
  {
    name: 'an OpenPGP key beside an SSH key of the same person',
    build: (w) => {
      const pgp = w.keys.openPgp('pia');
      const signers = [
        entry(w.ada),
        entry({ ...w.bob, name: 'Pia' }, ['racks/']),
        { ...w.openPgpEntry(pgp), name: 'Pia' },
      ];
      w.introduce({ signers });
      w.edit('racks/r1.yaml', w.bob);
      return { head: w.edit('racks/r2.yaml', w.keys.gpg.signing(pgp)), signers: ['ada', 'Pia', 'Pia'] };
    },
  },
  {
    name: 'commits from within the time of an OpenPGP key, which is over since',
    build: (w) => {
      const key = w.keys.openPgp('short', { madeSeconds: w.now, lifetimeSeconds: 10 * day });
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      w.edit('racks/r1.yaml', w.keys.gpg.signing(key));
      w.at(w.now + 20 * day);
      return { head: w.edit('racks/r2.yaml', w.ada), signers: ['ada', 'short', 'ada'] };
    },
  },
  {
    name: 'an OpenPGP key whose time its owner has made longer',
    build: (w) => {
      const { gpg } = w.keys;
      const start = w.now;
      const key = w.keys.openPgp('longer', { madeSeconds: start, lifetimeSeconds: 10 * day });
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      w.edit('racks/r1.yaml', gpg.signing(key));
      gpg.setExpiry(key, start + 100 * day, start + day);
      w.at(start + 2 * day);
      w.setTrust({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      w.commit('the same key, for longer', w.ada);
      w.at(start + 20 * day);
      return { head: w.edit('racks/r2.yaml', gpg.signing(key)), signers: ['ada', 'longer', 'ada', 'longer'] };
    },
  },
  {
    name: 'an approval by an OpenPGP key',
    build: (w) => {
      const pia = w.keys.openPgp('pia');
      const signers = [entry(w.ada), entry(w.bob), w.openPgpEntry(pia, ['**'])];
      w.introduce({ signers, thresholds: [{ paths: ['roles/'], signatures: 2 }] });
      const head = w.edit('roles/cs.yaml', w.bob);
      w.tag(`approve/${head}/pia`, head, w.keys.gpg.signing(pia));
      return { head, signers: ['ada', 'bob'], approvers: { 1: ['pia'] } };
    },
  },
  {
    name: "a merge by the host with an OpenPGP key, as GitHub's are",
    build: (w) => {
      const host = w.keys.openPgp('web-flow', { algorithm: 'rsa2048' });
      const { openpgp = '' } = w.openPgpEntry(host);
      const mergeKeys = [{ name: 'the host', openpgp, paths: ['racks/'] }];
      const first = w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'])], mergeKeys });
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      const main = w.editOn(first, 'site.yaml', w.ada);
      const head = w.mergeOn(main, [side], w.keys.gpg.signing(host));
      return { head, signers: ['ada', 'ada', 'bob', 'bob, merged by the host'] };
    },
  },
  {
    name: 'a message that gpg would take for a signature',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(w.keys.openPgp('pia'))] });
      const armor = w.keys.gpg.sign(w.keys.openPgp('stranger'), 'something else');
      const head = w.edit('racks/r1.yaml', w.keys.gpg.signing(w.keys.openPgp('pia')), `how to sign\n\n${armor}`);
      return { head, signers: ['ada', 'pia'] };
    },
  },
];
