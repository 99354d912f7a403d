// Approval tags: brought along with the branch, one by one if need be, and kept.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLocal } from '../../../../reconciler/source/local.ts';
import type { ApprovalSource } from '../../../../reconciler/source/trust/approvals.ts';
import { gitEnvironment, type TestRepository } from '../../../git.ts';
import { failure, never, PullLab } from './pull-lab.ts';

let lab: PullLab;
test.before(async () => {
  lab = await PullLab.start();
});
test.after(() => lab.stop());

/** Approve a commit; what the tag's object holds. */
function approve(repository: TestRepository, commit: string, name: string, message = 'seen'): Buffer {
  const tag = `approve/${commit}/${name}`;
  repository.git('tag', '--no-sign', '--force', '-a', '-m', message, tag, commit);
  return tagObject(repository, `refs/tags/${tag}`);
}

function tagObject(repository: TestRepository, ref: string): Buffer {
  return execFileSync('git', ['cat-file', 'tag', ref], { cwd: repository.work, env: gitEnvironment });
}

function pushTags(repository: TestRepository): void {
  repository.git('push', '-q', '--force', 'origin', 'refs/tags/*:refs/tags/*');
}

/** Names and contents of the approvals of a commit. */
async function approvals(source: ApprovalSource, commit: string): Promise<Record<string, string>> {
  const tags = await source.approvalsOf(commit);
  const named = tags.map(({ ref, bytes }) => [ref.replace(`refs/tags/approve/${commit}/`, ''), text(bytes)] as const);
  return Object.fromEntries(named.sort());
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

test('tags that approve what is here come with the branch, all in one request, and nothing else does', async () => {
  const { repository, path } = lab.remote();
  const first = repository.head();
  const ada = approve(repository, first, 'ada');
  const bob = approve(repository, first, 'team/bob');
  repository.git('tag', `approve/${first}/light`, first);
  repository.git('tag', '--no-sign', '-a', '-m', 'v1', 'v1.0', first);
  repository.git('checkout', '-q', '-b', 'aside');
  repository.write('draft', 'x');
  const aside = repository.commit('not on the branch yet');
  const early = approve(repository, aside, 'ada');
  // A name that says one commit, around a tag of another.
  repository.git('tag', '--no-sign', '-a', '-m', 'false', `approve/${first}/false`, aside);
  pushTags(repository);
  const front = await lab.fronts.pass(lab.host.url);
  const clone = await lab.open({ url: front.url + path });
  assert.is(await clone.fetch(never), first);
  assert.equal(await approvals(clone, first), { ada: text(ada), 'team/bob': text(bob) });
  assert.equal(await approvals(clone, aside), {});
  assert.not.ok(await clone.has(aside));
  assert.is(clone.approvalCount, 2);
  const posts = (): number => front.seen.filter(({ method }) => method === 'POST').length;
  assert.is(posts(), 2, 'one for the branch, one for the tags');
  const bytes = front.seen.at(-1)?.answerBytes ?? 0;
  assert.ok(bytes < 600, `${bytes} bytes for two tags`);
  await clone.fetch(never);
  assert.is(posts(), 2, 'what is here is not asked for again');
  repository.push(aside);
  assert.is(await clone.fetch(never), aside);
  assert.equal(await approvals(clone, aside), { ada: text(early) });
  assert.is(clone.sources[0]?.approvalsError, null);
});

test('an approval stays when its tag is deleted or replaced, also for the next process', async () => {
  const { repository, path } = lab.remote();
  const head = repository.head();
  const options = { folder: lab.folder(), url: lab.host.url + path };
  const ada = approve(repository, head, 'ada');
  approve(repository, head, 'bob');
  pushTags(repository);
  const clone = await lab.open(options);
  await clone.fetch(never);
  repository.git('push', '-q', 'origin', `:refs/tags/approve/${head}/ada`);
  const again = approve(repository, head, 'bob', 'seen again');
  repository.git('push', '-q', '--force', 'origin', `refs/tags/approve/${head}/bob`);
  await clone.fetch(never);
  const reopened = await lab.open({ ...options, maxPacks: 0 });
  await reopened.fetch(never);
  assert.is(reopened.approvalCount, 3);
  const kept = await reopened.approvalsOf(head);
  assert.equal(kept.map(({ ref }) => ref.split('/').at(-1)).sort(), ['ada', 'bob', 'bob']);
  assert.ok(kept.some(({ bytes }) => text(bytes) === text(ada)));
  assert.ok(kept.some(({ bytes }) => text(bytes) === text(again)));
});

test('a tag that is damaged on the host, or gigantic, keeps out no other', async () => {
  const { repository, path } = lab.remote();
  const head = repository.head();
  const good = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e'].map((name) => [name, text(approve(repository, head, name, `seen by ${name}`))]),
  );
  approve(repository, head, 'damaged');
  approve(repository, head, 'large', 'x'.repeat(100_000));
  pushTags(repository);
  const oid = repository.git('rev-parse', `refs/tags/approve/${head}/damaged`);
  // A host that has lost the object still lists its ref, and cannot say what it leads to.
  const damagedRef = `refs/tags/approve/${head}/damaged^{}`;
  rmSync(join(repository.bare, 'objects', oid.slice(0, 2), oid.slice(2)));
  const front = await lab.fronts.pass(lab.host.url, {
    change: (answer, { method }) => {
      if (method === 'POST') return answer;
      const listed = answer.toString('latin1');
      const line = (content: string): string => (content.length + 4).toString(16).padStart(4, '0') + content;
      const lost = listed.includes(oid) ? '' : line(`${oid} refs/tags/approve/${head}/damaged\n`);
      return Buffer.from(listed.replace(/0000$/, `${lost}${line(`${head} ${damagedRef}\n`)}0000`), 'latin1');
    },
  });
  const clone = await lab.open({ url: front.url + path });
  assert.is(await clone.fetch(never), head);
  assert.equal(await approvals(clone, head), good);
  assert.ok(clone.sources[0]?.approvalsError, 'it is told');
  const asked = front.seen.length;
  await clone.fetch(never);
  assert.is(front.seen.length, asked + 1, 'and not tried again and again');
  assert.equal(await approvals(clone, head), good);
});

