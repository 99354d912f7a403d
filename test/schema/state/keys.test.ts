import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folders, keys, sitePrefix } from '../../../schema/state/keys.ts';

const digest = 'ab'.repeat(32);

test('each key lies in its folder', () => {
  const table: readonly (readonly [key: string, expected: string, folder: string])[] = [
    [keys.object(digest), `object/${digest}`, folders.objects],
    [keys.history(7, 42), 'history/0000000007/0000000042', folders.historyOf(7)],
    [keys.history(7, 42), 'history/0000000007/0000000042', folders.history],
    [keys.observedMachine('FQ7K.2-D_3'), 'observed/machine/FQ7K.2-D_3', folders.observedMachines],
    [keys.observedServer('boot-0'), 'observed/server/boot-0', folders.observedServers],
    [keys.observedAgent('boot-0'), 'observed/agent/boot-0', folders.observedAgents],
    [keys.observedAgent('boot-0'), 'observed/agent/boot-0', folders.observed],
    [keys.operation('FQ7K2D3'), 'operation/FQ7K2D3', folders.operations],
  ];
  for (const [key, expected, folder] of table) {
    assert.is(key, expected);
    assert.ok(folder.endsWith('/') && key.startsWith(folder), folder);
  }
  assert.is(keys.target, 'target');
  assert.is(keys.leader, 'leader/agent');
  assert.is(sitePrefix('tokyo-1'), '/berth/tokyo-1/');
});

test('history sorts as it counts', () => {
  const places = [
    [1, 9],
    [1, 10],
    [2, 11],
    [10, 12],
    [10, 100],
    [9_999_999_999, 101],
  ] as const;
  const sorted = places.map(([generation, sequence]) => keys.history(generation, sequence));
  assert.equal([...sorted].reverse().sort(), sorted);
});

test('a name that could leave its folder is refused', () => {
  for (const name of ['', '/', 'a/b', '../x', '.', '..', 'a b', 'a\n', 'a\0', 'é', '-a', 'a'.repeat(64)]) {
    for (const key of [keys.observedMachine, keys.observedServer, keys.observedAgent, keys.operation, sitePrefix]) {
      assert.throws(() => key(name), /cannot be part of a key/, JSON.stringify(name));
    }
  }
  for (const wrong of ['', digest.toUpperCase(), `${digest}0`, `${digest.slice(1)}/`, `${digest}\n`]) {
    assert.throws(() => keys.object(wrong), /no SHA-256 digest/, JSON.stringify(wrong));
  }
  for (const wrong of [-1, 1.5, Number.NaN, 1e10]) assert.throws(() => keys.history(wrong, 1), /no counter/);
});

test.run();
