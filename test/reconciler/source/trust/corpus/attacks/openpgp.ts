import type { GpgKey } from '../../../../../gpg.ts';
import { armored, unarmored } from '../../openpgp-packet.ts';
import type { AttackRow } from '../story.ts';
import { entry, type World } from '../world.ts';

const day = 24 * 60 * 60;

/** A site where Ada may change everything by SSH, and Pia racks/ by OpenPGP. */
function withPia(w: World): void {
  w.introduce({ signers: [entry(w.ada), w.openPgpEntry(w.keys.openPgp('pia'))] });
}

/** Pia's commit, with a signature that was made otherwise than git has it made. */
function piasChanged(w: World, options: readonly string[], change = (armor: string) => armor): { head: string } {
  withPia(w);
  const { gpg } = w.keys;
  const sign = (payload: Buffer): string => gpg.sign(w.keys.openPgp('pia'), payload, { seconds: w.now, options });
  return { head: w.gpgSigned('racks/r1.yaml', (payload) => change(sign(payload))) };
}

/** A commit that a key, or a part of it, has signed though its owner has changed it; the site knows the change. */
function signedBefore(w: World, key: GpgKey, signer: GpgKey | string, change: () => void): { head: string } {
  w.write(`trust/keys/${key.name}.asc`, w.keys.asChanged(key, change));
  w.introduce({
    signers: [entry(w.ada), { name: key.name, openpgp: `trust/keys/${key.name}.asc`, paths: ['racks/'] }],
  });
  return { head: w.gpgSigned('racks/r1.yaml', (payload) => w.keys.gpg.sign(signer, payload, { seconds: w.now })) };
}

