import { execFileSync } from 'node:child_process';
import { armored, rearmored, replaced, rsaSha1Key, securityKey, withSignature } from '../armor.ts';
import type { AttackRow } from '../story.ts';
import { entry, type World } from '../world.ts';

/** An unsigned commit that Bob might have signed. */
function unsigned(w: World): string {
  w.introduce();
  return w.edit('racks/r1.yaml');
}

/** That commit, with a signature by Bob that was changed. */
function bobsChanged(w: World, change: (armor: string) => string): string {
  const payload = w.object(unsigned(w));
  return w.store(withSignature(payload, change(w.keys.fixture.sign(w.bob, payload))));
}

export const rows: readonly AttackRow[] = [
  {
    name: 'an unsigned tip',
    code: 'unsigned',
    why: 'whoever can push, or stands between, would be obeyed',
    build: (w) => ({ head: unsigned(w) }),
  },
  {
    name: 'an unsigned ancestor below a signed tip',
    code: 'unsigned',
    why: 'a check of the tip alone lets anything in below it',
    build: (w) => {
      const blamed = unsigned(w);
      return { head: w.edit('racks/r2.yaml', w.ada), blamed };
    },
  },
  {
    name: 'an unsigned ancestor whose changes the tip takes back',
    code: 'unsigned',
    why: 'the tip is clean, but the commit between is what somebody may have seen and believed',
    build: (w) => {
      const blamed = unsigned(w);
      w.delete('racks/r1.yaml');
      return { head: w.commit('back', w.ada), blamed };
    },
  },
  {
    name: 'an unsigned parent on a side branch that was merged by a trusted key',
    code: 'unsigned',
    why: 'whoever merges vouches for what they have seen, not for who made it',
    build: (w) => {
      const first = w.introduce();
      const blamed = w.editOn(first, 'racks/r1.yaml');
      return { head: w.mergeOn(first, [blamed], w.ada), blamed };
    },
  },
  {
    name: 'an unsigned commit two merges deep',
    code: 'unsigned',
    why: 'a branch of a branch is history like any other',
    build: (w) => {
      const first = w.introduce();
      const blamed = w.editOn(first, 'racks/r1.yaml');
      const side = w.mergeOn(w.editOn(first, 'racks/r2.yaml', w.bob), [blamed], w.bob);
      return { head: w.mergeOn(w.editOn(first, 'racks/r3.yaml', w.bob), [side], w.ada), blamed };
    },
  },
  {
    name: 'an unsigned merge of signed branches',
    code: 'unsigned',
    why: 'a merge can hold anything, whatever its parents are',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      return { head: w.mergeOn(w.editOn(first, 'racks/r2.yaml', w.bob), [side]) };
    },
  },
  {
    name: 'a signature that was made for a file',
    code: 'wrong-namespace',
    why: 'somebody who signs files with the same key would sign commits unawares',
    build: (w) => {
      const payload = w.object(unsigned(w));
      return { head: w.store(withSignature(payload, w.keys.fixture.sign(w.bob, payload, 'file'))) };
    },
  },
  {
    name: 'another tree under a signature',
    code: 'bad-signature',
    why: 'the content of the site is the tree',
    build: (w) => {
      const first = w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.forge(good, (text) => text.replace(w.treeOf(good), w.treeOf(first))) };
    },
  },
  {
    name: 'another message under a signature',
    code: 'bad-signature',
    why: 'what is shown of a commit must be what was signed',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob, 'reviewed by nobody');
      return { head: w.forge(good, (text) => text.replace('nobody', 'everyone')) };
    },
  },
  {
    name: 'another author under a signature',
    code: 'bad-signature',
    why: 'the blame would fall on somebody else',
    build: (w) => {
      w.introduce();
      return { head: w.forge(w.edit('racks/r1.yaml', w.bob), (text) => text.replace('author Ada', 'author Eve')) };
    },
  },
  {
    name: 'another committer time under a signature',
    code: 'bad-signature',
    why: 'the time decides whether the key was valid',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.forge(good, (text) => text.replace(/(committer .*)\d \+0000/, '$17 +0000')) };
    },
  },
  {
    name: 'another parent under a signature',
    code: 'bad-signature',
    why: 'a good commit would be put where it was never meant to be',
    build: (w) => {
      const first = w.introduce();
      const second = w.edit('racks/r1.yaml', w.bob);
      const third = w.edit('racks/r2.yaml', w.bob);
      return { head: w.forge(third, (text) => text.replace(`parent ${second}`, `parent ${first}`)) };
    },
  },
  {
    name: 'one more parent under a signature',
    code: 'bad-signature',
    why: 'a branch could be brought in by nobody',
    build: (w) => {
      const first = w.introduce();
      const side = w.editOn(first, 'racks/r1.yaml', w.bob);
      const good = w.editOn(first, 'racks/r2.yaml', w.bob);
      return { head: w.forge(good, (text) => text.replace('author', `parent ${side}\nauthor`)) };
    },
  },
  {
    name: 'the signature of another commit',
    code: 'bad-signature',
    why: 'signatures are public, and could be put anywhere',
    build: (w) => {
      w.introduce();
      const armor = w.parsed(w.edit('racks/r1.yaml', w.bob)).signature ?? '';
      return { head: w.store(withSignature(w.object(w.edit('racks/r2.yaml')), armor)) };
    },
  },
  {
    name: 'the signature of a tag over the same commit',
    code: 'bad-signature',
    why: 'a tag says something else about a commit than that somebody made it',
    build: (w) => {
      const commit = unsigned(w);
      w.tag('v1', commit, w.bob);
      const tag = w.object(w.git('rev-parse', 'refs/tags/v1'), 'tag').toString('latin1');
      return { head: w.store(withSignature(w.object(commit), tag.slice(tag.indexOf('-----BEGIN')))) };
    },
  },
  {
    name: 'a last bit of the signature that is flipped',
    code: 'bad-signature',
    why: 'there must be no slack in a signature',
    build: (w) => ({
      head: bobsChanged(w, (armor) =>
        rearmored(armor, (wire) => Buffer.concat([wire.subarray(0, -1), Buffer.from([(wire.at(-1) ?? 0) ^ 1])])),
      ),
    }),
  },
  {
    name: 'the key of a trusted signer in the signature of a stranger',
    code: 'bad-signature',
    why: 'a signature names its key itself',
    build: (w) => {
      const payload = w.object(unsigned(w));
      const bytes = (text: string): Buffer => Buffer.from(text.split(' ')[1] ?? '', 'base64');
      const [eves, bobs] = [bytes(w.eve.publicKey), bytes(w.bob.publicKey)];
      const armor = rearmored(w.keys.fixture.sign(w.eve, payload), (wire) => {
        const at = wire.indexOf(eves);
        return Buffer.concat([wire.subarray(0, at), bobs, wire.subarray(at + eves.length)]);
      });
      return { head: w.store(withSignature(payload, armor)) };
    },
  },
  {
    name: 'a hash that is not known',
    code: 'unsupported-hash',
    why: 'a name that is not checked would choose the hash',
    build: (w) => ({
      head: bobsChanged(w, (armor) => rearmored(armor, (wire) => replaced(wire, 'sha512', 'sha384'))),
    }),
  },
  {
    name: 'a version of the format that is not known',
    code: 'unsupported-version',
    why: 'its fields may mean something else',
    build: (w) => ({
      head: bobsChanged(w, (armor) =>
        rearmored(armor, (wire) => Buffer.concat([wire.subarray(0, 9), Buffer.from([2]), wire.subarray(10)])),
      ),
    }),
  },
  {
    name: 'a kind of key that is not known',
    code: 'unsupported-key',
    why: 'what cannot be checked is not believed',
    build: (w) => ({
      head: bobsChanged(w, (armor) => rearmored(armor, (wire) => replaced(wire, 'ssh-ed25519', 'ssh-ed25520'))),
    }),
  },
  {
    name: 'a certificate of SSH in the place of a key',
    code: 'unsupported-key',
    why: 'whoever issues certificates would say who may sign',
    build: (w) => {
      const payload = w.object(unsigned(w));
      const args = ['-q', '-s', w.ada.file, '-I', 'bob', '-n', 'bob', `${w.bob.file}.pub`];
      execFileSync('ssh-keygen', args, { stdio: 'ignore' });
      const certificate = { ...w.bob, file: `${w.bob.file}-cert.pub` };
      return { head: w.store(withSignature(payload, w.keys.fixture.sign(certificate, payload))) };
    },
  },
  {
    name: 'something behind the last field of the signature',
    code: 'malformed-signature',
    why: 'what nobody reads is where things are hidden',
    build: (w) => ({
      head: bobsChanged(w, (armor) => rearmored(armor, (wire) => Buffer.concat([wire, Buffer.from('x')]))),
    }),
  },
  {
    name: 'a signature that is cut off',
    code: 'malformed-signature',
    why: 'half a signature is none',
    build: (w) => ({ head: bobsChanged(w, (armor) => rearmored(armor, (wire) => wire.subarray(0, -9))) }),
  },
  {
    name: 'text behind the armor',
    code: 'malformed-signature',
    why: 'a reader of the header would take it for a part of the message',
    build: (w) => ({ head: bobsChanged(w, (armor) => `${armor}\nReviewed-by: everyone\n`) }),
  },
  {
    name: 'text in front of the armor',
    code: 'malformed-signature',
    why: 'a reader of the header would take it for a part of the message',
    build: (w) => ({ head: bobsChanged(w, (armor) => `Reviewed-by: everyone\n${armor}`) }),
  },
  {
    name: 'two signatures in one header',
    code: 'malformed-signature',
    why: 'each reader would take another one of them',
    build: (w) => ({ head: bobsChanged(w, (armor) => armor + armor) }),
  },
  {
    name: 'an armor without anything in it',
    code: 'malformed-signature',
    why: 'nothing is no signature',
    build: (w) => ({ head: bobsChanged(w, () => armored(Buffer.alloc(0))) }),
  },
  {
    name: 'a signature by a certificate (X.509)',
    code: 'unsupported-signature',
    why: 'no certificate is in the trust document',
    build: (w) => ({ head: bobsChanged(w, (armor) => armor.replaceAll('SSH SIGNATURE', 'SIGNED MESSAGE')) }),
  },
  {
    name: 'an RSA key that can be factored',
    code: 'weak-key',
    why: 'others can make its signatures',
    build: (w) => {
      w.introduce();
      return { head: w.edit('racks/r1.yaml', w.keys.ssh('weak', 'rsa', 1024)) };
    },
  },
  {
    name: 'an RSA signature over SHA-1',
    code: 'wrong-algorithm',
    why: 'others can make a second content to it',
    build: (w) => {
      const old = rsaSha1Key();
      w.introduce({ signers: [entry(w.ada), entry({ name: 'old', ...old })] });
      const payload = w.object(w.edit('racks/r1.yaml'));
      return { head: w.store(withSignature(payload, old.sign(payload))) };
    },
  },
  {
    name: 'a security key that nobody touched',
    code: 'no-user-presence',
    why: 'malware on the laptop can have it sign while it is plugged in',
    build: (w) => {
      const left = securityKey(false);
      w.introduce({ signers: [entry(w.ada), entry({ name: 'left plugged in', ...left })] });
      const payload = w.object(w.edit('racks/r1.yaml'));
      return { head: w.store(withSignature(payload, left.sign(payload))) };
    },
  },
];
