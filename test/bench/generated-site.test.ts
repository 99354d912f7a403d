import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSite } from '../../reconciler/source/accept.ts';
import { readFolder } from '../../reconciler/source/folder.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { generateSite, lineChanges, type SiteSize, withChange } from './generated-site.ts';

const example = await readFolder(fileURLToPath(new URL('../../examples/site-repo', import.meta.url)));

function compiled(files: SiteFiles) {
  const { compiled, diagnostics } = compileSite(files);
  assert.equal(diagnostics, []);
  if (!compiled) throw new Error('nothing was compiled');
  return compiled.blueprint;
}

for (const size of [
  { machines: 3, racks: 1 },
  { machines: 5, racks: 4 },
  { machines: 11, racks: 3 },
  { machines: 400, racks: 10 },
  { machines: 200, racks: 1 },
] satisfies SiteSize[]) {
  test(`${size.machines} machines in ${size.racks} racks keep every rule`, () => {
    const { machines, racks, site } = compiled(generateSite(example, size));
    assert.is(machines.size, size.machines);
    assert.is(racks.size, size.racks);
    assert.ok([...racks.values()].every((rack) => Object.keys(rack.machines).length > 0));
    const addresses = [...machines.values()].flatMap(({ node, links, bmc }) => [
      ...[node, bmc.address],
      ...links.map(({ address }) => address),
    ]);
    assert.is(new Set(addresses).size, 4 * size.machines);
    assert.ok(site.servers.every(({ joined }) => joined));
  });
}

test('the last rack that can be is inside every pool', () => {
  const files = new Map(generateSite(example, { machines: 4096 * 3, racks: 4096 }));
  for (const rack of files.keys()) {
    if (/^racks\/r([3-9]|\d\d+)\.yaml$/.test(rack) && path.basename(rack) !== 'r4095.yaml') files.delete(rack);
  }
  assert.is(compiled(files).racks.get('r4095')?.rack, 4095);
});

test('machines get what those of the example get', () => {
  const { ignition, releases } = compiled(generateSite(example, { machines: 12, racks: 2 }));
  const original = compiled(example);
  assert.equal([...ignition.keys()], [...original.ignition.keys()]);
  assert.equal(releases, original.releases);
  for (const [role, source] of ignition) assert.equal(source, original.ignition.get(role));
});

test('the same size gives the same bytes', () => {
  const size = { machines: 40, racks: 4 };
  assert.equal([...generateSite(example, size)], [...generateSite(example, size)]);
});

test('changes of a line change what their names say', () => {
  const files = generateSite(example, { machines: 40, racks: 4 });
  const before = compiled(files);
  const changed = lineChanges(files).map((change) => {
    const after = compiled(withChange(files, change));
    return [...after.machines.values()].filter((machine) => {
      return machine.bootDigest !== before.machines.get(machine.serial)?.bootDigest;
    });
  });
  assert.equal(
    changed.map(({ length }) => length),
    [1, [...before.machines.values()].filter(({ role }) => role === 'cs').length],
  );
});

test('a size that no site can have is refused', () => {
  for (const [machines, racks] of [
    [0, 1],
    [10, 0],
    [201, 1],
    [2, 1],
    [5, 6],
    [20_000, 4097],
    [Number.NaN, 1],
  ] as const) {
    assert.throws(
      () => generateSite(example, { machines, racks }),
      (error: Error) => error instanceof RangeError,
    );
  }
});

test.run();
