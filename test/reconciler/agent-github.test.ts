// time limit: 180 s
// What the agent says on GitHub about commits, with a GitHub that is there, and one that is not.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../eventually.ts';
import { edited, smallSite } from '../small-site.ts';
import { Lab } from './lab.ts';
import { FakeGitHub } from './source/github/fake-github.ts';

const declared = await smallSite();
let lab: Lab;
let fake: FakeGitHub;

test.before(async () => {
  lab = await Lab.start();
  fake = await FakeGitHub.start('ghes-3.17');
});
test.after(async () => {
  await lab.stop();
  await fake.close();
  assert.equal(fake.complaints, []);
});

/** Options of an agent that tells the fake GitHub; it would not find it by the URL that it pulls from. */
function telling(): readonly string[] {
  const file = path.join(lab.git.root, 'token');
  writeFileSync(file, 'ghs_secret\n');
  return ['--github-api', fake.apiUrl, '--github-repository', 'acme/site', '--github-token-file', file];
}

const statesOf = (commit: string) =>
  fake.repository.statuses.filter(({ sha }) => sha === commit).map(({ state }) => state);

/** A change of site.yaml: nothing restarts from yesterday to the day after tomorrow. */
function freeze(): readonly [from: string, to: string] {
  const minuteIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  const last = '  maxDestructivePerDay: 1\n';
  return [last, `${last}  freezes: [{ from: "${minuteIn(-1)}", to: "${minuteIn(2)}", reason: a test }]\n`];
}

test('a commit is pending, then a success; one that is refused is an error', async () => {
  const agent = await lab.startAgent('boot-0', { more: telling() });
  await agent.event('reports');
  await lab.converges(1);
  const first = (await lab.target())?.commit ?? '';
  await eventually('the first commit is a success', () => statesOf(first).at(-1) === 'success', 30_000);
  assert.is(fake.repository.statuses[0]?.context, 'berth/tokyo0');

  const changed = edited(declared, 'roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 3G');
  const frozen = lab.commit('Keep more of the journal, but not these days', edited(changed, 'site.yaml', ...freeze()));
  await lab.pull(agent);
  await eventually('the second commit is pending', () => statesOf(frozen).at(-1) === 'pending', 30_000);

  const roll = lab.commit('Keep more of the journal', changed);
  await lab.pull(agent);
  await lab.converges(3);
  await eventually('the third commit is a success', () => statesOf(roll).at(-1) === 'success', 30_000);
  await eventually('the second is over', () => statesOf(frozen).at(-1) === 'success', 30_000);
  const isDeployed = (commit: string) =>
    fake.repository.deployments.some(({ ref, environment }) => ref === commit && environment === 'tokyo0');
  await eventually('each has a deployment', () => [first, frozen, roll].every(isDeployed), 30_000);
  assert.is(fake.repository.deployments.length, 3);

  const unsigned = lab.commit('Say it without a signature', declared, null);
  await lab.pull(agent);
  await eventually('the fourth commit is refused', () => statesOf(unsigned).at(-1) === 'error', 30_000);
  const refusal = fake.repository.statuses.find(({ sha }) => sha === unsigned);
  assert.match(refusal?.description ?? '', /^refused: /);
  assert.is(statesOf(roll).at(-1), 'success', 'the one before stays in force');
  lab.repository.git('reset', '--quiet', '--hard', roll);
  lab.repository.push();
  assert.not.match(JSON.stringify(agent.lines), 'ghs_secret');
  await agent.kill('SIGTERM');
});

test('GitHub away changes nothing, and learns the end of it', async () => {
  const { port } = fake;
  const more = telling();
  await fake.close();
  const agent = await lab.startAgent('boot-0', { more });
  const commit = lab.commit(
    'Keep less of the journal',
    edited(declared, 'roles/cs.yaml', 'journalMaxUse: 2G', 'journalMaxUse: 1G'),
  );
  await lab.pull(agent);
  await lab.converges(4);
  const trouble = await agent.event('github-trouble');
  assert.is(trouble.kind, 'unavailable');
  await fake.listen(port);
  await eventually('the commit is a success', () => statesOf(commit).at(-1) === 'success', 60_000);
  assert.equal(await agent.kill('SIGTERM'), { code: 0, signal: null });
});

test.run();
