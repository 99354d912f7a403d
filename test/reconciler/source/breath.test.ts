import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GitObjects } from '../../../reconciler/source/objects.ts';
import { authenticate } from '../../../reconciler/source/trust/authenticate.ts';
import { GitFixture } from '../../git.ts';
import { localObjects } from './local-objects.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

/** All in memory after the first time, so that nothing else but the judgement gives way to others. */
function remembering(objects: GitObjects): GitObjects {
  return { has: once(objects.has), commit: once(objects.commit), tree: once(objects.tree), blob: once(objects.blob) };
}

function once<T>(read: (oid: string) => Promise<T>): (oid: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (oid) => {
    const result = known.get(oid) ?? read(oid);
    known.set(oid, result);
    return result;
  };
}

/** Work that gives way to nobody, as checking a signature does. */
function slowly<T>(read: (oid: string) => Promise<T>): (oid: string) => Promise<T> {
  return (oid) => {
    for (const until = performance.now() + 30; performance.now() < until; );
    return read(oid);
  };
}

test('a long history leaves others their turn while it is judged', async () => {
  const ada = fixture.key('ada');
  const site = fixture.repository();
  site.trust({ key: ada });
  const first = site.commit('introduce', ada);
  for (let n = 0; n < 4; n += 1) site.commit(`commit ${n}`, ada);
  const objects = remembering(localObjects(site));
  const request = { from: first, to: site.head(), nowSeconds: 1_900_000_000 };
  await authenticate({ ...request, reader: objects });
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const result = await authenticate({ ...request, reader: { ...objects, commit: slowly(objects.commit) } });
  isOver = true;
  assert.ok(result.ok, JSON.stringify(result));
  assert.ok(turns >= 4, `${turns} turns`);
});

test.run();
