// time limit: 240 s
// The corpus of attacks: each head is refused for its own reason and because of the right commit, at once and step by
// step.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Repository } from '../../../../reconciler/source/repository.ts';
import { refusals } from '../../../../reconciler/source/trust/refusal.ts';
import { type GitHost, serveGit } from '../../../../vdc/git-host.ts';
import { GitFixture } from '../../../git.ts';
import { GitFronts } from '../pull/git-fronts.ts';
import { failure, filesIn, never } from '../pull/pull-lab.ts';
import { judge, judgeStepByStep } from './corpus/judgement.ts';
import { KeyRing } from './corpus/key-ring.ts';
import { pullAttacks } from './corpus/pull-attacks.ts';
import { attackFamilies } from './corpus/story.ts';
import { World } from './corpus/world.ts';

const fixture = new GitFixture();
const keys = new KeyRing(fixture);
const families = await attackFamilies();
const fronts = new GitFronts();
let host: GitHost;

test.before(async () => {
  host = await serveGit({ root: fixture.root, host: '127.0.0.1', port: 0 });
});

test.after(async () => {
  fronts.close();
  await host.close();
  keys.close();
  fixture.remove();
});

for (const [family, rows] of families) {
  for (const [index, row] of rows.entries()) {
    test(`${family}: ${row.name} is refused: ${row.code}`, async () => {
      const world = new World(keys, `${family}-${index}`);
      const attack = await row.build(world);
      const expected = { ok: false, code: row.code, commit: attack.blamed === undefined ? attack.head : attack.blamed };
      const wholeSite = row.wholeSite ?? false;
      assert.equal(await judge(world, attack, wholeSite), expected);
      const stepwise = await judgeStepByStep(world, attack, wholeSite);
      if (stepwise === null) return;
      if (row.notStepByStep === undefined) assert.equal(stepwise, expected, 'step by step');
      else assert.not.equal(stepwise, expected, 'step by step it is the same, too');
    });
  }
}

for (const [index, { name, code, limits, path, prepare, change }] of pullAttacks.entries()) {
  test(`pull: ${name} is refused: ${code}`, async () => {
    const world = new World(keys, `pull-${index}`);
    world.introduce();
    world.push();
    const accepted = world.head();
    const folder = join(fixture.root, `${world.name}-clone`);
    const home = `/${world.name}.git`;
    let armed = false;
    const passed = await fronts.pass(host.url, {
      change: (answer) => (armed && change && answer.includes('PACK') ? change(answer) : answer),
    });
    const good = await Repository.open({ folder, branch: 'main', url: passed.url + home });
    assert.is(await good.fetch(never), accepted);
    good.close();
    const before = filesIn(folder);
    prepare?.(world);
    armed = true;
    const url = passed.url + (path?.(world) ?? home);
    const repository = await Repository.open({ folder, branch: 'main', url, ...limits });
    assert.is(await failure(repository.fetch(never, [accepted])), code);
    assert.equal(Buffer.from(await repository.commit(accepted)), world.object(accepted), 'what was there is there');
    assert.equal(filesIn(folder), before, 'and nothing else');
    repository.close();
  });
}

const all = [...families.values()].flat();

test('there are many attacks, and no two of a name', () => {
  assert.ok(all.length >= 200, String(all.length));
  assert.is(new Set(all.map(({ name }) => name)).size, all.length);
});

/** Codes that no row can bring about, and why. */
const without: Readonly<Record<string, string>> = {
  'sha1-collision': 'nobody has published two Git objects of one name; test/reconciler/source has what is known',
};

test('there is an attack for every reason to refuse a head', () => {
  const tried = new Set<string>(all.map(({ code }) => code));
  const untried = Object.keys(refusals).filter((code) => !tried.has(code));
  assert.equal(untried.sort(), Object.keys(without).sort());
});

test.run();
