// What a pull request is told about its signatures, on real repositories and keys.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CliError } from '../../../../reconciler/cli/cli-error.ts';
import { judgeSignatures, type Signatures } from '../../../../reconciler/cli/github/signatures.ts';
import { signatureReport } from '../../../../reconciler/cli/github/signatures-text.ts';
import { github } from '../../../../reconciler/cli/github.ts';
import { openLocal } from '../../../../reconciler/source/local.ts';
import { mergeBase } from '../../../../reconciler/source/merge-base.ts';
import { authenticate } from '../../../../reconciler/source/trust/authenticate.ts';
import { GitFixture, gitEnvironment, signing, type TestKey } from '../../../git.ts';
import { smallSite } from '../../../small-site.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

const [ada, bob, eve, host] = [fixture.key('ada'), fixture.key('bob'), fixture.key('eve'), fixture.key('host')];
const site = await smallSite();
const repository = fixture.repository();
for (const [name, { bytes }] of site) repository.write(name, bytes);

interface SomeTrust {
  readonly more?: readonly object[];
  readonly adas?: object;
  readonly mergeKeys?: readonly string[];
}

function writeTrust({ more = [], adas = {}, mergeKeys }: SomeTrust = {}): void {
  const document = {
    signers: [
      { name: 'ada', key: ada.publicKey, paths: ['**'], ...adas },
      { name: 'bob', key: bob.publicKey, paths: ['racks/', 'trust/'] },
      ...more,
    ],
    thresholds: [{ paths: ['trust/', 'racks/r1.yaml'], signatures: 2 }],
    ...(mergeKeys ? { mergeKeys: [{ name: 'GitHub', key: host.publicKey, paths: mergeKeys }] } : {}),
  };
  repository.write('trust/signers.yaml', JSON.stringify(document));
}

writeTrust();
const base = repository.commit('Declare the site', ada);

/** From a commit, change files and commit that; the commit. */
function change(key: TestKey | undefined, ...files: readonly string[]): string {
  for (const file of files) repository.write(file, `${readFileSync(path.join(repository.work, file), 'utf8')}# seen\n`);
  return repository.commit(`Look at ${files.join(', ')}`, key);
}

function approve(commit: string, key: TestKey): void {
  repository.git(...signing(key), 'tag', '-s', '-m', 'approved', `approve/${commit}/${key.name}`, commit);
}

async function judge(head: string, onto = base): Promise<Signatures> {
  const local = await openLocal(repository.work);
  const from = (await mergeBase(local.objects, onto, head)) ?? '';
  return judgeSignatures(local, { base: onto, from, head });
}

/** Codes in the order of the commits, `waiting` for one that lacks nothing but approvals; else the verdict. */
function outcome(signatures: Signatures): string {
  if (!('refused' in signatures)) return signatures.verdict;
  const codes = signatures.refused.map(({ refusal, couldApprove }) => (couldApprove ? 'waiting' : refusal.code));
  return `${signatures.verdict}: ${codes.join(' ')}`;
}

test('all signed: who signed, and how to merge where the host has no key', async () => {
  repository.checkout(base);
  change(ada, 'roles/cs.yaml');
  const signatures = await judge(change(bob, 'racks/r0.yaml'));
  assert.is(signatures.verdict, 'accepted');
  const { headline, notes, text, markdown } = signatureReport(signatures);
  assert.equal([headline, notes], ['', []]);
  assert.is(
    text,
    `Signatures: 2 new commits, signed by ada and bob: boot servers accept them.
Merge on your own machine and sign the merge, for what the merge button makes would be refused: trust/signers.yaml lists no merge key of the Git host.`,
  );
  assert.match(
    markdown,
    '#### Signatures\n\n2 new commits, signed by ada and bob: boot servers accept them.\n\nMerge on',
  );
});

const refused: readonly (readonly [string, string, () => string])[] = [
  ['an unsigned commit', 'refused: unsigned', () => change(undefined, 'roles/cs.yaml')],
  [
    'one below a signed one',
    'refused: unsigned',
    () => {
      change(undefined, 'roles/cs.yaml');
      return change(ada, 'roles/cs.yaml');
    },
  ],
  ["a stranger's key", 'refused: untrusted-key', () => change(eve, 'racks/r0.yaml')],
  ['a path that its signer may not change', 'refused: path-not-allowed', () => change(bob, 'roles/cs.yaml')],
  [
    'such a path beside one that takes more people',
    'refused: path-not-allowed',
    () => change(bob, 'racks/r1.yaml', 'roles/cs.yaml'),
  ],
  [
    'a key that is let in by a commit that nobody signed',
    'refused: unsigned',
    () => {
      writeTrust({ more: [{ name: 'eve', key: eve.publicKey, paths: ['**'] }] });
      repository.commit('Let myself in');
      return change(eve, 'roles/cs.yaml');
    },
  ],
  [
    'one that waits for approvals below one that nobody signed: both are told',
    'refused: waiting unsigned',
    () => {
      change(ada, 'racks/r1.yaml');
      return change(undefined, 'racks/r0.yaml');
    },
  ],
  [
    'a second beginning',
    'refused: unrelated-root',
    () => {
      const head = change(ada, 'roles/cs.yaml');
      const root = repository.git('commit-tree', '-m', 'elsewhere', `${head}^{tree}`);
      return repository.merge(['-s', 'ours', '--allow-unrelated-histories', root], ada);
    },
  ],
];

