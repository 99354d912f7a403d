import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectFormatError } from '../../../reconciler/source/object-headers.ts';
import { parseTag } from '../../../reconciler/source/tag.ts';
import { readOpenPgpKey } from '../../../reconciler/source/trust/openpgp.ts';
import { verifySignature } from '../../../reconciler/source/trust/signature.ts';
import { GitFixture, signing } from '../../git.ts';
import { GpgFixture, signedSeconds } from '../../gpg.ts';
import { replaced } from './trust/signed-object.ts';

const fixture = new GitFixture();
const gpg = new GpgFixture();
test.after(() => {
  fixture.remove();
  gpg.remove();
});
const repository = fixture.repository();
repository.at(signedSeconds);
repository.write('site.yaml', 'id: one\n');
const tagged = repository.commit('a change');
const sshKey = fixture.key('ada');
const gpgKey = gpg.key('ada');
const stranger = gpg.key('eve');
const publicKey = gpg.publicKey(gpgKey);
const allowedSigners = join(fixture.root, 'allowed_signers');
writeFileSync(allowedSigners, `ada@example.org ${sshKey.publicKey}\n`);
repository.git('config', 'gpg.ssh.allowedSignersFile', allowedSigners);

let tags = 0;

/** A tag that git makes; signed by the options that come before its command. */
function gitTag(message: Uint8Array | string, options: readonly string[], ...more: readonly string[]): Buffer {
  const name = `t${++tags}`;
  repository.gitWith(message, ...options, 'tag', ...more, '-F', '-', name, tagged);
  return repository.object(repository.git('rev-parse', `refs/tags/${name}`), 'tag');
}

const byGpg = (message: Uint8Array | string): Buffer =>
  gitTag(message, gpg.signing(gpgKey), '-s', '--cleanup=verbatim');
const bySsh = (message: Uint8Array | string): Buffer => gitTag(message, signing(sshKey), '-s', '--cleanup=verbatim');

const person = 'Ada <ada@example.org> 1700000000 +0000';
const lines = [`object ${tagged}`, 'type commit', 'tag v1', `tagger ${person}`];

/** A tag of these header lines and this message. */
function tag(headers: readonly string[], message: Uint8Array | string = 'Subject\n'): Buffer {
  return Buffer.concat([Buffer.from(`${headers.join('\n')}\n\n`), Buffer.from(message)]);
}

/** A tag as it is, with its signature over the whole. */
function signed(object: Buffer): Buffer {
  return Buffer.concat([object, Buffer.from(gpg.sign(gpgKey, object))]);
}

/** `ok`, or why the tag is not accepted. */
async function ourVerdict(object: Buffer): Promise<string> {
  try {
    const { signature, payload, tagger } = parseTag(object);
    if (signature === null) return 'unsigned';
    const verdict = await verifySignature(signature, payload, [await readOpenPgpKey(publicKey)], tagger.seconds);
    return verdict.ok ? 'ok' : verdict.code;
  } catch (error) {
    if (error instanceof ObjectFormatError) return error.code;
    throw error;
  }
}

const quoted = 'What was:\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\nand is not.\n';
const sha256Header = 'gpgsig-sha256 -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----';
const plain = tag(lines);
const signedPlain = signed(plain);
const signature = signedPlain.subarray(plain.length);

const sameVerdict: readonly [name: string, object: Buffer, verdict: string][] = [
  ['made by git with OpenPGP', byGpg('Approved\n'), 'ok'],
  ['made by git with SSH', bySsh('Approved\n'), 'ok'],
  ['OpenPGP, latin-1', byGpg(Buffer.from('Gr\xfc\xdfe\n', 'latin1')), 'ok'],
  ['SSH, latin-1', bySsh(Buffer.from('Gr\xfc\xdfe\n', 'latin1')), 'ok'],
  ['OpenPGP, no message', byGpg(''), 'ok'],
  ['SSH, no message', bySsh(''), 'ok'],
  // Git glues the signature to the message, and does not find it there any more.
  ['OpenPGP, no newline at the end of the message', byGpg('Approved'), 'unsigned'],
  ['empty lines and carriage returns', byGpg('\n\nApproved\r\n\r\n\n'), 'ok'],
  ['signature quoted in the message', byGpg(quoted), 'ok'],
  ['signature of another sort quoted in the message', bySsh(quoted), 'ok'],
  ['of a tree', signed(tag([`object ${tagged}`, 'type tree', ...lines.slice(2)])), 'ok'],
  ['further header', signed(tag([...lines, 'note a\n b'])), 'ok'],
  ['signature for the SHA-256 form added', replaced(signedPlain, `${person}\n`, `${person}\n${sha256Header}\n`), 'ok'],
  ['unsigned', gitTag('Approved\n', [], '-a'), 'unsigned'],
  ['signature that does not begin its line', replaced(signedPlain, 'Subject\n-', 'Subject -'), 'unsigned'],
  ['armor in a line that is indented', replaced(signedPlain, 'Subject\n-', 'Subject\n -'), 'unsigned'],
  ['a stranger', gitTag('Approved\n', gpg.signing(stranger), '-s'), 'unknown-key'],
  ['other message', replaced(signedPlain, 'Subject', 'Object'), 'bad-signature'],
  ['other object', replaced(signedPlain, tagged, '0'.repeat(40)), 'bad-signature'],
  ['other name', replaced(signedPlain, 'tag v1', 'tag v2'), 'bad-signature'],
  ['other tagger', replaced(signedPlain, 'tagger Ada', 'tagger Eve'), 'bad-signature'],
  [
    'note that is added among the headers',
    replaced(signedPlain, `${person}\n`, `${person}\nnote evil\n`),
    'bad-signature',
  ],
  ['message slipped in behind the headers', replaced(signedPlain, '\n\n', '\n\nEvil\n'), 'bad-signature'],
  ['signed twice', Buffer.concat([signedPlain, signature]), 'bad-signature'],
  ['quoted signature behind the real one', Buffer.concat([signedPlain, Buffer.from(quoted)]), 'malformed-signature'],
  [
    'X.509',
    tag(lines, '-----BEGIN SIGNED MESSAGE-----\nMIIA\n-----END SIGNED MESSAGE-----\n'),
    'unsupported-signature',
  ],
  [
    'OpenPGP message',
    tag(lines, '-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n'),
    'unsupported-signature',
  ],
  [
    'two headers with signatures',
    signed(tag([...lines, sha256Header, sha256Header.replace('-sha256', '')])),
    'duplicate-signature',
  ],
  ['armor among the headers alone', tag([...lines, '-----BEGIN PGP SIGNATURE----- x']), 'bad-header'],
  ['no tagger', signed(tag(lines.slice(0, 3))), 'header-order'],
];

