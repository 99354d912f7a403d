// berth explain, as a user calls it.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { berth, exampleFolder, SiteCopy } from './command.ts';

const copy = new SiteCopy();
test.after(() => copy.remove());

const golden = readFileSync(new URL('../plan/explain/explanations/r0-04.txt', import.meta.url), 'utf8');
const inSite = (...args: readonly string[]) => berth(['explain', ...args], { cwd: copy.folder });

test('a whole machine, by name or by serial', async () => {
  for (const { stdout, stderr, exitCode } of await Promise.all([inSite('r0-04'), inSite('FQ7K2D3', '--no-color')])) {
    assert.is(stdout, golden);
    assert.is(stderr, '');
    assert.is(exitCode, 0);
  }
});

test('places can be opened from where the user stands', async () => {
  const [all, one] = await Promise.all([
    berth(['explain', 'r0-04', 'site'], { cwd: copy.parent }),
    berth(['explain', 'r0-04', 'role', 'site/'], { cwd: copy.parent }),
  ]);
  assert.match(all.stdout, / {2}serial +FQ7K2D3 +site\/racks\/r0\.yaml:\d+:\d+\n/);
  assert.match(one.stdout, /^role {2}cs {2}site\/racks\/r0\.yaml:\d+:\d+\n$/);
});

test('one field, or all whose names begin with it', async () => {
  const [one, several, withSlash] = await Promise.all([
    inSite('r3-09', 'node'),
    inSite('r3-09', 'labels'),
    inSite('r3-09', 'labels.berth.dev/role'),
  ]);
  assert.match(one.stdout, /^node +10\.69\.2\.73 +=.* \+ 9\n {2}network\.node\.pool +10\.69\.0\.0\/20 +site\.yaml:/);
  assert.match(
    several.stdout,
    /^labels\.berth\.dev\/role +compute +roles\/cs\.yaml:\S+\nlabels\.gpu +l4 +racks\/r3\S+\n$/,
  );
  assert.match(withSlash.stdout, /^labels\.berth\.dev\/role {2}compute {2}roles\/cs\.yaml:\d+:\d+\n$/);
});

test('what a more specific document overrides', async () => {
  const { stdout } = await inSite('r0-04', 'variables.journalMaxUse');
  assert.match(
    stdout,
    /^variables\.journalMaxUse {2}2G {2}roles\/cs\.yaml:\S+\n +overrides site\.yaml:\d+:\d+ 512M\n$/,
  );
});

test('as JSON', async () => {
  const { stdout, exitCode } = await berth(['explain', 'r0-04', 'links.0', exampleFolder, '--json']);
  const [tor, address, gateway, ...more] = JSON.parse(stdout) as {
    field: string;
    value: string;
    place: { file: string };
    formula: { terms: { name: string; place: { file: string } | null }[] } | null;
  }[];
  assert.is(tor?.value, 'r0-tor1');
  assert.is(tor?.place.file, `${exampleFolder}/racks/r0.yaml`);
  assert.is(address?.value, '10.69.0.68');
  assert.is(address?.formula?.terms[0]?.place?.file, `${exampleFolder}/site.yaml`);
  assert.is(address?.formula?.terms[1]?.place, null);
  assert.is(gateway?.field, 'links.0.gateway');
  assert.equal(more, []);
  assert.is(exitCode, 0);
});

test('what is not there is said in one line, with what may be meant', async () => {
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['r0-4'], 'no machine has the serial or name r0-4; did you mean r0-04?'],
    [['r0-04', 'lables'], 'r0-04 has no field lables; did you mean labels?'],
    [['r0-04', 'boot.oss'], 'r0-04 has no field boot.oss; did you mean boot.os?'],
    [['r0-04', 'something'], 'r0-04 has no field something'],
    [['r0-04', 'node', 'nowhere'], 'there is no folder nowhere'],
  ];
  const all = await Promise.all(rows.map(([args]) => inSite(...args)));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.is(stderr, `berth: ${rows[index]?.[1]}\n`);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test.run();
