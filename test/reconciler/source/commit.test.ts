import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectFormatError, parentsOf, parseCommit, subjectOf } from '../../../reconciler/source/commit.ts';
import { GitFixture } from '../../git.ts';

const oid = (digit: string): string => digit.repeat(40);
const person = 'Ada <ada@example.org> 1700000000 +0000';

/** A commit of these header lines and this message. */
function commit(headers: readonly string[], message = 'Subject\n\nBody\n'): Buffer {
  return Buffer.from(`${headers.join('\n')}\n\n${message}`);
}

const tree = `tree ${oid('1')}`;
const parent = `parent ${oid('2')}`;
const author = `author ${person}`;
const committer = `committer ${person}`;
const plain = [tree, parent, author, committer];
const signature = 'gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n \n -----END SSH SIGNATURE-----';

test('an ordinary commit', () => {
  const parsed = parseCommit(commit([tree, parent, `parent ${oid('3')}`, author, committer]));
  assert.is(parsed.tree, oid('1'));
  assert.equal(parsed.parents, [oid('2'), oid('3')]);
  assert.equal(parsed.author, { name: 'Ada', email: 'ada@example.org', seconds: 1_700_000_000 });
  assert.is(parsed.message, 'Subject\n\nBody\n');
  assert.is(parsed.signature, null);
  assert.is(subjectOf(parsed), 'Subject');
});

const payloads: readonly [name: string, headers: readonly string[], signed: readonly string[]][] = [
  ['signature last', [...plain, signature], plain],
  ['signature before another header', [...plain, signature, 'encoding utf-8'], [...plain, 'encoding utf-8']],
  ['signature of the SHA-256 form', [...plain, 'gpgsig-sha256 x\n y', signature], plain],
  ['unknown header with more lines', [...plain, 'note a\n b\n c', signature], [...plain, 'note a\n b\n c']],
  [
    'mergetag that holds a signature itself',
    [...plain, `mergetag object ${oid('4')}\n ${signature.replaceAll('\n', '\n ')}`, signature],
    [...plain, `mergetag object ${oid('4')}\n ${signature.replaceAll('\n', '\n ')}`],
  ],
];

for (const [name, headers, signed] of payloads) {
  test(`payload: ${name}`, () => {
    const parsed = parseCommit(commit(headers, 'gpgsig in the message stays\n no end of line'));
    assert.is(
      Buffer.from(parsed.payload).toString(),
      commit(signed, 'gpgsig in the message stays\n no end of line').toString(),
    );
    assert.is(parsed.signature, '-----BEGIN SSH SIGNATURE-----\nAAAA\n\n-----END SSH SIGNATURE-----');
  });
}

