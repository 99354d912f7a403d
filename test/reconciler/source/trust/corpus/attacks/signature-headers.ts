import { withSignature } from '../armor.ts';
import type { AttackRow } from '../story.ts';
import type { World } from '../world.ts';

const signatureHeader = /gpgsig .*?END SSH SIGNATURE-----\n/s;

/** A commit that Bob signed, edited afterwards. */
function bobsForged(w: World, edit: (text: string) => string): string {
  w.introduce();
  return w.forge(w.edit('racks/r1.yaml', w.bob), edit);
}

export const rows: readonly AttackRow[] = [
  {
    name: 'a header that was put in between',
    code: 'bad-signature',
    why: 'every header but the signature is signed',
    build: (w) => ({ head: bobsForged(w, (text) => text.replace('\ngpgsig ', '\nencoding UTF-7\ngpgsig ')) }),
  },
  {
    name: 'a header behind the signature',
    code: 'bad-signature',
    why: 'it is signed, too, wherever it stands',
    build: (w) => ({ head: bobsForged(w, (text) => text.replace('SIGNATURE-----\n\n', 'SIGNATURE-----\nx y\n\n')) }),
  },
  {
    name: 'a second gpgsig header',
    code: 'duplicate-signature',
    why: 'Git takes them for one text, others take the first or the last',
    build: (w) => ({ head: bobsForged(w, (text) => text.replace(signatureHeader, (header) => header + header)) }),
  },
  {
    name: "a second gpgsig header: a stranger's in front of the trusted one",
    code: 'duplicate-signature',
    why: 'one reader checks the one, another reader shows the other',
    build: (w) => {
      w.introduce();
      const payload = w.object(w.edit('racks/r1.yaml'));
      const { fixture } = w.keys;
      const bobs = withSignature(payload, fixture.sign(w.bob, payload));
      return { head: w.store(withSignature(bobs, fixture.sign(w.eve, payload))) };
    },
  },
  {
    name: 'a signature in gpgsig-sha256 alone',
    code: 'unsigned',
    why: 'that header signs the other form of the object, which is not the one that is read here',
    build: (w) => ({ head: bobsForged(w, (text) => text.replace('\ngpgsig ', '\ngpgsig-sha256 ')) }),
  },
  {
    name: 'two gpgsig-sha256 headers',
    code: 'duplicate-signature',
    why: 'they are left out of what is signed: anything could be told in them',
    build: (w) => {
      const twice = 'gpgsig-sha256 a\ngpgsig-sha256 b\n';
      return { head: bobsForged(w, (text) => text.replace('\ngpgsig ', `\n${twice}gpgsig `)) };
    },
  },
  {
    name: 'a header whose name only begins with gpgsig',
    code: 'bad-header',
    why: 'Git leaves it out of what is signed, so that nobody has signed it',
    build: (w) => ({ head: bobsForged(w, (text) => text.replace('\ngpgsig ', '\ngpgsignoff: everyone\ngpgsig ')) }),
  },
  {
    name: 'a signature in the message',
    code: 'unsigned',
    why: 'a reader that looks for armor anywhere takes it for the signature of the commit',
    build: (w) => {
      w.introduce();
      const bare = w.object(w.edit('racks/r1.yaml'));
      const armor = w.keys.fixture.sign(w.bob, bare);
      return { head: w.store(Buffer.concat([bare, Buffer.from(`\ngpgsig ${armor.replaceAll('\n', '\n ')}\n`)])) };
    },
  },
  {
    name: 'a whole signed commit in the message of an unsigned one',
    code: 'unsigned',
    why: 'so does a reader that looks for the last signature',
    build: (w) => {
      w.introduce();
      const good = w.object(w.edit('racks/r1.yaml', w.bob)).toString('latin1');
      return { head: w.edit('racks/r2.yaml', undefined, good) };
    },
  },
  {
    name: 'the message of an attacker in the headers, behind an armor that has a blank at its end',
    code: 'malformed-signature',
    why: 'libraries that tidy up line ends show it as the signed message',
    build: (w) => {
      const evil = 'SIGNATURE----- \n \n Reviewed by everyone\n\n';
      return { head: bobsForged(w, (text) => text.replace('END SSH SIGNATURE-----\n\n', `END SSH ${evil}`)) };
    },
  },
  {
    name: 'carriage returns at the ends of headers',
    code: 'bad-person',
    why: 'Git reads on, others stop there',
    build: (w) => ({
      head: bobsForged(w, (text) => text.replace(/^(author|committer) .*$/gm, (header) => `${header}\r`)),
    }),
  },
  {
    name: 'carriage returns in the armor',
    code: 'malformed-signature',
    why: 'a signature has one form',
    build: (w) => ({
      head: bobsForged(w, (text) => text.replace(signatureHeader, (header) => header.replaceAll('\n ', '\r\n '))),
    }),
  },
  {
    name: 'no committer',
    code: 'header-order',
    why: 'no time says when the key had to be valid',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.resigned(good, w.bob, (text) => text.replace(/committer .*\n/, '')) };
    },
  },
  {
    name: 'two committers',
    code: 'header-order',
    why: 'the one could be judged and the other one shown',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.resigned(good, w.bob, (text) => text.replace(/committer .*\n/, (line) => line + line)) };
    },
  },
  {
    name: 'a second tree',
    code: 'header-order',
    why: 'the one could be judged and the other one used',
    build: (w) => {
      const first = w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      const second = `tree ${w.treeOf(first)}\n`;
      return { head: w.resigned(good, w.bob, (text) => text.replace('\n\n', `\n${second}\n`)) };
    },
  },
  {
    name: 'a parent behind the author',
    code: 'header-order',
    why: 'Git does not see it there, others do',
    build: (w) => {
      const first = w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.resigned(good, w.bob, (text) => text.replace('\n\n', `\nparent ${first}\n\n`)) };
    },
  },
  {
    name: 'an author who breaks out of the angle brackets',
    code: 'bad-person',
    why: 'what follows could be read as the time',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.resigned(good, w.bob, (text) => text.replace('author Ada <', 'author Ada <a@b> 1 +0000 <')) };
    },
  },
  {
    name: 'a committer time that is no number',
    code: 'bad-person',
    why: 'the key would have to be valid at no time at all',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.resigned(good, w.bob, (text) => text.replace(/(committer .*>) \d+/, '$1 -1')) };
    },
  },
  {
    name: 'a NUL byte in the message',
    code: 'nul-byte',
    why: 'Git shows and signs what stands in front of it, others all of it',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.resigned(good, w.bob, (text) => `${text}\0not shown`) };
    },
  },
  {
    name: 'no message, nor the empty line before it',
    code: 'no-message',
    why: 'nothing says where the headers end',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.forge(good, (text) => text.slice(0, text.indexOf('\n\n') + 1)) };
    },
  },
  {
    name: 'a tree that is no object id',
    code: 'not-descendant',
    why: 'there is no content to judge; what does not begin as a commit has no parents either',
    build: (w) => {
      w.introduce();
      const good = w.edit('racks/r1.yaml', w.bob);
      return { head: w.resigned(good, w.bob, (text) => text.replace(/^tree ..../, 'tree HEAD')) };
    },
  },
];
