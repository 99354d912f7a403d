// What somebody who has taken over the Git host could make of commits that others have signed.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mergeBase, mergeBases } from '../../../../reconciler/source/merge-base.ts';
import { type AuthenticationResult, authenticate } from '../../../../reconciler/source/trust/authenticate.ts';
import { GitFixture, signing, type TestKey, type TestRepository } from '../../../git.ts';
import { localObjects } from '../local-objects.ts';
import { approvalsIn } from './approvals-in.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const [ada, bob, cyd, host] = ['ada', 'bob', 'cyd', 'host'].map((name) => fixture.key(name)) as [
  TestKey,
  TestKey,
  TestKey,
  TestKey,
];
const begun = Date.parse('2026-01-01T00:00:00Z') / 1000;
const day = 24 * 3600;

interface Entry {
  readonly name: string;
  readonly key: string;
  readonly paths: readonly string[];
  readonly validBefore?: string;
}

const entry = ({ name, publicKey }: TestKey, paths: readonly string[]): Entry => ({ name, key: publicKey, paths });
const everyone = [entry(ada, ['**']), entry(bob, ['racks/']), entry(cyd, ['racks/'])];

function setTrust(site: TestRepository, signers: readonly Entry[], more: object = {}): void {
  const mergeKeys = [{ name: 'host', key: host.publicKey, paths: ['**'] }];
  site.write('trust/signers.yaml', JSON.stringify({ signers, mergeKeys, ...more }));
}

function begin(name: string, signers = everyone, more: object = {}): { site: TestRepository; first: string } {
  const site = fixture.repository(name);
  setTrust(site, signers, more);
  site.write('racks/r0.yaml', 'good\n');
  site.at(begun);
  return { site, first: site.commit('introduce', ada) };
}

/** A commit on another one that writes a file. */
function write(site: TestRepository, parent: string, path: string, content: string, key: TestKey): string {
  site.checkout(parent);
  site.write(path, content);
  return site.commit(`write ${path}`, key);
}

function mergeOn(site: TestRepository, first: string, second: string, key: TestKey): string {
  site.checkout(first);
  return site.merge([second], key);
}

/** A commit by the host of any tree. */
function madeUp(site: TestRepository, tree: string, parents: readonly string[]): string {
  site.at(site.now + 2);
  const options = parents.flatMap((parent) => ['-p', parent]);
  return site.git(...signing(host), 'commit-tree', '-S', '-m', 'merge', ...options, `${tree}^{tree}`);
}

function judge(site: TestRepository, from: string, to: string, root = from): Promise<AuthenticationResult> {
  return authenticate({
    from,
    to,
    reader: localObjects(site),
    introduction: { commit: root, keyFingerprint: ada.fingerprint },
    approvals: approvalsIn(site),
    nowSeconds: site.now + day,
  });
}

function outcome(result: AuthenticationResult): string {
  return result.ok ? 'accepted' : `${result.code} at ${result.commit}`;
}

/**
 * A bad change that was taken back on main, and a branch from between. Since then both have merged branches from before
 * the change, so that fewer steps lead from both to the commit before it than to the one where they part.
 */
function takenBack(name: string) {
  const { site, first } = begin(name);
  const before = write(site, first, 'racks/r9.yaml', 'x\n', bob);
  const [left, right] = ['racks/r1.yaml', 'racks/r2.yaml'].map((path) => write(site, before, path, 'x\n', bob));
  const parted = write(site, before, 'racks/r0.yaml', 'bad\n', bob);
  const further = (from: string, path: string): string =>
    ['1', '2', '3'].reduce((parent, content) => write(site, parent, path, content, bob), from);
  const mended = further(write(site, parted, 'racks/r0.yaml', 'good\n', bob), 'racks/r3.yaml');
  const main = mergeOn(site, mended, left ?? '', bob);
  const side = mergeOn(site, further(parted, 'racks/r4.yaml'), right ?? '', bob);
  return { site, first, parted, main, side };
}

test('where histories part is found by descent, not by the number of steps', async () => {
  const { site, parted, main, side } = takenBack('parted');
  assert.equal(await mergeBases(localObjects(site), main, side), [parted]);
  assert.is(await mergeBase(localObjects(site), main, side), parted);
  assert.is(site.git('merge-base', '--all', main, side), parted);
});

test('all places where crosswise merges part are found', async () => {
  const { site, first } = begin('crosswise');
  const [one, other] = ['racks/r1.yaml', 'racks/r2.yaml'].map((path) => write(site, first, path, 'x\n', bob));
  const left = mergeOn(site, one ?? '', other ?? '', bob);
  const right = mergeOn(site, other ?? '', one ?? '', bob);
  const bases = await mergeBases(localObjects(site), left, right);
  assert.equal([...bases].sort(), [one, other].sort());
});

