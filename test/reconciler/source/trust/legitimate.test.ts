// The corpus of legitimate histories: each head is accepted, each commit as that of the right signer, at once and step
// by step.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GitFixture } from '../../../git.ts';
import { judge, judgeStepByStep } from './corpus/judgement.ts';
import { KeyRing } from './corpus/key-ring.ts';
import { legitimateFamilies } from './corpus/story.ts';
import { World } from './corpus/world.ts';

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

const all = [...families.values()].flat();

test('there are many histories, and no two of a name', () => {
  assert.ok(all.length >= 35, String(all.length));
  assert.is(new Set(all.map(({ name }) => name)).size, all.length);
});

test.run();
