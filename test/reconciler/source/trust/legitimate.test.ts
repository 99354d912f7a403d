// time limit: 120 s
// The corpus of legitimate histories: each head is accepted, each commit as that of the right signer, at once and step
// by step.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Repository } from '../../../../reconciler/source/repository.ts';
import { authenticate } from '../../../../reconciler/source/trust/authenticate.ts';
import { serveGit } from '../../../../vdc/git-host.ts';
import { GitFixture } from '../../../git.ts';
import { judge, judgeStepByStep } from './corpus/judgement.ts';
import { KeyRing } from './corpus/key-ring.ts';
import { legitimateFamilies } from './corpus/story.ts';
import { entry, World } from './corpus/world.ts';

const fixture = new GitFixture();
const keys = new KeyRing(fixture);
const families = await legitimateFamilies();
test.after(() => {
  keys.close();
  fixture.remove();
});

for (const [family, rows] of families) {
  for (const [index, row] of rows.entries()) {
    test(`${family}: ${row.name}`, async () => {
      const world = new World(keys, `${family}-${index}`);
      const history = await row.build(world);
      const outcome = await judge(world, history, row.wholeSite ?? false);
      assert.ok(outcome.ok, JSON.stringify(outcome));
      if (!outcome.ok) return;
      const signers = outcome.commits.map(({ signer }) => signer);
      assert.equal(signers, history.signers);
      const approvers = outcome.commits.flatMap(({ approvers }, place) =>
        approvers.length > 0 ? [[place, approvers]] : [],
      );
      assert.equal(Object.fromEntries(approvers), history.approvers ?? {});
      const stepwise = await judgeStepByStep(world, history, row.wholeSite ?? false);
      assert.equal(sorted(stepwise), sorted(outcome), 'step by step');
    });
  }
}

/** Commits of side branches may come in another order when they come in several steps. */
function sorted(outcome: Awaited<ReturnType<typeof judgeStepByStep>>): unknown {
  return outcome?.ok ? [...outcome.commits].sort((a, b) => (a.oid < b.oid ? -1 : 1)) : outcome;
}

test('a site that was pulled, approvals and all, over HTTP', async () => {
  const world = new World(keys, 'pulled');
  world.introduce({
    signers: [entry(world.ada), entry(world.bob)],
    thresholds: [{ paths: ['roles/'], signatures: 2 }],
  });
  const head = world.edit('roles/cs.yaml', world.bob);
  world.approve(head, world.ada);
  world.push();
  world.git('push', '-q', '--tags', 'origin');
  const host = await serveGit({ root: fixture.root, host: '127.0.0.1', port: 0 });
  const folder = join(fixture.root, 'pulled-clone');
  const repository = await Repository.open({ folder, branch: 'main', url: `${host.url}/pulled.git` });
  try {
    assert.is(await repository.fetch(new AbortController().signal), head);
    const { introduction, nowSeconds } = world;
    const request = { from: null, to: head, reader: repository, introduction, nowSeconds };
    const result = await authenticate({ ...request, approvals: repository });
    assert.ok(result.ok, JSON.stringify(result));
    if (result.ok) assert.equal(result.commits.at(-1)?.approvers, ['ada']);
    assert.not.ok((await authenticate(request)).ok, 'nor without the approval');
  } finally {
    repository.close();
    await host.close();
  }
});

const all = [...families.values()].flat();

test('there are many histories, and no two of a name', () => {
  assert.ok(all.length >= 70, String(all.length));
  assert.is(new Set(all.map(({ name }) => name)).size, all.length);
});

test.run();
