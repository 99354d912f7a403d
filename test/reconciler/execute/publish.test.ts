import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { brokenLink, readHistory } from '../../../reconciler/execute/history.ts';
import { publish } from '../../../reconciler/execute/publish.ts';
import { readBlueprint } from '../../../renderers/blueprint.ts';
import { folders } from '../../../schema/state/keys.ts';
import { getObjects } from '../../../schema/state/objects.ts';
import { compiled, smallSite, withNewSystem } from '../../small-site.ts';
import { type ExecuteBench, outcomeOf, publishAction, startBench } from './bench.ts';

const site = await smallSite();
const first = compiled(site);
const second = compiled(withNewSystem(site));
const publishFirst = publishAction(first.blueprint.root, null, 1);
const publishSecond = publishAction(second.blueprint.root, first.blueprint.root, 2);

const test = suite<{ bench: ExecuteBench }>('publish');

test.before.each(async (context) => {
  context.bench = await startBench();
  context.bench.objects = first.objects;
});

/** Publish the first generation, and have a head accepted that is to be the second. */
async function firstIsInForce(bench: ExecuteBench): Promise<void> {
  await publish(publishFirst, bench.context);
  await bench.see();
  bench.objects = second.objects;
}

async function objectCount({ kv }: ExecuteBench): Promise<number> {
  return (await kv.list(folders.objects)).entries.length;
}

test('objects, target and history are written, and the whole can be read back', async ({ bench }) => {
  await publish(publishFirst, bench.context);
  const target = await bench.target();
  assert.equal(target, {
    generation: 1,
    root: first.blueprint.root,
    commit: publishFirst.commit,
    parent: null,
    acceptedAt: '2026-01-01T00:00:00.000Z',
  });
  const blueprint = await readBlueprint(first.blueprint.root, (digests) => getObjects(bench.kv, digests));
  assert.equal([...blueprint.machines.values()], [...first.blueprint.machines.values()]);
  const [entry] = await readHistory(bench.kv);
  assert.equal(entry, {
    sequence: 1,
    generation: 1,
    at: '2026-01-01T00:00:00.000Z',
    server: 'boot-0',
    event: 'published',
    commit: publishFirst.commit,
    signer: 'ada',
    detail: `${first.objects.size} objects written, 0 kept`,
    previous: null,
  });
});

test('the target comes after all objects, in one transaction with its entry in the history', async ({ bench }) => {
  await publish(publishFirst, bench.context);
  const keysOf = bench.flaky.commits.map(({ put = [] }) => put.map(({ key }) => key.replace(/\/.*/, '')));
  assert.equal(keysOf.at(-1), ['target', 'history']);
  for (const written of keysOf.slice(0, -1)) assert.equal([...new Set(written)], ['object']);
  assert.ok(
    bench.flaky.commits.every(({ when }) => when.includes(bench.context.fence)),
    'each holds the fence',
  );
});

test('a second generation costs what has changed', async ({ bench }) => {
  await firstIsInForce(bench);
  const before = await objectCount(bench);
  await publish(publishSecond, bench.context);
  const fresh = [...second.objects.keys()].filter((digest) => !first.objects.has(digest)).length;
  assert.is((await objectCount(bench)) - before, fresh);
  assert.is((await bench.target())?.parent, first.blueprint.root);
  assert.match((await readHistory(bench.kv)).at(-1)?.detail ?? '', `${fresh} objects written, `);
  assert.is(brokenLink(await readHistory(bench.kv)), null);
});

test('done twice, the second time changes nothing', async ({ bench }) => {
  await publish(publishFirst, bench.context);
  const before = (await bench.kv.list('')).revision;
  assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'PRECONDITION', 'as seen before');
  await bench.see();
  assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'PRECONDITION', 'as seen now');
  assert.is((await bench.kv.list('')).revision, before);
});

test('what was cut short half-way is ended by the next', async ({ bench }) => {
  const some = new Map([...first.objects].slice(0, 5));
  bench.objects = some;
  assert.is(await outcomeOf(publish(publishAction('0'.repeat(64), null, 1), bench.context)), 'PRECONDITION');
  let commits = 0;
  bench.objects = first.objects;
  bench.flaky.fateOf = () => (++commits === 1 ? 'pass' : 'away');
  assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'STATE_UNAVAILABLE');
  assert.is(await bench.target(), null, 'nobody sees it');
  bench.flaky.fateOf = () => 'pass';
  assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'done');
  assert.is((await bench.target())?.generation, 1);
});

test('a target that names objects of another head is not written', async ({ bench }) => {
  bench.objects = second.objects;
  assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'PRECONDITION');
  assert.is(await bench.target(), null);
  assert.is(await objectCount(bench), 0);
});

test('a plan that was made before another generation came into force is not carried out', async ({ bench }) => {
  await firstIsInForce(bench);
  // The leader has not seen the second generation yet.
  const stale = new Map(bench.seen);
  await publish(publishSecond, bench.context);
  bench.seen.clear();
  for (const [key, entry] of stale) bench.seen.set(key, entry);
  assert.is(await outcomeOf(publish(publishSecond, bench.context)), 'PRECONDITION');
  assert.is((await bench.target())?.generation, 2);
  assert.is((await readHistory(bench.kv)).length, 2);
});

test('generations only count up, also when the site comes back to an older root', async ({ bench }) => {
  await firstIsInForce(bench);
  await publish(publishSecond, bench.context);
  await bench.see();
  bench.objects = first.objects;
  await publish(publishAction(first.blueprint.root, second.blueprint.root, 3), bench.context);
  await bench.see();
  // A plan from the time when the first root was generation 1.
  bench.objects = second.objects;
  assert.is(await outcomeOf(publish(publishSecond, bench.context)), 'PRECONDITION');
  assert.is((await bench.target())?.generation, 3);
});

test('whoever does not lead any more writes nothing', async ({ bench }) => {
  await bench.depose();
  assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'STATE_FENCED');
  assert.is(await objectCount(bench), 0);
});

test('who loses the lead between the objects and the target does not write the target', async ({ bench }) => {
  bench.flaky.fateOf = ({ put = [] }) => {
    if (put.some(({ key }) => key === 'target')) void bench.depose();
    return 'pass';
  };
  assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'PRECONDITION');
  assert.is(await bench.target(), null);
  assert.equal(await readHistory(bench.kv), []);
  assert.is(await objectCount(bench), first.objects.size, 'objects alone do no harm');
});

for (const fate of ['lost-answer', 'lost-request'] as const) {
  test(`a target of unknown outcome (${fate}) is in force once in the end, with one entry`, async ({ bench }) => {
    bench.flaky.fateOf = ({ put = [] }) => (put.some(({ key }) => key === 'target') ? fate : 'pass');
    assert.is(await outcomeOf(publish(publishFirst, bench.context)), 'STATE_UNKNOWN_OUTCOME');
    bench.flaky.fateOf = () => 'pass';
    await bench.see();
    await outcomeOf(publish(publishFirst, bench.context));
    assert.is((await bench.target())?.generation, 1);
    assert.is((await readHistory(bench.kv)).length, 1);

    await bench.see();
    bench.objects = second.objects;
    assert.is(await outcomeOf(publish(publishSecond, bench.context)), 'done');
    const history = await readHistory(bench.kv);
    assert.equal(
      history.map(({ sequence, generation }) => [sequence, generation]),
      [
        [1, 1],
        [2, 2],
      ],
    );
    assert.is(brokenLink(history), null);
  });
}

test.run();
