// By what heads are judged, and what they must follow on, from what a boot server remembers.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { basisKey, mustFollow, trustBasis } from '../../../reconciler/intake/trust-basis.ts';
import type { TrustMemory } from '../../../reconciler/intake/trust-folder.ts';
import { Kinship } from '../../../reconciler/source/kinship.ts';
import { openLocal } from '../../../reconciler/source/local.ts';
import { GitFixture } from '../../git.ts';

const at = '2026-01-01T00:00:00Z';
const key = `SHA256:${'A'.repeat(43)}`;
const trustSet = '0'.repeat(64);
const nothing: TrustMemory = { introduction: null, accepted: null, anchors: [], revoked: [] };
/** Of which there is no history. */
const gone = 'f'.repeat(40);

interface Context {
  git: GitFixture;
  kinship: Kinship;
  /** `line` is one commit after the other, `side` another line from the second of them. */
  line: readonly string[];
  side: readonly string[];
}

const test = suite<Context>('trust basis');

test.before(async (context) => {
  const git = new GitFixture();
  const repository = git.repository();
  const line = ['one', 'two', 'three', 'four'].map((subject) => repository.commit(subject));
  repository.checkout(line[1] ?? '');
  const side = ['aside', 'further'].map((subject) => repository.commit(subject));
  const { objects } = await openLocal(repository.work);
  Object.assign(context, { git, line, side, kinship: new Kinship(objects) });
});

test.after(({ git }) => git.remove());

/** @param since how many of the anchors there were when the commit was accepted */
function memoryOf(commit: string, anchors: TrustMemory['anchors'] = [], held?: string, since = 0): TrustMemory {
  const fault = { commit, code: 'key-revoked' as const, message: 'why', at };
  const accepted = {
    commit,
    signer: null,
    trustSet,
    at,
    ...(since === 0 ? {} : { anchors: since }),
    ...(held === undefined ? {} : { held: { head: held, ...fault } }),
  };
  return { ...nothing, introduction: { commit: gone, key, site: 'tokyo0', at }, accepted, anchors };
}

function anchor(commit: string, ...supersedes: readonly string[]): TrustMemory['anchors'][number] {
  return { commit, supersedes, reason: 'why', by: 'ada', at };
}

test('the introduction is what is remembered, or what is told, and never two', () => {
  const told = { commit: gone, keyFingerprint: key };
  const remembered = { ...nothing, introduction: { commit: gone, key, site: 'tokyo0', at } };
  for (const [memory, said] of [
    [nothing, told],
    [remembered, null],
    [remembered, told],
  ] as const) {
    assert.equal(trustBasis(memory, said, 'tokyo0').introduction, told);
  }
  assert.throws(() => trustBasis(nothing, null, 'tokyo0'), /nothing says where trust begins/);
  assert.throws(() => trustBasis(remembered, { ...told, commit: 'a'.repeat(40) }, 'tokyo0'), /--replace/);
  assert.throws(() => trustBasis(remembered, { ...told, keyFingerprint: 'A'.repeat(40) }, 'tokyo0'), /--replace/);
  assert.throws(() => trustBasis(remembered, told, 'osaka0'), /was introduced to the site tokyo0/);
});

test('the newest anchor stands in for it', ({ line: [one = '', two = ''] }) => {
  const { introduction } = trustBasis(memoryOf(one, [anchor(one), anchor(two)]), null, 'tokyo0');
  assert.equal(introduction, { commit: two, keyFingerprint: null });
});

test('what has been revoked makes another basis, the time of it too', () => {
  const revoke = (from: string | null) => ({ key, from, reason: 'why', by: 'ada', at });
  const told = { commit: gone, keyFingerprint: key };
  const bases = [[], [revoke(null)], [revoke(at)]].map((revoked) =>
    trustBasis({ ...nothing, revoked }, told, 'tokyo0'),
  );
  assert.equal(
    bases.map(({ revocations }) => revocations.map(({ fromSeconds }) => fromSeconds)),
    [[], [null], [Date.parse(at) / 1000]],
  );
  assert.is(new Set(bases.map(basisKey)).size, 3);
});

test('so does what is given up for a commit that was accepted by hand already', () => {
  const bases = [[anchor(gone)], [anchor(gone), anchor(gone, 'a'.repeat(40))]].map((anchors) =>
    trustBasis(memoryOf(gone, anchors), null, 'tokyo0'),
  );
  assert.is(new Set(bases.map(basisKey)).size, 2);
});

test('what a head must follow on', async ({ kinship, line, side }) => {
  const [one = '', two = '', three = '', four = ''] = line;
  const [aside = '', further = ''] = side;
  const told = { commit: gone, keyFingerprint: key };
  const rows: readonly (readonly [string, TrustMemory, string | null, readonly (string | null)[]])[] = [
    ['nothing accepted yet', nothing, null, [null]],
    ['nothing accepted here', nothing, three, [null, three]],
    ['the same', memoryOf(three), three, [three, three]],
    ['the site is behind', memoryOf(three), two, [three, two]],
    ['etcd is empty', memoryOf(three), null, [three]],
    ['a newer head disbelieves it', memoryOf(three, [], four), two, [four, two]],
    ['another line by hand', memoryOf(four, [anchor(aside, four)]), four, [null]],
    [
      'the site has something older of the line that was given up',
      memoryOf(four, [anchor(aside, four)]),
      three,
      [null],
    ],
    ['the site has what both have', memoryOf(four, [anchor(aside, four)]), one, [null]],
    [
      'the site has something newer of the line that was given up',
      memoryOf(three, [anchor(aside, three)]),
      four,
      [null, four],
    ],
    ['that is given up as well', memoryOf(three, [anchor(aside, three, four)]), four, [null]],
    ['what was accepted since', memoryOf(further, [anchor(aside, four)]), four, [further]],
    ['what was given up and accepted again since', memoryOf(four, [anchor(two, four)], undefined, 1), four, [four]],
    ['part of what was given up, accepted since', memoryOf(three, [anchor(two, four)], undefined, 1), four, [three]],
    [
      'that is given up once more',
      memoryOf(four, [anchor(two, four), anchor(aside, four)], undefined, 1),
      four,
      [null],
    ],
    ['the chosen one itself', memoryOf(aside, [anchor(aside, four)]), aside, [aside, aside]],
    ['further on by hand', memoryOf(two, [anchor(three, two)]), two, [null]],
    ['back by hand', memoryOf(four, [anchor(two, four)]), three, [null]],
    ['back and forth by hand', memoryOf(further, [anchor(aside, four), anchor(four, further)]), four, [null, four]],
    ['a head that was disbelieved is given up', memoryOf(three, [anchor(aside, three, four)], four), three, [null]],
    ['a history that is not there any more', memoryOf(gone, [anchor(aside, gone)]), gone, [null]],
  ];
  for (const [name, memory, siteAccepted, expected] of rows) {
    assert.equal(
      await mustFollow(trustBasis(memory, memory.introduction ? null : told, 'tokyo0'), siteAccepted, kinship),
      expected,
      name,
    );
  }
});

test.run();