for (const [name, object, verdict] of sameVerdict) {
  test(`as git says: ${name}`, async () => {
    assert.is(await ourVerdict(object), verdict);
    assert.is(gpg.gitAccepts(repository, object, [publicKey], { type: 'tag' }), verdict === 'ok');
  });
}

const stricter: readonly [name: string, object: Buffer, verdict: string][] = [
  ['text behind the signature', Buffer.concat([signedPlain, Buffer.from('and more\n')]), 'malformed-signature'],
  ['text behind the signature, SSH', Buffer.concat([bySsh('a\n'), Buffer.from('and more\n')]), 'malformed-signature'],
  ['armor among the headers', signed(tag([...lines, '-----BEGIN PGP SIGNATURE----- x'])), 'bad-header'],
  ['type before object', signed(tag([lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)])), 'header-order'],
  ['type that Git has not', signed(tag([lines[0] ?? '', 'type branch', ...lines.slice(2)])), 'bad-header'],
  ['two names', signed(tag([...lines, 'tag v2'])), 'header-order'],
  ['header that only looks like a signature', signed(tag([...lines, 'gpgsigx a'])), 'bad-header'],
];

for (const [name, object, verdict] of stricter) {
  test(`stricter than git: ${name}`, async () => {
    assert.is(await ourVerdict(object), verdict);
    assert.ok(gpg.gitAccepts(repository, object, [publicKey], { type: 'tag' }));
  });
}

test('what a tag says', () => {
  const parsed = parseTag(signedPlain);
  assert.equal(
    { ...parsed, payload: Buffer.from(parsed.payload).toString() },
    {
      object: tagged,
      type: 'commit',
      name: 'v1',
      tagger: { name: 'Ada', email: 'ada@example.org', seconds: 1_700_000_000 },
      message: 'Subject\n',
      signature: signature.toString(),
      payload: plain.toString(),
    },
  );
});

test('a message in another encoding', () => {
  const object = tag([...lines, 'encoding ISO-8859-1'], Buffer.from('Gr\xfc\xdfe\n', 'latin1'));
  assert.is(parseTag(object).message, 'Grüße\n');
});

const malformed: readonly [name: string, object: Buffer, code: string][] = [
  ['nothing', Buffer.from(''), 'no-message'],
  ['no empty line', Buffer.from(lines.join('\n')), 'no-message'],
  ['NUL in the message', tag(lines, 'a\0b'), 'nul-byte'],
  ['no object', tag(lines.slice(1)), 'header-order'],
  ['no name', tag([...lines.slice(0, 2), ...lines.slice(3)]), 'header-order'],
  ['short object id', tag([(lines[0] ?? '').slice(0, -1), ...lines.slice(1)]), 'bad-header'],
  ['two objects', tag([...lines, lines[0] ?? '']), 'header-order'],
  ['two taggers', tag([...lines, lines[3] ?? '']), 'header-order'],
  ['tagger without time', tag([...lines.slice(0, 3), 'tagger Ada <ada@example.org>']), 'bad-person'],
  ['two SHA-256 signatures', tag([...lines, 'gpgsig-sha256 a', 'gpgsig-sha256 b']), 'duplicate-signature'],
  ...['a b', 'a\tb', 'v\u202e1', 'v\u001b1', 'a..b*', 'a\n b', 'a\\b', 'a^b'].map((name): [string, Buffer, string] => {
    const changed = tag([...lines.slice(0, 2), `tag ${name}`, ...lines.slice(3)]);
    return [`name ${JSON.stringify(name)}`, changed, 'bad-header'];
  }),
];

for (const [name, object, code] of malformed) {
  test(`malformed: ${name}`, () => {
    assert.throws(
      () => parseTag(object),
      (error: unknown) => error instanceof ObjectFormatError && error.code === code,
    );
  });
}

test.run();
