// Approval tags: brought along with the branch, one by one if need be, and kept.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLocal } from '../../../../reconciler/source/local.ts';
import type { ApprovalSource } from '../../../../reconciler/source/trust/approvals.ts';
import { gitEnvironment, type TestRepository } from '../../../git.ts';
import { never, PullLab } from './pull-lab.ts';

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
