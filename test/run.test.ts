// The runner on files that uvu alone would let pass, or would wait for without end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixtureFolder = fileURLToPath(new URL('run-fixtures', import.meta.url));

/** Every fixture, and how the runner's lines about it go on after its name. */
const expected: Readonly<Record<string, RegExp>> = {
  'after-each-throws': /0 passed, 2 failed\n +2 of 2 tests did not pass\n/,
  'before-throws': /0 passed, 1 failed\n +1 of 1 tests did not pass\n/,
  empty: /0 passed, 1 failed\n +no tests\n/,
  'exit-code': /1 passed, 1 failed\n +exit code 3\n/,
  'exits-early': /0 passed, 1 failed\n +exit code 1\n +no totals\n/,
  fails: /1 passed, 1 failed\n +exit code 1\n +1 of 2 tests did not pass\n[\s\S]*what it says when it fails/,
  focused: /1 passed, 1 failed, 1 skipped\n +\.only is committed\n/,
  hangs: /\d passed, 1 failed\n +still running after 2 s/,
  'hangs-with-process': /0 passed, 1 failed\n +still running after 2 s\n/,
  late: /1 passed, 1 failed\n +tests after test\.run\(\)\n/,
  'leaves-bare-process': /1 passed, 1 failed\n +left a process: \/bin\/sleep 1003\n/,
  'leaves-file': /1 passed, 1 failed\n +left in its temporary folder: forgotten\.txt\n/,
  'leaves-process': /1 passed, 1 failed\n +left a process: sleep 1002\n/,
  'never-run': /0 passed, 1 failed\n +no test\.run\(\)\n +no totals\n/,
  passes: /2 passed, 0 failed\n(?! )/,
  'rejects-late': /1 passed, 1 failed\n +exit code 1\n[\s\S]*nobody waited for this/,
  'runs-twice': /1 passed, 1 failed\n +uvu ran 2 times\n/,
  skips: /0 passed, 0 failed, 1 skipped\n(?! )/,
  'skips-silently': /1 passed, 1 failed, 1 skipped\n +1 skipped, 0 of them with a reason\n/,
  'suite-never-run': /1 passed, 1 failed\n +no second\.run\(\)\n/,
  'throws-text': /0 passed, 2 failed\n +2 of 2 tests did not pass\n/,
};

const temporary = mkdtempSync(path.join(os.tmpdir(), 'runner-'));

/** Starts the runner in a temporary folder of its own; `ended` resolves with all that it printed. */
function startRunner(name: string, ...args: readonly string[]) {
  const folder = path.join(temporary, name);
  mkdirSync(folder);
  const runner = spawn(process.execPath, ['--import', 'tsx', 'test/run.ts', ...args], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  runner.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = once(runner, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, output }));
  return { runner, folder, ended };
}

const fixturePath = (name: string): string => path.join(fixtureFolder, `${name}.fixture.ts`);
// Many at a time: some of them do nothing but wait for their end.
const all = startRunner('all', '--jobs', '6', ...Object.keys(expected).map(fixturePath)).ended;

test('every fixture is run here, and none when the runner looks for tests itself', () => {
  const files = readdirSync(fixtureFolder);
  const names = Object.keys(expected).map((name) => `${name}.fixture.ts`);
  assert.equal(files.sort(), names.sort());
});

for (const [name, lines] of Object.entries(expected)) {
  test(`the runner's word on ${name}`, async () => {
    const { output } = await all;
    const [, report = 'not reported'] = output.split(`${path.join('run-fixtures', name)}.fixture.ts  `);
    assert.match(report.split(/^(?:FAIL|ok {2}) /m)[0] ?? '', lines);
  });
}

test('the end adds up, names the reasons of skips, and is followed by nothing', async () => {
  const { exitCode, output } = await all;
  assert.is(exitCode, 1);
  assert.match(output, /^skipped: boots a real machine: no machine$/m);
  const each = [...output.matchAll(/^(?:FAIL|ok {2}) .* (\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)];
  assert.is(each.length, Object.keys(expected).length);
  const sum = (column: number): number => each.reduce((total, row) => total + Number(row[column] ?? 0), 0);
  assert.is(output.trimEnd().split('\n').at(-1), `${sum(1)} passed, ${sum(2)} failed, ${sum(3)} skipped`);
});

test('what a file leaves running is ended', async () => {
  const { output } = await all;
  const started = [...output.matchAll(/started (\d+)/g)].map(([, pid]) => Number(pid));
  assert.ok(started.length >= 2, 'the fixtures start processes');
  assert.equal(started.filter(isRunning), []);
});

test('a run of nothing but passing tests ends with exit code 0', async () => {
  const { exitCode, output } = await startRunner('passing', fixturePath('passes'), fixturePath('skips')).ended;
  assert.is(exitCode, 0);
  assert.match(output, /\n2 passed, 0 failed, 1 skipped\n$/);
});

test('a run of no test fails', async () => {
  const { exitCode, output } = await startRunner('none', 'no-file-is-named-like-this').ended;
  assert.is(exitCode, 1);
  assert.match(output, /\n0 passed, 1 failed\n$/);
});

test('a runner that is told to end takes everything with it', async () => {
  const { runner, folder, ended } = startRunner('ended', fixturePath('hangs-with-process'));
  const deadline = performance.now() + 20_000;
  while (!readdirSync(folder).some((name) => name.startsWith('berth-test-'))) {
    assert.ok(performance.now() < deadline, 'the runner does not start');
    await pause(10);
  }
  runner.kill('SIGTERM');
  const { exitCode, output } = await ended;
  assert.is(exitCode, 143);
  assert.match(output, /0 passed, 1 failed\n$/);
  assert.equal(
    readdirSync(folder).filter((name) => name.startsWith('berth-test-')),
    [],
  );
});

test.after(() => rmSync(temporary, { recursive: true, force: true }));

/** Whether there is such a process, and it has not ended unnoticed by its parent. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test.run();
