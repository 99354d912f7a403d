// What the generated history is, in the eyes of git, ssh-keygen and gpg.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFolder } from '../../reconciler/source/folder.ts';
import { commitSigner, type Signing } from './commit-signers.ts';
import { generateSite } from './generated-site.ts';
import { gitLogSeconds, prepareVerifiers, type Verifiers } from './git-log.ts';
import { firstCommitSeconds } from './history-writer.ts';
import { type SignedHistory, writeSignedHistory } from './signed-history.ts';

const example = await readFolder(fileURLToPath(new URL('../../examples/site-repo', import.meta.url)));
const files = generateSite(example, { machines: 12, racks: 3 });
const root = mkdtempSync(path.join(os.tmpdir(), 'berth-signed-history-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const commits = 30;
const more = 2;

interface Written {
  readonly repository: string;
  readonly verifiers: Verifiers;
  readonly history: SignedHistory;
}

async function write(signing: Signing, name: string): Promise<Written> {
  const repository = path.join(root, `${name}.git`);
  mkdirSync(repository);
  const history = await writeSignedHistory(repository, { files, signing, commits, more });
  const verifiers = prepareVerifiers(path.join(root, `${name}.keys`), signing, history.publicKeys);
  return { repository, verifiers, history };
}

const written: Readonly<Record<Signing, Written>> = {
  ssh: await write('ssh', 'ssh'),
  openpgp: await write('openpgp', 'openpgp'),
};

function git({ repository, verifiers }: Written, ...args: readonly string[]): string {
  const { options, env } = verifiers;
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return execFileSync('git', [...options, ...args], { cwd: repository, env, encoding: 'utf8', stdio }).trim();
}

for (const signing of ['ssh', 'openpgp'] as const) {
  const here = written[signing];
  const { history, repository, verifiers } = here;

  test(`${signing}: git takes every signature for good, and finds every object well-formed`, async () => {
    const all = git(here, 'rev-list', '--all').split('\n');
    assert.is(all.length, commits + more);
    git(here, 'verify-commit', ...all);
    assert.is(git(here, 'fsck', '--full', '--strict', '--no-dangling'), '');
    await gitLogSeconds(repository, verifiers, { head: history.head, commits });
  });

  test(`${signing}: git knows none of them by keys of others`, async () => {
    const { publicKey } = await commitSigner(signing, 'mallory', firstCommitSeconds);
    const known = signing === 'ssh' ? `mallory@example.org ${publicKey}\n` : publicKey;
    const others = prepareVerifiers(path.join(root, `${signing}.others`), signing, known);
    try {
      await gitLogSeconds(repository, others, { head: history.head, commits: 3 });
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), 'git finds 0 of 3 signatures good');
    }
  });

  test(`${signing}: it has as many commits as asked for, from the introduction to the head and on`, () => {
    assert.is(git(here, 'rev-parse', 'main'), history.head);
    assert.is(git(here, 'rev-list', '--count', 'main'), String(commits));
    assert.is(git(here, 'rev-list', '--max-parents=0', 'main'), history.introduction.commit);
    assert.equal(git(here, 'rev-list', '--reverse', 'main..next').split('\n'), history.more);
    assert.is(git(here, 'rev-parse', 'next~2'), history.head);
  });
}

test('a commit changes one or two files, and a merge takes over both sides as they are', () => {
  const here = written.ssh;
  const merges = git(here, 'rev-list', '--merges', 'main').split('\n');
  assert.is(merges.length, 1);
  for (const commit of git(here, 'rev-list', '--no-merges', '--min-parents=1', '--all').split('\n')) {
    const changed = git(here, 'diff-tree', '-r', '--name-only', '--no-commit-id', commit).split('\n');
    assert.ok(changed.length === 1 || changed.length === 2, `${commit} changes ${changed.join(', ')}`);
  }
  const [merge = ''] = merges;
  assert.is(
    git(here, 'merge-tree', '--write-tree', `${merge}^1`, `${merge}^2`),
    git(here, 'rev-parse', `${merge}^{tree}`),
  );
});

test('of the same size, it is the same history', async () => {
  const again = await write('ssh', 'again');
  assert.is(again.history.head, written.ssh.history.head);
  assert.equal(again.history.more, written.ssh.history.more);
});

test.run();