for (const [name, expected, make] of refused) {
  test(`${name}: ${expected}`, async () => {
    repository.checkout(base);
    assert.is(outcome(await judge(make())), expected);
  });
}

test('what is refused is told with what to do, in blocks that nothing breaks out of', async () => {
  repository.checkout(base);
  change(undefined, 'racks/r1.yaml');
  const head = change(eve, 'racks/r0.yaml');
  const { headline, markdown, notes } = signatureReport(await judge(head));
  assert.is(headline, '2 commits refused (unsigned, untrusted-key)');
  assert.match(markdown, '#### Signatures\n\nBoot servers would refuse 2 of 2 new commits.\n\n```text\n✗ unsigned: ');
  assert.match(markdown, `commit ${head.slice(0, 12)} is signed by ${eve.fingerprint}, which its parent`);
  assert.match(markdown, 'docs/refusals/untrusted-key.md');
  assert.equal(
    notes.map(({ level, title }) => [level, title]),
    [
      ['error', 'unsigned: the commit bears no signature'],
      ['error', 'untrusted-key: a good signature by a key that a parent does not trust'],
    ],
  );
});

test('a threshold is waited for, and met by a tag', async () => {
  repository.checkout(base);
  const head = change(ada, 'racks/r1.yaml');
  approve(head, eve);
  const waiting = await judge(head);
  assert.is(outcome(waiting), 'waiting: waiting');
  const { headline, text, notes } = signatureReport(waiting);
  assert.is(headline, 'waiting for approvals');
  assert.match(
    text,
    'Signatures: waiting for approvals: 1 of 1 new commit. When those are pushed, run this check again.',
  );
  const command = `git tag -s -m approved approve/${head}/<name> ${head}`;
  assert.match(text, `  who could approve: bob\n  ${command}\n  git push origin approve/${head}/<name>\n`);
  assert.match(text, `approve/${head}/eve does not count`);
  assert.equal(
    notes.map(({ level, title }) => [level, title]),
    [['notice', 'waiting for approvals']],
  );
  assert.match(notes[0]?.text ?? '', command);

  approve(head, bob);
  const approved = await judge(head);
  assert.is(outcome(approved), 'accepted');
  assert.match(signatureReport(approved).text, '1 new commit, signed by ada, approved by bob: boot servers accept it.');
});

test('a base that has moved on: what it lacks is judged, and what it revoked since counts', async () => {
  repository.checkout(base);
  const since = new Date(repository.now * 1000).toISOString().replace('.000', '');
  const head = change(ada, 'roles/cs.yaml');
  repository.checkout(base);
  const unsigned = change(undefined, 'racks/r0.yaml');
  assert.is(outcome(await judge(head, unsigned)), 'accepted', 'the base itself is not judged');
  repository.checkout(base);
  writeTrust({ adas: { revoked: { reason: 'stolen', from: since } } });
  const revoked = repository.commit('Revoke a key', bob);
  assert.is(outcome(await judge(head, revoked)), 'refused: key-revoked');
});

test('the merge button is foretold', async () => {
  repository.checkout(base);
  writeTrust({ mergeKeys: ['racks/', 'roles/'] });
  const onto = repository.commit('Let GitHub merge', ada);
  const told = async (head: string, base = onto) => {
    const signatures = await judge(head, base);
    assert.is(signatures.verdict, 'accepted');
    const text = signatureReport(signatures).text.split('\n')[1] ?? '';
    // The host makes just that merge, and it is judged.
    repository.checkout(base);
    const to = repository.merge([head], host);
    repository.checkout(head);
    const local = await openLocal(repository.work);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const { ok } = await authenticate({ from: base, to, reader: local.objects, approvals: local, nowSeconds });
    assert.is(text.startsWith('The merge button can be used'), ok, text);
    return text;
  };
  const good = change(ada, 'roles/cs.yaml');
  assert.is(
    await told(good),
    'The merge button can be used, for GitHub may merge all of it: not to squash, nor to rebase.',
  );

  const mixed = change(bob, 'racks/r0.yaml');
  assert.match(
    await told(mixed),
    `the last commit ${mixed.slice(0, 12)} has to stand for "roles/cs.yaml", which bob may not`,
  );
  approve(mixed, ada);
  assert.match(await told(mixed), 'The merge button can be used');

  repository.checkout(onto);
  assert.match(await told(change(ada, 'site.yaml')), 'would be refused: GitHub may not bring "site.yaml"');

  repository.checkout(onto);
  repository.write('roles/cs.yaml', `# first\n${readFileSync(path.join(repository.work, 'roles/cs.yaml'), 'utf8')}`);
  const moved = repository.commit('Move on', ada);
  assert.match(await told(good, moved), 'would be refused: both sides have changed "roles/cs.yaml"');
});

