import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { declaredMachines, racksInOrder } from '../../schema/machines.ts';
import { changed, example, siteOf, textOf } from './example-site.ts';

const site = siteOf(
  changed(
    example,
    ['racks/a10.yaml', '', textOf(example, 'racks/r3.yaml').replace('rack: 3', 'rack: 10')],
    ['racks/r3.yaml', '', null],
    ['site.yaml', 'rack: 3, joined', 'rack: 10, joined'],
    ['racks/r1.yaml', '[02:be:00:01:04:01, 02:be:00:01:04:02]', '[02:be:00:01:04:01]'],
  ),
);

test('racks are in the order of their numbers, not of their names', () => {
  assert.equal(
    racksInOrder(site).map(([name, { value }]) => [name, value.rack]),
    [
      ['r0', 0],
      ['r1', 1],
      ['r2', 2],
      ['a10', 10],
    ],
  );
});

test('machines come rack by rack, each with where it is declared', () => {
  const machines = [...declaredMachines(site)];
  assert.is(machines.length, 32);
  assert.equal(
    machines.map(({ rackName }) => rackName),
    ['r0', 'r1', 'r2', 'a10'].flatMap((name) => Array.from({ length: 8 }, () => name)),
  );
  for (const { rackName, rack, index, machine } of machines) {
    assert.is(rack, site.racks.get(rackName));
    assert.is(rack.value.machines[index], machine);
  }
});

test.run();
