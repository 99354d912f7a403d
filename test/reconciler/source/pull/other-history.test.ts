// What makes Git itself see another history than the objects tell (grafts, replacements, shallow clones) changes
// nothing, wherever it stands.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parentsOf } from '../../../../reconciler/source/commit.ts';
import { openLocal } from '../../../../reconciler/source/local.ts';
import type { GitObjects } from '../../../../reconciler/source/objects.ts';
import { gitEnvironment, type TestRepository } from '../../../git.ts';
import { failure, never, PullLab } from './pull-lab.ts';

let lab: PullLab;
test.before(async () => {
  lab = await PullLab.start();
});
test.after(() => lab.stop());

async function historyOf(objects: GitObjects, head: string): Promise<string[]> {
  const history = [head];
  for (const oid of history) history.push(...parentsOf(await objects.commit(oid)));
  return history;
}

/** Three commits, the newest first. */
function three(repository: TestRepository): string[] {
  const first = repository.head();
  const second = repository.commit('second');
  const third = repository.commit('third');
  repository.push();
  return [third, second, first];
}

/** Have Git skip the second commit. */
const disguises: readonly [name: string, put: (gitdir: string, history: readonly string[]) => void][] = [
  [
    'a graft',
    (gitdir, [third, , first]) => {
      mkdirSync(join(gitdir, 'info'), { recursive: true });
      writeFileSync(join(gitdir, 'info/grafts'), `${third} ${first}\n`);
    },
  ],
  [
    'a replacement',
    (gitdir, [third = '', , first = '']) => {
      const git = (...args: string[]): string =>
        execFileSync('git', args, { cwd: gitdir, env: gitEnvironment, encoding: 'utf8' }).trim();
      const other = git('commit-tree', '-m', 'third', '-p', first, `${third}^{tree}`);
      git('update-ref', `refs/replace/${third}`, other);
    },
  ],
  [
    'a file that says where a shallow clone ends',
    (gitdir, [, second]) => writeFileSync(join(gitdir, 'shallow'), `${second}\n`),
  ],
];

for (const [name, put] of disguises) {
  test(`${name} in the clone`, async () => {
    const { repository, path } = lab.remote();
    const history = three(repository);
    const options = { folder: lab.folder(), url: lab.host.url + path };
    await (await lab.open(options)).fetch(never);
    const gitdir = join(options.folder, 'clone-1');
    put(gitdir, history);
    const seen = execFileSync('git', ['rev-list', history[0] ?? ''], {
      cwd: gitdir,
      env: gitEnvironment,
      stdio: 'pipe',
    });
    assert.is.not(seen.toString().trim().split('\n').length, 3, 'git itself is taken in');
    const clone = await lab.open(options);
    assert.is(await clone.fetch(never, [history[1] ?? '']), history[0]);
    assert.equal(await historyOf(clone, history[0] ?? ''), history);
    const fourth = repository.commit('fourth');
    repository.push();
    assert.is(await clone.fetch(never, history), fourth);
    assert.equal(await historyOf(clone, fourth), [fourth, ...history]);
  });

  test(`${name} in a repository on disk`, async () => {
    const { repository } = lab.remote();
    const history = three(repository);
    put(join(repository.work, '.git'), history);
    const local = await openLocal(repository.work);
    assert.equal(await historyOf(local.objects, await local.resolve('main')), history);
    assert.is(await local.resolve('main~1'), history[1]);
  });
}

test('a replacement on the host', async () => {
  const { repository, path } = lab.remote();
  const history = three(repository);
  disguises[1]?.[1](repository.bare, history);
  const clone = await lab.open({ url: lab.host.url + path });
  const head = await clone.fetch(never);
  assert.equal(await historyOf(clone, head), history);
});

test('a host that is a shallow clone itself', async () => {
  const { repository, path } = lab.remote();
  three(repository);
  const bare = join(lab.fixture.root, 'cut.git');
  const from = `file://${repository.bare}`;
  execFileSync('git', ['clone', '-q', '--bare', '--depth=1', from, bare], { env: gitEnvironment });
  const clone = await lab.open({ url: `${lab.host.url}/cut.git` });
  assert.is(await failure(clone.fetch(never)), 'shallow');
  const helped = await lab.open({ url: `${lab.host.url}/cut.git`, mirrors: [{ url: lab.host.url + path }] });
  assert.is(await helped.fetch(never), repository.head());
  assert.is(helped.sources[0]?.error?.code, 'shallow');
});

test('a host that hides that its history is cut off', async () => {
  const { repository, path } = lab.remote();
  const [third = '', second = ''] = three(repository);
  appendFileSync(join(repository.bare, 'shallow'), `${second}\n`);
  const front = await lab.fronts.pass(lab.host.url, {
    change: (answer, { method }) =>
      method === 'GET'
        ? Buffer.from(answer.toString('latin1').replace(/00..shallow [0-9a-f]{40}\n?/, ''), 'latin1')
        : answer,
  });
  const clone = await lab.open({ url: front.url + path });
  assert.is(await failure(clone.fetch(never)), 'shallow');
  assert.not.ok(await clone.has(third));
});

test('a shallow clone on disk lacks what it lacks', async () => {
  const { repository } = lab.remote();
  const [third = '', second = ''] = three(repository);
  const work = lab.folder();
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${repository.bare}`, work], { env: gitEnvironment });
  const local = await openLocal(work);
  assert.is(await local.resolve('main'), third);
  assert.not.ok(await local.objects.has(second));
  assert.is(await failure(historyOf(local.objects, third)), 'missing-object');
});

test.run();
