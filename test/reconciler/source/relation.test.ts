// How two commits stand to each other, against what git says, and how much is read to find out.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Relation, relationOf } from '../../../reconciler/source/relation.ts';
import { GitFixture, type TestRepository } from '../../git.ts';
import { localObjects } from './local-objects.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

function byGit(repository: TestRepository, one: string, other: string): Relation {
  if (one === other) return 'same';
  const base = repository.git('merge-base', '--all', one, other).split('\n');
  if (base.includes(other)) return 'ahead';
  return base.includes(one) ? 'behind' : 'aside';
}

test('each pair of commits of a history with merges', async () => {
  const repository = fixture.repository('merges');
  const commits = [repository.commit('root')];
  for (const subject of ['a', 'b', 'c']) commits.push(repository.commit(subject));
  repository.checkout(commits[1] ?? '');
  for (const subject of ['x', 'y']) commits.push(repository.commit(subject));
  commits.push(repository.merge([commits[3] ?? '']), repository.commit('after'));
  const objects = localObjects(repository);
  const seen = new Set<Relation>();
  for (const one of commits) {
    for (const other of commits) {
      const relation = await relationOf(objects, one, other);
      assert.is(relation, byGit(repository, one, other), `${one} to ${other}`);
      seen.add(relation);
    }
  }
  assert.is(seen.size, 4);
});

test('histories with nothing in common', async () => {
  const repository = fixture.repository('strangers');
  const one = repository.commit('one');
  repository.git('checkout', '-q', '--orphan', 'other');
  const other = repository.commit('other');
  assert.is(await relationOf(localObjects(repository), one, other), 'aside');
});

test('of a long history only its newest part is read', async () => {
  const repository = fixture.repository('long');
  const commits = Array.from({ length: 60 }, (_, number) => repository.commit(`${number}`));
  const { commit } = localObjects(repository);
  let reads = 0;
  const counted = {
    commit: (oid: string): Promise<Uint8Array> => {
      reads += 1;
      return commit(oid);
    },
  };
  const [near, head] = [commits.at(-4) ?? '', commits.at(-1) ?? ''];
  assert.is(await relationOf(counted, head, near), 'ahead');
  assert.is(await relationOf(counted, near, head), 'behind');
  assert.ok(reads <= 14, `${reads} commits read`);
});

test('a long history leaves others their turn while it is walked', async () => {
  const objects = {
    commit: async (oid: string): Promise<Uint8Array> => {
      for (const until = performance.now() + 30; performance.now() < until; );
      const number = Number(oid);
      const parents = number > 0 ? `parent ${String(number - 1).padStart(40, '0')}\n` : '';
      return Buffer.from(`tree ${'0'.repeat(40)}\n${parents}`);
    },
  };
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  assert.is(await relationOf(objects, '5'.padStart(40, '0'), '1'.padStart(40, '0')), 'ahead');
  isOver = true;
  assert.ok(turns >= 4, `${turns} turns`);
});

test.run();