test('a bundle carries approvals, too', async () => {
  const { repository } = lab.remote();
  const file = join(lab.folder(), 'site.bundle');
  const head = repository.head();
  const ada = approve(repository, head, 'ada');
  repository.git('tag', `approve/${head}/light`, head);
  repository.git('bundle', 'create', '-q', file, '--branches', '--tags');
  const clone = await lab.open({ url: file });
  await clone.fetch(never);
  assert.equal(await approvals(clone, head), { ada: text(ada) });
  // The branch has not moved, and yet there is news.
  const bob = approve(repository, head, 'bob');
  repository.git('bundle', 'create', '-q', file, '--branches', '--tags');
  await clone.fetch(never);
  assert.equal(await approvals(clone, head), { ada: text(ada), bob: text(bob) });
});

/** Put approvals of a commit on the host, any number of them at once. */
function flood(repository: TestRepository, commit: string, count: number): void {
  const tagger = 'tagger Mallory <mallory@example.org> 1700000000 +0000';
  const tag = (number: number): string => `tag approve/${commit}/a${number}\nfrom ${commit}\n${tagger}\ndata 4\nseen\n`;
  const input = Array.from({ length: count }, (_, number) => tag(number)).join('');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: repository.bare, env: gitEnvironment, input });
}

test('a flood of approvals stops neither the branch nor those of other commits, and drops none that is here', async () => {
  const { repository, path } = lab.remote();
  const first = repository.head();
  const bob = approve(repository, first, 'bob');
  pushTags(repository);
  const limits = { maxRefs: 50, maxApprovals: 25, maxApprovalsOfCommit: 10 };
  const clone = await lab.open({ url: lab.host.url + path, ...limits });
  await clone.fetch(never);
  assert.is(clone.sources[0]?.approvalsError, null);

  flood(repository, first, 60);
  const second = repository.commit('second');
  repository.push();
  assert.is(await clone.fetch(never), second);
  assert.is(clone.approvalCount, 10, 'as many as there may be of one commit');
  assert.is((await approvals(clone, first)).bob, text(bob));
  const { code, message } = clone.sources[0]?.approvalsError ?? {};
  assert.is(code, 'too-many-refs');
  assert.is(message, '51 approvals are left out: no more than 25 are kept, and 10 of one commit');

  const ada = approve(repository, second, 'ada');
  pushTags(repository);
  await clone.fetch(never);
  assert.equal(await approvals(clone, second), { ada: text(ada) });

  flood(repository, second, 10);
  const third = repository.commit('third');
  repository.push();
  flood(repository, third, 10);
  assert.is(await clone.fetch(never), third);
  assert.is(clone.approvalCount, 25, 'as many as there may be in all');
  assert.is((await approvals(clone, first)).bob, text(bob));
  assert.is((await approvals(clone, second)).ada, text(ada));
});

test('approvals that make the list of refs too long are not read, and the branch goes on', async () => {
  const { repository, path } = lab.remote();
  const head = repository.head();
  flood(repository, head, 80);
  const options = { url: lab.host.url + path, maxRefsBytes: 10_000 };
  const clone = await lab.open(options);
  assert.is(await clone.fetch(never), head);
  const { approvalCount: read } = clone;
  assert.ok(read > 20 && read < 80, `${read} approvals`);
  assert.match(clone.sources[0]?.approvalsError?.message ?? '', 'beyond the first 10000 bytes');
  // Where the branch itself would come later, there is nothing to go on with.
  const late = await lab.open({ ...options, branch: 'none' });
  assert.is(await failure(late.fetch(never)), 'too-large');
});

test('a bundle with a flood of approvals brings its branch', async () => {
  const { repository } = lab.remote();
  const head = repository.head();
  flood(repository, head, 60);
  const file = join(lab.folder(), 'site.bundle');
  execFileSync('git', ['bundle', 'create', '-q', file, '--branches', '--tags'], {
    cwd: repository.bare,
    env: gitEnvironment,
  });
  const clone = await lab.open({ url: file, maxRefs: 50, maxApprovalsOfCommit: 10 });
  for (const time of ['read', 'taken for the same']) {
    assert.is(await clone.fetch(never), head);
    assert.is(clone.approvalCount, 10);
    assert.is(clone.sources[0]?.approvalsError?.code, 'too-many-refs', time);
  }
});

test('in a repository on disk they are its tags, each in a file of its own or packed', async () => {
  const { repository } = lab.remote();
  const head = repository.head();
  const ada = approve(repository, head, 'ada');
  const old = approve(repository, head, 'team/bob', 'at first');
  repository.git('tag', `approve/${head}/light`, head);
  const local = await openLocal(repository.work);
  assert.equal(await approvals(local, head), { ada: text(ada), 'team/bob': text(old) });
  repository.git('pack-refs', '--all');
  repository.git('gc', '-q');
  assert.equal(await approvals(local, head), { ada: text(ada), 'team/bob': text(old) });
  const bob = approve(repository, head, 'team/bob', 'again');
  assert.equal(await approvals(local, head), { ada: text(ada), 'team/bob': text(bob) });
  assert.equal(await approvals(local, '1'.repeat(40)), {});
});

test.run();
