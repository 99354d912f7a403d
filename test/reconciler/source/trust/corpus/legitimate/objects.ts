import { withSignature } from '../armor.ts';
import type { LegitimateRow } from '../story.ts';
import type { World } from '../world.ts';

/** A commit by Bob with a message of bytes that are no UTF-8, in an encoding that is said or not. */
function encoded(w: World, encoding: string | null, message: Buffer): { head: string; signers: readonly string[] } {
  w.introduce();
  const payload = w.object(w.edit('racks/r1.yaml'));
  const headers = payload.subarray(0, payload.indexOf('\n\n') + 1);
  const said = Buffer.from(encoding === null ? '\n' : `encoding ${encoding}\n\n`);
  return { head: w.sealed(Buffer.concat([headers, said, message]), w.bob), signers: ['ada', 'bob'] };
}

/** A commit by Bob, edited before it was signed. */
function edited(w: World, edit: (text: string) => string): { head: string; signers: readonly string[] } {
  w.introduce();
  return { head: w.resigned(w.edit('racks/r1.yaml', w.bob), w.bob, edit), signers: ['ada', 'bob'] };
}

export const rows: readonly LegitimateRow[] = [
  {
    name: 'a message in latin-1',
    build: (w) => encoded(w, 'ISO-8859-1', Buffer.from('Gr\u00fc\u00dfe aus M\u00fcnchen\n', 'latin1')),
  },
  {
    name: 'a message in an encoding that nobody knows',
    build: (w) => encoded(w, 'x-klingon', Buffer.from([0xf8, 0xff, 0x0a])),
  },
  {
    name: 'a message that is no UTF-8 and says nothing about it',
    build: (w) => encoded(w, null, Buffer.from([0x66, 0xfc, 0x72, 0x0a])),
  },
  {
    name: 'an author in latin-1',
    build: (w) => edited(w, (text) => text.replace('author Ada', 'author J\u00fcrgen')),
  },
  {
    name: 'an empty message',
    build: (w) => edited(w, (text) => text.slice(0, text.indexOf('\n\n') + 2)),
  },
  {
    name: 'a message without a newline at its end',
    build: (w) => edited(w, (text) => text.trimEnd()),
  },
  {
    name: 'a message that begins and ends with empty lines',
    build: (w) => edited(w, (text) => `${text.replace('\n\n', '\n\n\n\n')}\n\n\n`),
  },
  {
    name: 'a message with carriage returns',
    build: (w) => edited(w, (text) => `${text}\r\nsecond\r\n\r\n`),
  },
  {
    name: 'a message of a megabyte',
    build: (w) => edited(w, (text) => text + 'a long story\n'.repeat(80_000)),
  },
  {
    name: 'a message that holds the armor of a signature',
    build: (w) => {
      w.introduce();
      const armor = w.keys.fixture.sign(w.eve, 'something else');
      return {
        head: w.edit('racks/r1.yaml', w.bob, `how to sign\n\n${armor}\ngpgsig -----BEGIN`),
        signers: ['ada', 'bob'],
      };
    },
  },
  {
    name: 'headers that Git does not know',
    build: (w) =>
      edited(w, (text) => text.replace('\n\n', '\nHG:extra rebase_source:abc\nx-reviewed one\n two\n \n three\n\n')),
  },
  {
    name: 'a signature for the SHA-256 form beside the one that counts',
    build: (w) => {
      w.introduce();
      const good = w.object(w.edit('racks/r1.yaml', w.bob));
      return { head: w.store(withSignature(good, 'anything', 'gpgsig-sha256')), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'a header behind the signature that was there when it was signed',
    build: (w) => {
      w.introduce();
      const payload = w.object(w.edit('racks/r1.yaml')).toString('latin1').replace('\n\n', '\nx y\n\n');
      const signed = withSignature(Buffer.from(payload), w.keys.fixture.sign(w.bob, payload)).toString('latin1');
      const [header = ''] = /gpgsig .*?END SSH SIGNATURE-----\n/s.exec(signed) ?? [];
      return { head: w.store(signed.replace(header, '').replace('x y\n', `${header}x y\n`)), signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'the same parent twice',
    build: (w) => {
      const first = w.introduce();
      const head = w.edit('racks/r1.yaml', w.bob);
      return {
        head: w.resigned(head, w.bob, (text) => text.replace('author', `parent ${first}\nauthor`)),
        signers: ['ada', 'bob'],
      };
    },
  },
  {
    name: 'odd time zones',
    build: (w) =>
      edited(w, (text) => text.replace(/(author .*) \+0000/, '$1 -1330').replace(/(committer .*) \+0000/, '$1 +1400')),
  },
  {
    name: 'a clock that is behind by some hours',
    build: (w) => {
      w.introduce();
      w.edit('racks/r1.yaml', w.bob);
      w.at(w.now - 5 * 3600);
      return { head: w.edit('racks/r2.yaml', w.bob), signers: ['ada', 'bob', 'bob'] };
    },
  },
  {
    name: 'a clock that is ahead by some hours',
    build: (w) => {
      w.introduce();
      const nowSeconds = w.now;
      w.at(w.now + 5 * 3600);
      return { head: w.edit('racks/r1.yaml', w.bob), nowSeconds, signers: ['ada', 'bob'] };
    },
  },
  {
    name: 'an author date of long ago',
    build: (w) => edited(w, (text) => text.replace(/(author .*>) \d+/, '$1 0')),
  },
  {
    name: 'people without a name',
    build: (w) =>
      edited(w, (text) => text.replace('author Ada <', 'author <').replace(/committer Ada <[^>]*>/, 'committer  <>')),
  },
  {
    name: 'objects that git has packed',
    build: (w) => {
      w.introduce();
      for (let number = 1; number < 6; number++) w.edit('racks/r1.yaml', w.bob);
      const head = w.head();
      w.git('repack', '-q', '-a', '-d', '-f');
      return { head, signers: ['ada', ...Array.from({ length: 5 }, () => 'bob')] };
    },
  },
];
