// Repositories on an engineer's disk, as git itself makes them: which commit a name means, in linked work trees too.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLocal } from '../../../reconciler/source/local.ts';
import { GitFixture, type TestRepository } from '../../git.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

async function resolve(folder: string, name: string): Promise<string> {
  return (await openLocal(folder)).resolve(name);
}

/** What is said of a name that stands for nothing. */
async function complaint(folder: string, name: string): Promise<string> {
  return resolve(folder, name).catch((error: Error) => error.message);
}

/** What git itself takes a name for, in a work tree. */
function byGit(repository: TestRepository, folder: string, name: string): string {
  return repository.git('-C', folder, 'rev-parse', `${name}^{commit}`);
}

/** A repository with a linked work tree beside it, each at a commit of its own. */
function linked(name: string): { readonly repository: TestRepository; readonly tree: string } {
  const repository = fixture.repository(name);
  repository.write('dc/site.yaml', 'first\n');
  const first = repository.commit('first');
  repository.git('tag', 'light');
  repository.git('tag', '-a', '-m', 'of its own', 'heavy');
  repository.git('tag', '-a', '-m', 'of a tag', 'heavier', 'heavy');
  const tree = join(fixture.root, `${name}-linked`);
  repository.git('worktree', 'add', '-q', '-b', 'feature/x', tree, first);
  repository.write('dc/site.yaml', 'second\n');
  repository.commit('second');
  repository.git('-C', tree, 'commit', '-q', '--allow-empty', '--no-gpg-sign', '-m', 'third');
  repository.git('-C', tree, 'update-ref', 'refs/bisect/bad', 'HEAD~1');
  repository.git('-C', tree, 'update-ref', 'refs/worktree/mine', 'HEAD');
  repository.git('update-ref', 'refs/bisect/bad', 'HEAD');
  repository.push();
  repository.git('fetch', '-q', 'origin');
  repository.git('remote', 'set-head', 'origin', 'main');
  return { repository, tree };
}

const names =
  `HEAD HEAD~1 main feature/x heads/main refs/heads/feature/x light heavy heavier tags/heavy origin/main origin
  refs/bisect/bad bisect/bad worktree/mine FETCH_HEAD`.split(/\s+/);

for (const packed of [false, true]) {
  test(`names mean what they mean to git, in each work tree${packed ? ', packed' : ''}`, async () => {
    const { repository, tree } = linked(packed ? 'packed' : 'loose');
    if (packed) repository.git('gc', '-q');
    assert.is.not(byGit(repository, tree, 'HEAD'), repository.head());
    for (const folder of [repository.work, tree, join(tree, 'dc')]) {
      for (const name of names) {
        const isElsewhere = folder === repository.work ? name === 'worktree/mine' : name === 'FETCH_HEAD';
        if (isElsewhere) assert.match(await complaint(folder, name), 'there is no branch');
        else assert.is(await resolve(folder, name), byGit(repository, folder, name), `${name} in ${folder}`);
      }
      const head = byGit(repository, folder, 'HEAD');
      assert.is(await resolve(folder, head), head);
      assert.is(await resolve(folder, head.slice(0, 9)), head);
    }
    assert.is((await openLocal(join(tree, 'dc'))).folder, 'dc');
    // What has a file again since refs were packed is where that file says.
    if (packed) repository.git('tag', '-f', 'light', 'HEAD');
    if (packed) assert.is(await resolve(tree, 'light'), byGit(repository, tree, 'light'));
  });
}

test('a detached HEAD', async () => {
  const { repository, tree } = linked('detached');
  repository.git('-C', tree, 'checkout', '-q', '--detach', 'main~1');
  assert.is(await resolve(tree, 'HEAD'), byGit(repository, repository.work, 'main~1'));
});

test('no name leads to other files of the repository, or out of it', async () => {
  const { repository } = linked('files');
  const odd = [
    'config',
    'index',
    '../main/.git/HEAD',
    'refs/../HEAD',
    'refs/heads/../../HEAD',
    '/etc/hostname',
    'refs',
  ];
  for (const name of [...odd, 'heads/', 'ma*', 'dead', 'DEADBEEF', '0123456789']) {
    assert.is(
      await complaint(repository.work, name),
      `there is no branch, tag or commit ${name} here; is it fetched?`,
      name,
    );
  }
});

test('what is no commit, or is not here', async () => {
  const { repository } = linked('objects');
  repository.git('tag', 'tree', 'HEAD^{tree}');
  assert.match(await complaint(repository.work, 'tree'), /^tree names no commit here: object [0-9a-f]{40} is a tree$/);
  const nowhere = '1'.repeat(40);
  assert.is(await complaint(repository.work, nowhere), `${nowhere} names no commit here: object ${nowhere} is missing`);
});

test('a repository without commits, and a branch without any', async () => {
  const repository = fixture.repository('empty');
  for (const name of ['HEAD', 'main', 'origin/main', 'HEAD~1']) {
    assert.is(await complaint(repository.work, name), 'the Git repository has no commits yet');
  }
  repository.commit('first');
  repository.git('checkout', '-q', '--orphan', 'other');
  assert.match(await complaint(repository.work, 'HEAD'), 'there is no branch, tag or commit HEAD here');
  assert.is(await resolve(repository.work, 'main'), byGit(repository, repository.work, 'main'));
});

test('a folder in no repository', async () => {
  const folder = join(fixture.root, 'outside');
  mkdirSync(folder);
  assert.is(await complaint(folder, 'HEAD'), `${folder} is in no Git repository`);
  const here = process.cwd();
  process.chdir(folder);
  try {
    assert.is(await complaint('.', 'HEAD'), 'this folder is in no Git repository');
  } finally {
    process.chdir(here);
  }
});

test.run();
