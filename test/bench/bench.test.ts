// The bench itself, with a site so small that it is over in a moment: that it measures, and how it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Table } from './figures.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Printed {
  readonly node: string;
  readonly cpu: string;
  readonly loadAverage: readonly number[];
  readonly measurements: readonly (Table & { readonly name: string })[];
  readonly failures: readonly { readonly name: string; readonly error: string }[];
}

async function bench(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/bench.ts', ...args], { cwd: root });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await ended;
  return { exitCode: exitCode as number | null, stdout, stderr };
}

test('it measures what is named, and prints it as JSON', async () => {
  const { exitCode, stdout } = await bench('site', '--machines', '8', '--racks', '2', '--json');
  assert.is(exitCode, 0);
  const printed = JSON.parse(stdout) as Printed;
  assert.is(printed.node, process.version);
  assert.equal(printed.failures, []);
  assert.equal(
    printed.measurements.map(({ name }) => name),
    ['site'],
  );
  const [{ columns, rows } = { columns: [], rows: [] }] = printed.measurements;
  assert.ok(rows.every(({ values }) => values.length === columns.length && values.every((value) => value > 0)));
  const actions = rows.find(({ label }) => label === 'actions planned')?.values;
  // Publishing, and each machine's first boot; publishing, and the restart of one; of the six of the role.
  assert.equal(actions, [9, 2, 7]);
});

test('it authenticates a generated history, signed by SSH and by OpenPGP, and lets git check it too', async () => {
  const small = ['--machines', '8', '--racks', '2', '--commits', '4'];
  const { exitCode, stdout, stderr } = await bench('trust', ...small, '--json');
  assert.is(exitCode, 0, stderr);
  const [{ columns, rows } = { columns: [], rows: [] }] = (JSON.parse(stdout) as Printed).measurements;
  assert.equal(columns, ['4 commits, OpenPGP', '4 commits, SSH']);
  assert.ok(rows.every(({ values }) => values.length === columns.length && values.every((value) => value > 0)));
});

test('a measurement that fails is named, and the exit code is 1', async () => {
  const { exitCode, stdout, stderr } = await bench('site', '--machines', '8', '--racks', '9', '--json');
  assert.is(exitCode, 1);
  const { measurements, failures } = JSON.parse(stdout) as Printed;
  assert.equal(measurements, []);
  assert.is(failures[0]?.name, 'site');
  assert.match(stderr, 'site failed: no site has 8 machines in 9 racks');
});

test('a name that no measurement has is refused', async () => {
  const { exitCode, stderr } = await bench('sight');
  assert.is(exitCode, 1);
  assert.match(stderr, 'no measurement is named like sight');
});

test.run();
