import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { declaredMachines, racksInOrder } from '../../schema/machines.ts';
import { changed, example, siteOf } from './example-site.ts';

const site = siteOf(
  changed(
    example,
    ['racks/r0.yaml', 'rack: 0', 'rack: 10'],
    ['site.yaml', 'rack: 0, joined', 'rack: 10, joined'],
    ['racks/r1.yaml', '[02:be:00:01:04:01, 02:be:00:01:04:02]', '[02:be:00:01:04:01]'],
  ),
);

test('racks are in the order of their numbers, not of their names', () => {
  assert.equal(
    racksInOrder(site).map(([name, { value }]) => [name, value.rack]),
    [
      ['r1', 1],
      ['r2', 2],
      ['r3', 3],
      ['r0', 10],
    ],
  );
});

test('machines come rack by rack, each with where it is declared', () => {
  const machines = [...declaredMachines(site)];
  assert.is(machines.length, 32);
  assert.equal(
    machines.map(({ rackName }) => rackName),
    ['r1', 'r2', 'r3', 'r0'].flatMap((name) => Array.from({ length: 8 }, () => name)),
  );
  for (const { rackName, rack, index, machine } of machines) {
    assert.is(rack, site.racks.get(rackName));
    assert.is(rack.value.machines[index], machine);
  }
});

test.run();