test('where histories part, whatever their commits say about the time', async () => {
  const site = fixture.repository('times');
  const commits: string[] = [];
  // The same history on each run: parents and times by a simple series of numbers.
  let number = 7;
  const next = (below: number): number => {
    number = (number * 75 + 74) % 65537;
    return number % below;
  };
  const tree = site.git('mktree');
  for (let index = 0; index < 40; index++) {
    const count = index === 0 ? 0 : 1 + next(2);
    const parents = new Set(Array.from({ length: count }, () => commits[Math.max(0, index - 1 - next(6))] ?? ''));
    site.at(begun + next(100 * day));
    const options = [...parents].flatMap((parent) => ['-p', parent]);
    site.at(begun + next(100 * day));
    commits.push(site.git('commit-tree', '-m', String(index), ...options, tree));
  }
  const objects = localObjects(site);
  for (let index = 0; index < 60; index++) {
    const [one = '', other = ''] = [commits[next(40)], commits[next(40)]];
    const expected = site.git('merge-base', '--all', one, other).split('\n').sort();
    assert.equal([...(await mergeBases(objects, one, other))].sort(), expected, `${one} ${other}`);
  }
});

test('the host cannot bring back what main has taken back', async () => {
  const { site, first, main, side } = takenBack('bring-back');
  const good = mergeOn(site, main, side, host);
  assert.is(outcome(await judge(site, first, good)), 'accepted');
  site.checkout(good);
  site.write('racks/r0.yaml', 'bad\n');
  const evil = madeUp(site, site.commit('evil'), [main, side]);
  assert.is(outcome(await judge(site, first, evil)), `host-merge-altered at ${evil}`);
});

test('the host cannot merge the main branch into an old one and call that the main branch', async () => {
  const { site, first } = begin('wrong-way');
  const side = write(site, first, 'racks/r1.yaml', 'x\n', bob);
  site.checkout(first);
  setTrust(site, [entry(ada, ['**'])]);
  const main = site.commit('throw bob out', ada);
  const evil = mergeOn(site, side, main, host);
  assert.is(outcome(await judge(site, main, evil, first)), `host-merge-not-allowed at ${evil}`);
  const later = write(site, evil, 'site.yaml', 'x\n', ada);
  assert.is(outcome(await judge(site, main, later, first)), `host-merge-not-allowed at ${later}`);
});

test('a branch into which the host has merged the main branch can be merged by a person', async () => {
  const { site, first } = begin('updated');
  const side = write(site, first, 'racks/r1.yaml', 'x\n', bob);
  const main = write(site, first, 'racks/r2.yaml', 'x\n', ada);
  const updated = mergeOn(site, side, main, host);
  const next = write(site, main, 'racks/r3.yaml', 'x\n', ada);
  const merged = mergeOn(site, next, updated, ada);
  for (const from of [first, main, next]) {
    assert.is(outcome(await judge(site, from, merged, first)), 'accepted', from);
  }
  const more = write(site, updated, 'racks/r4.yaml', 'x\n', bob);
  const byHost = mergeOn(site, next, more, host);
  for (const from of [first, main, next]) {
    assert.is(outcome(await judge(site, from, byHost, first)), 'accepted', from);
  }
});

test('a key that is over does not count for a branch that the host merges now', async () => {
  const signers = [entry(ada, ['**']), { ...entry(bob, ['racks/']), validBefore: '2026-02-01T00:00:00Z' }];
  const { site, first } = begin('over', signers);
  const side = write(site, first, 'racks/r1.yaml', 'x\n', bob);
  site.at(begun + 60 * day);
  const main = write(site, first, 'site.yaml', 'x\n', ada);
  const merged = mergeOn(site, main, side, host);
  assert.is(outcome(await judge(site, main, merged, first)), `key-expired at ${merged}`);
});

test('nor does one that the boot server disbelieves since a time between', async () => {
  const { site, first } = begin('disbelieved');
  const side = write(site, first, 'racks/r1.yaml', 'x\n', bob);
  site.at(begun + 60 * day);
  const main = write(site, first, 'site.yaml', 'x\n', ada);
  const merged = mergeOn(site, main, side, host);
  const request = {
    from: main,
    to: merged,
    reader: localObjects(site),
    introduction: { commit: first, keyFingerprint: ada.fingerprint },
    nowSeconds: site.now,
  };
  const revocation = { fingerprint: bob.fingerprint, reason: 'stolen' };
  const stolen = { ...request, revocations: [{ ...revocation, fromSeconds: begun + 30 * day }] };
  assert.is(outcome(await authenticate(stolen)), `key-revoked at ${merged}`);
  const later = { ...request, revocations: [{ ...revocation, fromSeconds: site.now + 1 }] };
  assert.is(outcome(await authenticate(later)), 'accepted');
});

test('nor does an approval by such a key', async () => {
  const signers = [
    entry(ada, ['**']),
    entry(bob, ['**']),
    { ...entry(cyd, ['**']), validBefore: '2026-02-01T00:00:00Z' },
  ];
  const { site, first } = begin('approval', signers, { thresholds: [{ paths: ['racks/'], signatures: 2 }] });
  const side = write(site, first, 'racks/r1.yaml', 'x\n', bob);
  site.git(...signing(cyd), 'tag', '-s', '-m', 'ok', `approve/${side}/cyd`, side);
  const merged = mergeOn(site, first, side, host);
  assert.is(outcome(await judge(site, first, merged)), 'accepted');
  site.at(begun + 60 * day);
  const main = write(site, first, 'site.yaml', 'x\n', ada);
  const late = mergeOn(site, main, side, host);
  assert.is(outcome(await judge(site, main, late, first)), `threshold-missed at ${late}`);
});

test.run();