export const rows: readonly AttackRow[] = [
  {
    name: 'a stranger with an OpenPGP key',
    code: 'untrusted-key',
    why: 'everyone has a key',
    build: (w) => {
      withPia(w);
      return { head: w.edit('racks/r1.yaml', w.keys.gpg.signing(w.keys.openPgp('stranger'))) };
    },
  },
  {
    name: 'an OpenPGP key with the name and address of a trusted one',
    code: 'untrusted-key',
    why: 'a name in a key is whatever somebody calls himself',
    build: (w) => {
      const real = w.keys.gpg.key('twin');
      const other = w.keys.twin(real);
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(real)] });
      return { head: w.edit('racks/r1.yaml', w.keys.gpg.signing(other)) };
    },
  },
  {
    name: 'an OpenPGP key that lies in trust/keys and that no entry names',
    code: 'untrusted-key',
    why: 'the document says whom to trust, the folder only holds files',
    build: (w) => {
      w.openPgpEntry(w.keys.openPgp('pia'));
      w.introduce();
      return { head: w.edit('racks/r1.yaml', w.keys.gpg.signing(w.keys.openPgp('pia'))) };
    },
  },
  {
    name: 'an OpenPGP key that lets itself in',
    code: 'untrusted-key',
    why: 'only its parents can say so',
    build: (w) => {
      w.introduce();
      w.setTrust({ signers: [entry(w.ada), w.openPgpEntry(w.keys.openPgp('stranger'), ['**'])] });
      return { head: w.commit('let me in', w.keys.gpg.signing(w.keys.openPgp('stranger'))) };
    },
  },
  {
    name: 'an OpenPGP key on a path that is not allowed',
    code: 'path-not-allowed',
    why: 'who cares for the racks would change the whole site',
    build: (w) => {
      withPia(w);
      return { head: w.edit('site.yaml', w.keys.gpg.signing(w.keys.openPgp('pia'))) };
    },
  },
  {
    name: 'another message under an OpenPGP signature',
    code: 'bad-signature',
    why: 'what is shown of a commit must be what was signed',
    build: (w) => {
      withPia(w);
      const good = w.edit('racks/r1.yaml', w.keys.gpg.signing(w.keys.openPgp('pia')), 'reviewed by nobody');
      return { head: w.forge(good, (text) => text.replace('nobody', 'everyone')) };
    },
  },
  {
    name: 'an OpenPGP key that is over by its own statement',
    code: 'key-expired',
    why: 'its owner has given it a time',
    build: (w) => {
      const key = w.keys.openPgp('over', { madeSeconds: w.now, lifetimeSeconds: 10 * day });
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      w.edit('racks/r1.yaml', w.keys.gpg.signing(key));
      const late = w.now + 20 * day;
      w.at(late);
      const sign = (payload: Buffer): string => w.keys.gpg.sign(key, payload, { seconds: late - 15 * day });
      return { head: w.gpgSigned('racks/r2.yaml', sign) };
    },
  },
  {
    name: 'an OpenPGP key that is over by the trust document',
    code: 'key-expired',
    why: 'those who trust it have given it a time, too',
    build: (w) => {
      const more = { validBefore: '2023-11-01T00:00:00Z' };
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(w.keys.openPgp('pia'), ['racks/'], more)] });
      return { head: w.edit('racks/r1.yaml', w.keys.gpg.signing(w.keys.openPgp('pia'))) };
    },
  },
  {
    name: 'an OpenPGP signature that is older than its key',
    code: 'key-not-yet-valid',
    why: 'somebody has set a clock back',
    build: (w) => {
      const key = w.keys.openPgp('young', { madeSeconds: w.now + 10 * day });
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      const sign = (payload: Buffer): string => w.keys.gpg.sign(key, payload, { seconds: w.now + 11 * day });
      return { head: w.gpgSigned('racks/r1.yaml', sign) };
    },
  },
  {
    name: 'an OpenPGP key that its owner has revoked',
    code: 'key-revoked',
    why: 'nobody knows better than its owner that it is lost',
    build: (w) => {
      const key = w.keys.gpg.key('lost');
      return signedBefore(w, key, key, () => w.keys.gpg.revoke(key));
    },
  },
  {
    name: 'an OpenPGP key that the trust document revokes',
    code: 'key-revoked',
    why: 'it was stolen, and its owner cannot revoke it',
    build: (w) => {
      const revoked = { revoked: { reason: 'stolen' } };
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(w.keys.openPgp('pia'), ['racks/'], revoked)] });
      return { head: w.edit('racks/r1.yaml', w.keys.gpg.signing(w.keys.openPgp('pia'))) };
    },
  },
  {
    name: 'an OpenPGP key that the boot server itself does not believe any more',
    code: 'key-revoked',
    why: 'the site repo does not know yet',
    build: (w) => {
      withPia(w);
      const { fingerprint } = w.keys.openPgp('pia');
      const head = w.edit('racks/r1.yaml', w.keys.gpg.signing(w.keys.openPgp('pia')));
      return { head, revocations: [{ fingerprint, fromSeconds: null, reason: 'stolen' }] };
    },
  },
  {
    name: 'a subkey that the key in the site repo does not have',
    code: 'untrusted-key',
    why: 'who has the primary key can make any number of them; the file says which are meant',
    build: (w) => {
      const { gpg } = w.keys;
      const key = gpg.key('grows');
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      return { head: w.edit('racks/r1.yaml', gpg.signing(gpg.subkey(key))) };
    },
  },
  {
    name: 'a subkey that its owner has revoked',
    code: 'key-revoked',
    why: 'the laptop with it is gone',
    build: (w) => {
      const { gpg } = w.keys;
      const key = gpg.key('shrinks');
      return signedBefore(w, key, gpg.subkey(key), () => gpg.revokeSubkey(key));
    },
  },
  {
    name: 'an OpenPGP key that may not sign any more',
    code: 'not-a-signing-key',
    why: 'its owner keeps it for certifying',
    build: (w) => {
      const key = w.keys.gpg.key('certifies');
      return signedBefore(w, key, key, () => w.keys.gpg.toggleSigning(key));
    },
  },
  {
    name: 'an OpenPGP signature over SHA-1',
    code: 'weak-hash',
    why: 'others can make a second content to it',
    build: (w) => piasChanged(w, ['--digest-algo', 'SHA1', '--weak-digest', 'MD5']),
  },
  {
    name: 'an OpenPGP key that can be factored',
    code: 'weak-key',
    why: 'others can make its signatures',
    build: (w) => {
      const key = w.keys.openPgp('small', { algorithm: 'rsa1024' });
      w.introduce({ signers: [entry(w.ada), w.openPgpEntry(key)] });
      return { head: w.edit('racks/r1.yaml', w.keys.gpg.signing(key)) };
    },
  },
  {
    name: 'an OpenPGP signature that says of itself that it is over',
    code: 'expired-signature',
    why: 'its maker has given it a time',
    build: (w) => {
      withPia(w);
      const options = ['--default-sig-expire', 'seconds=60'];
      const start = w.now;
      w.at(start + 2 * day);
      const sign = (payload: Buffer): string =>
        w.keys.gpg.sign(w.keys.openPgp('pia'), payload, { seconds: start, options });
      return { head: w.gpgSigned('racks/r1.yaml', sign) };
    },
  },
  {
    name: 'an OpenPGP signature over text, whose line ends do not count',
    code: 'unsupported-signature',
    why: 'contents that differ in line ends would have one signature',
    build: (w) => piasChanged(w, ['--textmode']),
  },
  {
    name: 'two OpenPGP signatures in one armor',
    code: 'several-signatures',
    why: 'one reader takes the first, another one the last',
    build: (w) => piasChanged(w, [], (armor) => armored(Buffer.concat([unarmored(armor), unarmored(armor)]))),
  },
  {
    name: 'an OpenPGP signature by a stranger in front of the trusted one',
    code: 'several-signatures',
    why: 'so they would, and one of them is not trusted',
    build: (w) => {
      withPia(w);
      const { gpg } = w.keys;
      const keys = [w.keys.openPgp('stranger'), w.keys.openPgp('pia')];
      return {
        head: w.gpgSigned('racks/r1.yaml', (payload) =>
          armored(Buffer.concat(keys.map((key) => unarmored(gpg.sign(key, payload, { seconds: w.now }))))),
        ),
      };
    },
  },
  {
    name: 'two OpenPGP armors, one behind the other',
    code: 'malformed-signature',
    why: 'nothing may stand around a signature',
    build: (w) => piasChanged(w, [], (armor) => armor + armor),
  },
  {
    name: 'the message of an attacker behind an OpenPGP armor that has a blank at its end',
    code: 'malformed-signature',
    why: 'libraries that tidy up line ends show it as the signed message',
    build: (w) =>
      piasChanged(w, [], (armor) =>
        armor.replace('-----END PGP SIGNATURE-----\n', '-----END PGP SIGNATURE----- \n\nevil\n'),
      ),
  },
  {
    name: 'a private key in trust/keys',
    code: 'trust-unreadable',
    why: 'everyone who can read the site repo could sign with it',
    build: (w) => {
      withPia(w);
      w.write('trust/keys/pia.asc', w.keys.gpg.privateKey(w.keys.openPgp('pia')));
      return { head: w.commit('oops', w.ada) };
    },
  },
  {
    name: 'two keys in one file of trust/keys',
    code: 'trust-unreadable',
    why: 'a stranger would ride along with a trusted key',
    build: (w) => {
      withPia(w);
      const both = ['pia', 'stranger'].map((name) => w.keys.gpg.publicKey(w.keys.openPgp(name)));
      w.write('trust/keys/pia.asc', both.join(''));
      return { head: w.commit('ride along', w.ada) };
    },
  },
  {
    name: 'one OpenPGP key under two names',
    code: 'trust-unreadable',
    why: 'one person would count as two',
    build: (w) => {
      withPia(w);
      const pia = w.openPgpEntry(w.keys.openPgp('pia'));
      w.write('trust/keys/mia.asc', w.keys.gpg.publicKey(w.keys.openPgp('pia')));
      w.setTrust({ signers: [entry(w.ada), pia, { ...pia, name: 'mia', openpgp: 'trust/keys/mia.asc' }] });
      return { head: w.commit('two of me', w.ada) };
    },
  },
  {
    name: 'a merge by an OpenPGP key that the branch does not know yet',
    code: 'untrusted-key',
    why: 'the strictest of the parents counts',
    build: (w) => {
      const first = w.introduce();
      w.checkout(first);
      const main = w.editTrust({ signers: [entry(w.ada), entry(w.bob), w.openPgpEntry(w.keys.openPgp('pia'))] }, w.ada);
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(main, [side], w.keys.gpg.signing(w.keys.openPgp('pia'))) };
    },
  },
  {
    name: "another key in the place of somebody's in trust/keys",
    code: 'path-not-allowed',
    why: 'the entry stays the same, the person does not',
    build: (w) => {
      withPia(w);
      w.write('trust/keys/pia.asc', w.keys.gpg.publicKey(w.keys.openPgp('stranger')));
      return { head: w.commit('a new key', w.keys.gpg.signing(w.keys.openPgp('pia'))) };
    },
  },
  {
    name: 'an approval by an OpenPGP key that is not trusted',
    code: 'threshold-missed',
    why: 'everyone has a key',
    build: (w) => {
      w.introduce({ signers: [entry(w.ada), entry(w.bob)], thresholds: [{ paths: ['roles/'], signatures: 2 }] });
      const head = w.edit('roles/cs.yaml', w.bob);
      w.tag(`approve/${head}/pia`, head, w.keys.gpg.signing(w.keys.openPgp('pia')));
      return { head };
    },
  },
];
