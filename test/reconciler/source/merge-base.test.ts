// Where histories part, against `git merge-base`.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLocal } from '../../../reconciler/source/local.ts';
import { mergeBase } from '../../../reconciler/source/merge-base.ts';
import { GitFixture } from '../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

const repository = fixture.repository();
const git = repository.git.bind(repository);

/** One commit more on a branch, which begins at `from` where it is new. */
function commit(branch: string, from?: string): string {
  git('checkout', '-q', ...(from === undefined ? [branch] : ['-b', branch, from]));
  repository.write(`${branch}.txt`, `${Math.random()}`);
  return repository.commit(`more on ${branch}`);
}

repository.write('main.txt', 'first');
const first = repository.commit('first');
const second = commit('main');
const topic = [commit('topic', second), commit('topic')];
const third = commit('main');
git('checkout', '-q', 'topic');
git('merge', '-q', '--no-edit', 'main');
const merged = git('rev-parse', 'HEAD');
const later = commit('topic');
const fourth = commit('main');
git('checkout', '-q', '--orphan', 'other');
const stranger = repository.commit('of another history');

for (const [name, one, other] of [
  ['a commit and itself', first, first],
  ['a commit and its ancestor', fourth, first],
  ['an ancestor and its descendant', first, fourth],
  ['a branch and main', topic[1], third],
  ['a branch into which main was merged', later, fourth],
  ['the merge and main', merged, fourth],
] as const) {
  test(name, async () => {
    const { objects } = await openLocal(repository.work);
    assert.is(await mergeBase(objects, one ?? '', other), git('merge-base', one ?? '', other));
  });
}

test('histories that have nothing in common', async () => {
  const { objects } = await openLocal(repository.work);
  assert.is(await mergeBase(objects, stranger, fourth), null);
});

test.run();