const malformed: readonly [name: string, object: Buffer, code: string][] = [
  ['nothing', Buffer.from(''), 'no-message'],
  ['no empty line', Buffer.from(plain.join('\n')), 'no-message'],
  ['no header', commit([]).subarray(1), 'header-order'],
  ['NUL in the message', commit(plain, 'a\0b'), 'nul-byte'],
  ['NUL in a header', commit([...plain, 'x a\0b']), 'nul-byte'],
  ['no tree', commit([parent, author, committer]), 'header-order'],
  ['two trees', commit([tree, tree, author, committer]), 'header-order'],
  ['tree at the end', commit([...plain, tree]), 'header-order'],
  ['parent before tree', commit([parent, tree, author, committer]), 'header-order'],
  ['parent at the end', commit([...plain, parent]), 'header-order'],
  ['no author', commit([tree, committer]), 'header-order'],
  ['two authors', commit([tree, author, author, committer]), 'header-order'],
  ['no committer', commit([tree, author]), 'header-order'],
  ['only parents', commit([tree, parent, parent]), 'header-order'],
  ['two committers', commit([tree, author, committer, committer]), 'header-order'],
  ['two encodings', commit([...plain, 'encoding latin1', 'encoding utf-8']), 'header-order'],
  ['two signatures', commit([...plain, signature, signature]), 'duplicate-signature'],
  ['two SHA-256 signatures', commit([...plain, 'gpgsig-sha256 a', 'gpgsig-sha256 b']), 'duplicate-signature'],
  ['header that only looks like a signature', commit([...plain, 'gpgsigx a']), 'bad-header'],
  ['signature before the author', commit([tree, signature, author, committer]), 'header-order'],
  ['short tree id', commit([tree.slice(0, -1), author, committer]), 'bad-header'],
  ['tree id in upper case', commit([`tree ${oid('A')}`, author, committer]), 'bad-header'],
  ['tree id over two lines', commit([`${tree}\n x`, author, committer]), 'bad-header'],
  ['carriage returns', Buffer.from(commit(plain).toString().replaceAll('\n', '\r\n')), 'bad-header'],
  ['carriage return after the author', commit([tree, `${author}\r`, committer]), 'bad-person'],
  ['author without time', commit([tree, 'author Ada <ada@example.org>', committer]), 'bad-person'],
  ['author over two lines', commit([tree, `author Ada\n <ada@example.org> 1 +0000`, committer]), 'bad-person'],
  ['author with two addresses', commit([tree, `author A <a> <b> 1 +0000`, committer]), 'bad-person'],
  ['header without value', commit([...plain, 'lonely']), 'bad-header'],
  ['line that begins with a blank in front', commit([` ${tree}`, author, committer]), 'bad-header'],
];

for (const [name, object, code] of malformed) {
  test(`malformed: ${name}`, () => {
    assert.throws(
      () => parseCommit(object),
      (error: unknown) => error instanceof ObjectFormatError && error.code === code,
    );
  });
}

test('a subject is fit for a terminal', () => {
  const parsed = parseCommit(commit(plain, '\n\nred \u001b[31m, back\u202ewards \u0085\nmore'));
  assert.is(subjectOf(parsed), 'red \ufffd[31m, back\ufffdwards \ufffd');
});

test('a message in another encoding', () => {
  const head = commit([...plain, 'encoding ISO-8859-1'], '');
  assert.is(parseCommit(Buffer.concat([head, Buffer.from('Gr\xfc\xdfe', 'latin1')])).message, 'Grüße');
  assert.is(parseCommit(commit([...plain, 'encoding klingon'], 'Grüße')).message, 'Grüße');
});

test('commits that git makes: signed, merged with a signed tag, in another encoding, without a message', () => {
  const fixture = new GitFixture();
  try {
    const key = fixture.key('ada');
    const repository = fixture.repository();
    repository.write('a', '1');
    const first = repository.commit('first', key);
    repository.write('b', '1');
    const side = repository.commit('side');
    repository.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${key.file}`, 'tag', '-s', '-m', 'tagged', 'v1');
    repository.checkout(first);
    const merged = parseCommit(repository.object(repository.merge(['v1'], key)));
    assert.equal(merged.parents, [first, side]);
    assert.match(Buffer.from(merged.payload).toString(), /^mergetag object /m);
    assert.match(merged.signature ?? '', /^-----BEGIN SSH SIGNATURE-----\n/);
    repository.git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '--allow-empty', '-m', 'Gr\u00fc\u00dfe');
    assert.match(parseCommit(repository.object(repository.head())).message, /^Gr/);
    repository.git('commit', '-q', '--allow-empty', '--allow-empty-message', '-m', '');
    const empty = repository.object(repository.head());
    assert.is(parseCommit(empty).message, '');
    assert.equal(parentsOf(empty), parseCommit(empty).parents);
  } finally {
    fixture.remove();
  }
});

test('parents alone are read only from what stands in its place', () => {
  assert.equal(parentsOf(commit([tree, parent, author, committer])), [oid('2')]);
  assert.equal(parentsOf(commit([tree, author, parent, committer])), []);
  assert.equal(parentsOf(Buffer.from('no commit')), []);
});

test.run();
