// What agents say about commits, on its way to a GitHub that is not always there.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommitQueue, type CommitQueueOptions } from '../../../../reconciler/source/github/commit-queue.ts';
import type { CommitReport, CommitState } from '../../../../reconciler/source/github/commit-report.ts';
import type { Trouble } from '../../../../reconciler/source/github/trouble.ts';
import { eventually } from '../../../eventually.ts';
import { FakeGitHub } from './fake-github.ts';

interface Context {
  fake: FakeGitHub;
  troubles: Trouble[];
  connections: number;
  stop: AbortController;
  /** Make a queue that runs until the test ends. */
  start(options?: Partial<CommitQueueOptions>): CommitQueue;
  running: Promise<void>[];
}

const test = suite<Context>('commit queue', {} as Context);

test.before.each(async (context) => {
  const fake = await FakeGitHub.start();
  const { port, apiUrl } = fake;
  assert.ok(port > 0);
  const stop = new AbortController();
  const troubles: Trouble[] = [];
  const running: Promise<void>[] = [];
  Object.assign(context, { fake, stop, troubles, running, connections: 0 });
  context.start = (options) => {
    const queue = new CommitQueue({
      connect: async (signal) => {
        context.connections += 1;
        return fake.client({ apiUrl, deadlineSeconds: null, signal });
      },
      target: {
        repository: { owner: 'acme', repo: 'site' },
        siteId: 'tokyo0',
        targetUrl: 'https://boot.example/status',
      },
      onTrouble: (trouble) => troubles.push(trouble),
      retryMs: [5, 20],
      ...options,
    });
    running.push(queue.run(stop.signal));
    return queue;
  };
});
test.after.each(async ({ fake, stop, running }) => {
  stop.abort();
  await Promise.all(running);
  await fake.close();
  assert.equal(fake.complaints, []);
});

const one = '1'.repeat(40);
const two = '2'.repeat(40);

function report(state: CommitState, headline = 'nothing to do', commit = one): CommitReport {
  return { commit, state, headline };
}

const done = (queue: CommitQueue) => eventually('everything is said', () => queue.length === 0);

const statusesOf = (fake: FakeGitHub, commit = one) =>
  fake.repository.statuses.filter(({ sha }) => sha === commit).map(({ state, description }) => [state, description]);

const deploymentStatesOf = (fake: FakeGitHub) =>
  fake.repository.deployments.map(({ ref, states }) => [ref[0], ...states.map(({ state }) => state)]);

test('a commit has a status and a deployment, which follow it', async ({ fake, start }) => {
  const queue = start();
  queue.add(report('pending', 'restart 25 machines'));
  await done(queue);
  queue.add(report('success'));
  await done(queue);
  assert.equal(statusesOf(fake), [
    ['pending', 'restart 25 machines'],
    ['success', 'nothing to do'],
  ]);
  const [status] = fake.repository.statuses;
  assert.is(status?.context, 'berth/tokyo0');
  assert.equal(deploymentStatesOf(fake), [['1', 'in_progress', 'success']]);
  const [deployment] = fake.repository.deployments;
  assert.equal([deployment?.environment, deployment?.task], ['tokyo0', 'deploy:berth']);
});

for (const [state, status, deployment] of [
  ['failure', 'failure', 'failure'],
  ['refused', 'error', 'error'],
] as const) {
  test(`${state} is ${status} to GitHub`, async ({ fake, start }) => {
    const queue = start();
    queue.add(report(state, 'why'));
    await done(queue);
    assert.equal(statusesOf(fake), [[status, state === 'refused' ? 'refused: why' : 'why']]);
    assert.equal(deploymentStatesOf(fake), [['1', deployment]]);
  });
}

