import type { LegitimateRow } from '../story.ts';
import { entry } from '../world.ts';

const at = (instant: string): number => Date.parse(instant) / 1000;

export const rows: readonly LegitimateRow[] = [
  {
    name: 'a rotation: the old key lets the new one in, which throws the old one out',
    build: (w) => {
      const fresh = w.keys.ssh('fresh');
      w.introduce();
      w.editTrust({ signers: [entry(w.ada), entry({ ...fresh, name: 'ada' })] }, w.ada);
      w.editTrust({ signers: [entry({ ...fresh, name: 'ada' })] }, fresh);
      return { head: w.edit('site.yaml', fresh), signers: ['ada', 'ada', 'ada', 'ada'] };
    },
  },
  {
    name: 'a rotation in one step, signed by the old key',
    build: (w) => {
      w.introduce();
      w.editTrust({ signers: [entry(w.cyd)] }, w.ada);
      return { head: w.edit('site.yaml', w.cyd), signers: ['ada', 'ada', 'cyd'] };
    },
  },
  {
    name: 'a key that comes back, let in by others',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      w.editTrust({ signers: [entry(w.ada)] }, w.ada);
      w.editTrust({ signers: [entry(w.ada), entry(w.bob)] }, w.ada);
      return { head: w.edit('racks/r2.yaml', w.bob), signers: ['ada', 'bob', 'ada', 'ada', 'bob'] };
    },
  },
  {
    name: 'a new signer, let in and used in the next commit',
    build: (w) => {
      w.introduce();
      w.editTrust({ signers: [entry(w.ada), entry(w.cyd, ['roles/'])] }, w.ada);
      return { head: w.edit('roles/cs.yaml', w.cyd), signers: ['ada', 'ada', 'cyd'] };
    },
  },
  {
    name: 'several keys of one person',
    build: (w) => {
      const [desk, travel] = [w.keys.ssh('desk'), w.keys.ssh('travel')];
      w.introduce({
        signers: [
          entry(w.ada),
          entry({ ...desk, name: 'Dora' }, ['racks/']),
          entry({ ...travel, name: 'Dora' }, ['racks/']),
        ],
      });
      w.edit('racks/r1.yaml', desk);
      return { head: w.edit('racks/r2.yaml', travel), signers: ['ada', 'Dora', 'Dora'] };
    },
  },
  {
    name: 'commits from within the time of a key, which is over since',
    build: (w) => {
      const valid = { validAfter: '2023-11-01T00:00:00Z', validBefore: '2023-12-01T00:00:00Z' };
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'], valid)] });
      w.edit('racks/r1.yaml', w.bob);
      w.at(at('2023-11-30T23:59:59Z'));
      w.edit('racks/r2.yaml', w.bob);
      w.at(at('2024-03-01T00:00:00Z'));
      return { head: w.edit('racks/r3.yaml', w.ada), signers: ['ada', 'bob', 'bob', 'ada'] };
    },
  },
  {
    name: 'a key from its first second on',
    build: (w) => {
      const valid = { validAfter: '2023-12-01T00:00:00Z' };
      w.introduce({ signers: [entry(w.ada), entry(w.bob, ['racks/'], valid)] });
      w.at(at('2023-12-01T00:00:00Z'));
      return { head: w.edit('racks/r1.yaml', w.bob), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'the commits of a key before it was revoked without a time',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      const revoked = { revoked: { reason: 'left the team' } };
      w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'], revoked)] }, w.ada);
      return { head: w.edit('racks/r2.yaml', w.ada), signers: ['ada', 'bob', 'ada', 'ada'] };
    },
  },
  {
    name: 'the commits of a key before the time from which it is revoked',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      w.at(at('2024-01-02T00:00:00Z'));
      const revoked = { revoked: { reason: 'laptop stolen', from: '2024-01-01T00:00:00Z' } };
      const head = w.editTrust({ signers: [entry(w.ada), entry(w.bob, ['racks/'], revoked)] }, w.ada);
      return { head, signers: ['ada', 'bob', 'ada'] };
    },
  },
  {
    name: 'the commits of a key before the time from which the boot server does not believe it',
    build: (w) => {
      w.introduce();
      const head = w.edit('racks/r1.yaml', w.bob);
      const revocation = { fingerprint: w.bob.fingerprint, fromSeconds: w.now + 1, reason: 'stolen' };
      return { head, revocations: [revocation], signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'members of a group, each within what the group may change',
    build: (w) => {
      w.introduce({
        signers: [entry(w.ada), entry(w.bob, []), entry(w.cyd, ['racks/'])],
        groups: [{ name: 'storage', members: ['bob', 'cyd'], paths: ['roles/ss.yaml', 'ignition/ss/'] }],
      });
      w.edit('roles/ss.yaml', w.bob);
      w.edit('ignition/ss/ignition.yaml', w.cyd);
      return { head: w.edit('racks/r1.yaml', w.cyd), signers: ['ada', 'bob', 'cyd', 'cyd'] };
    },
  },
  {
    name: "a file of allowed signers, as OpenSSH's own tools have it",
    build: (w) => {
      const lines = [
        '# the storage team',
        `bob@example.org,robert@example.org namespaces="git" ${w.bob.publicKey} a comment`,
        `cyd@example.org valid-after="20231101Z",valid-before="20240101Z" ${w.cyd.publicKey}`,
      ];
      w.write('trust/allowed_signers', `${lines.join('\n')}\n`);
      w.introduce({
        signers: [entry(w.ada)],
        groups: [{ name: 'storage', allowedSigners: 'trust/allowed_signers', paths: ['roles/ss.yaml'] }],
      });
      w.edit('roles/ss.yaml', w.bob);
      const head = w.edit('roles/ss.yaml', w.cyd);
      return { head, signers: ['ada', 'bob@example.org', 'cyd@example.org'] };
    },
  },
];