test('where there is nothing to judge by, or nothing to judge, that is said', async () => {
  assert.match(signatureReport(await judge(base)).text, 'there is no new commit.');
  repository.checkout(base);
  repository.delete('trust');
  const untrusting = repository.commit('Trust nobody', ada);
  repository.git('checkout', '-q', base, '--', 'trust');
  const { headline, text } = signatureReport(await judge(repository.commit('Trust again'), untrusting));
  assert.is(headline, '');
  assert.match(text, /^Signatures: not judged: the base [0-9a-f]{12} has no trust\/signers\.yaml; /);
  const local = await openLocal(path.join(repository.work, 'racks'));
  const inFolder = await judgeSignatures(local, { base, from: base, head: base });
  assert.match(
    signatureReport(inFolder).text,
    'the site repo is the folder racks, and boot servers pull whole repositories',
  );
  // Approvals of that would not help.
  assert.is(outcome(await judge(untrusting)), 'refused: trust-unreadable');
});

test('names are quoted', async () => {
  repository.checkout(base);
  writeTrust({ more: [{ name: '@acme/ops <b>', key: eve.publicKey, paths: ['racks/'] }] });
  const onto = repository.commit('Let a team in', ada);
  const { markdown } = signatureReport(await judge(change(eve, 'racks/r0.yaml'), onto));
  assert.match(markdown, 'signed by @\u200bacme/ops \\<b\\>: boot');
});

interface Outcome {
  readonly exitCode: number;
  readonly log: string;
  read(name: string): string;
}

let runs = 0;

/** Run the command, telling nobody. */
async function run(folder: string, from: string, head: string): Promise<Outcome> {
  const out = path.join(fixture.root, `report-${++runs}`);
  let log = '';
  const exitCode = await github(
    'pull-request',
    folder,
    { name: 'berth', out, deadline: '60', repository: 'acme/site', number: '7', base: from, head },
    {
      environment: {},
      connect: () => Promise.reject(new Error('nobody is to be told')),
      print: (text) => (log += text),
    },
  );
  return { exitCode, log, read: (name) => readFileSync(path.join(out, name), 'utf8') };
}

test('the command fails for a refused commit, passes for one that waits, and reports both', async () => {
  repository.checkout(base);
  const waits = change(ada, 'racks/r1.yaml');
  const waiting = await run(repository.work, base, waits);
  assert.is(waiting.exitCode, 0);
  assert.match(waiting.log, 'Signatures: waiting for approvals');
  assert.match(waiting.read('report.md'), /^### berth: .*, waiting for approvals\n/);
  const unsigned = await run(repository.work, base, change(undefined, 'racks/r0.yaml'));
  assert.is(unsigned.exitCode, 1);
  assert.match(unsigned.read('report.md'), '✗ unsigned: the commit bears no signature');
  const { verdict, count, refused } = JSON.parse(unsigned.read('signatures.json'));
  assert.equal([verdict, count], ['refused', 2]);
  assert.is(refused[1].refusal.code, 'unsigned');
});

test('a shallow checkout is told what it lacks', async () => {
  repository.checkout(base);
  change(ada, 'racks/r0.yaml');
  const head = change(ada, 'racks/r0.yaml');
  repository.checkout(base);
  const moved = change(ada, 'roles/cs.yaml');
  repository.git('push', '-q', 'origin', `${head}:refs/heads/topic`, `${moved}:refs/heads/main`);
  const shallow = path.join(fixture.root, 'shallow');
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: fixture.root, env: gitEnvironment });
  git('clone', '-q', '--depth', '1', '--branch', 'topic', `file://${repository.bare}`, shallow);
  const told = async () => {
    const error = await run(shallow, moved, head).catch((thrown: unknown) => thrown);
    assert.instance(error, CliError);
    assert.match((error as CliError).message, 'the checkout is shallow: ');
    assert.match((error as CliError).message, 'fetch-depth: 0');
  };
  // Without the base, and then without what leads to it.
  await told();
  git('-C', shallow, 'fetch', '-q', '--depth', '1', 'origin', 'main');
  await told();
  git('-C', shallow, 'fetch', '-q', '--unshallow', 'origin', 'main', 'topic');
  assert.is((await run(shallow, moved, head)).exitCode, 0);
});

test.run();