test('headlines fit: 140 characters, in one line, none beyond U+FFFF, none that commands', async ({ fake, start }) => {
  const queue = start();
  queue.add(report('failure', `🚀 halted:\n\tr0-04 \u001b[2J has not come back ${'long '.repeat(40)}`));
  await done(queue);
  const text = fake.repository.statuses[0]?.description ?? '';
  assert.is(text.length, 140);
  assert.match(text, /^\ufffd halted: r0-04 \\u001b\[2J has not come back long .*…$/);
});

test('GitHub is away and comes back: the newest state of each commit is said, once', async (context) => {
  const { fake, start, troubles } = context;
  const { port } = fake;
  await fake.close();
  const queue = start();
  queue.add(report('pending', 'restart 3 machines'));
  await eventually('GitHub is missed', () => troubles.length >= 2);
  queue.add(report('pending', 'restart 2 machines'));
  queue.add(report('failure', 'halted'));
  queue.add(report('refused', 'unsigned', two));
  assert.is(queue.length, 2);
  await fake.listen(port);
  await done(queue);
  assert.equal(statusesOf(fake, one), [['failure', 'halted']]);
  assert.equal(statusesOf(fake, two), [['error', 'refused: unsigned']]);
  assert.equal(new Set(troubles.map(({ kind }) => kind)), new Set(['unavailable']));
});

test('lost answers leave nothing double', async ({ fake, start, troubles }) => {
  for (const at of ['POST /repos/{owner}/{repo}/statuses', 'deployments', 'deployments/{deployment_id}/statuses']) {
    fake.fail({ at, status: 502, done: true });
  }
  fake.fail({ at: 'POST /repos/{owner}/{repo}/deployments', status: 502, done: true });
  const queue = start();
  queue.add(report('success'));
  await done(queue);
  assert.is(troubles.length, 4);
  assert.is(fake.repository.statuses.length, 1);
  assert.equal(deploymentStatesOf(fake), [['1', 'success']]);
});

test('another boot server that says the same adds nothing', async ({ fake, start }) => {
  for (const queue of [start(), start()]) {
    queue.add(report('success'));
    await done(queue);
  }
  assert.is(fake.repository.statuses.length, 1);
  assert.equal(deploymentStatesOf(fake), [['1', 'success']]);
});

test('saying the same again asks nothing of GitHub', async ({ fake, start }) => {
  const queue = start();
  queue.add(report('success'));
  await done(queue);
  const { length } = fake.requests;
  for (let round = 0; round < 100; round++) queue.add(report('success'));
  assert.is(queue.length, 0);
  queue.add(report('success', 'a sign of life', two));
  await done(queue);
  assert.is(fake.requests.filter(({ path }) => path.includes(one)).length, 2);
  assert.ok(fake.requests.length > length);
});

test('headlines of a state change at a pace, states at once', async ({ fake, start }) => {
  const queue = start({ headlinePaceMs: 200 });
  queue.add(report('pending', 'restart 9 machines'));
  await done(queue);
  for (const left of [8, 7, 6]) queue.add(report('pending', `restart ${left} machines`));
  const atMs = performance.now();
  await done(queue);
  assert.ok(performance.now() - atMs > 100, 'waits for its pace');
  queue.add(report('pending', 'restart 5 machines'));
  queue.add(report('success'));
  await done(queue);
  assert.equal(statusesOf(fake), [
    ['pending', 'restart 9 machines'],
    ['pending', 'restart 6 machines'],
    ['success', 'nothing to do'],
  ]);
});

test('a newer commit supersedes one that is not everywhere yet; a refused one does not', async ({ fake, start }) => {
  const queue = start();
  queue.add(report('pending', 'restart 9 machines'));
  await done(queue);
  queue.add(report('refused', 'unsigned', '3'.repeat(40)));
  await done(queue);
  assert.equal(statusesOf(fake), [['pending', 'restart 9 machines']]);
  queue.add(report('pending', 'restart 4 machines', two));
  await done(queue);
  assert.equal(statusesOf(fake), [
    ['pending', 'restart 9 machines'],
    ['success', 'superseded by 222222222222'],
  ]);
  assert.equal(deploymentStatesOf(fake), [
    ['1', 'in_progress', 'inactive'],
    ['3', 'error'],
    ['2', 'in_progress'],
  ]);
});

test('who leads no more says no more, and another one goes on where it was', async ({ fake, start }) => {
  const [old, next] = [start({ headlinePaceMs: 200 }), start()];
  old.add(report('pending', 'restart 3 machines'));
  next.follow(report('pending', 'restart 3 machines'));
  await done(old);
  old.add(report('pending', 'restart 2 machines'));
  assert.is(old.length, 1, 'it waits for its time');

  old.follow(report('pending', 'restart 2 machines'));
  assert.is(old.length, 0, 'that is for another one to say');
  next.add(report('pending', 'nothing to do yet', two));
  await done(next);
  const superseded = ['success', 'superseded by 222222222222'];
  assert.equal(statusesOf(fake), [['pending', 'restart 3 machines'], superseded]);
  assert.equal(statusesOf(fake, two), [['pending', 'nothing to do yet']]);

  next.follow(report('success', 'nothing to do', two));
  old.add(report('success', 'nothing to do', two));
  await done(old);
  assert.equal(statusesOf(fake, two).at(-1), ['success', 'nothing to do']);
  assert.equal(statusesOf(fake).at(-1), superseded);
});

test('a token for statuses alone says the status', async ({ fake, start, troubles }) => {
  fake.fail({ at: 'deployments', status: 403, message: 'Resource not accessible by integration', times: 99 });
  const queue = start();
  queue.add(report('success'));
  await done(queue);
  assert.equal(statusesOf(fake), [['success', 'nothing to do']]);
  assert.equal(
    troubles.map(({ kind }) => kind),
    ['not-permitted'],
  );
});

test('after a refused token another connection is made', async (context) => {
  const { fake, start } = context;
  fake.fail({ at: 'GET /repos/{owner}/{repo}/commits', status: 401, message: 'Bad credentials', times: 2 });
  const queue = start();
  queue.add(report('success'));
  await done(queue);
  assert.is(context.connections, 3);
  assert.equal(statusesOf(fake), [['success', 'nothing to do']]);
});

test('what GitHub declines is told once, and given up', async ({ fake, start, troubles }) => {
  fake.fail({ at: 'POST /repos/{owner}/{repo}/statuses', status: 422, message: 'No commit found for SHA', times: 99 });
  const queue = start();
  queue.add(report('pending'));
  await eventually('it is told', () => troubles.length > 0);
  await done(queue);
  queue.add(report('pending'));
  assert.is(queue.length, 0);
  assert.is(fake.writes.length, 1);
  assert.equal(
    troubles.map(({ kind }) => kind),
    ['declined'],
  );
});

test('a rate limit is waited for as long as GitHub says', async ({ fake, start, troubles }) => {
  const at = 'POST /repos/{owner}/{repo}/statuses';
  fake.fail({ at, status: 403, headers: { 'retry-after': '1' }, message: 'You have exceeded a secondary rate limit' });
  const queue = start();
  queue.add(report('success'));
  await done(queue);
  assert.equal(
    troubles.map(({ kind }) => kind),
    ['rate-limited'],
  );
  const [first, second] = fake.requests.filter(({ operation }) => operation.startsWith('POST'));
  assert.ok((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 990);
});

test('memory is bounded, however long GitHub is away', async ({ fake, start }) => {
  await fake.close();
  const queue = start({ retryMs: [10_000, 10_000] });
  for (let commit = 0; commit < 1000; commit++) {
    queue.add(report('refused', 'unsigned', commit.toString(16).padStart(40, '0')));
  }
  assert.is(queue.length, 100);
});

test('nothing is loaded or asked while there is nothing to say, and stopping takes no time', async (context) => {
  const { start, stop, running } = context;
  start();
  stop.abort();
  await Promise.all(running);
  assert.is(context.connections, 0);
});

test.run();
