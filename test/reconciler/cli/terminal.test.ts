// Colours and the progress line, on made-up streams and on a real pseudo-terminal.
import { execFile } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { chooseColour, colours, type Environment, Progress, type Screen } from '../../../reconciler/cli/terminal.ts';
import { ansi, plain } from '../../../schema/report/palette.ts';

const terminal = { isTTY: true };
const pipe = { isTTY: false };

const palettes: readonly (readonly [string, Pick<Screen, 'isTTY'>, Environment, boolean])[] = [
  ['a terminal', terminal, {}, true],
  ['a pipe', pipe, {}, false],
  ['a stream that says nothing', {}, {}, false],
  ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
  ['NO_COLOR of any value', terminal, { NO_COLOR: '0' }, false],
  ['NO_COLOR empty', terminal, { NO_COLOR: '' }, true],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
  ['FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR over NO_COLOR', pipe, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
  ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR=false', terminal, { FORCE_COLOR: 'false' }, false],
  ['FORCE_COLOR empty', pipe, { FORCE_COLOR: '' }, false],
];

for (const [name, stream, environment, expected] of palettes) {
  test(`colours: ${name} → ${expected ? 'on' : 'off'}`, () => {
    assert.is(colours(stream, environment), expected ? ansi : plain);
  });
}

test('paints lie inside each other, and leave nothing behind', () => {
  assert.is(ansi.red(`${ansi.bold('a')}b`), '\u001b[31m\u001b[1ma\u001b[22mb\u001b[39m');
  assert.is(ansi.green(''), '');
  for (const paint of Object.values(plain)) assert.is(paint('a'), 'a');
});

test('--color and --no-color are the variables', () => {
  const rows: readonly (readonly [boolean | undefined, NodeJS.ProcessEnv, NodeJS.ProcessEnv])[] = [
    [true, { NO_COLOR: '1', A: 'b' }, { FORCE_COLOR: '1', A: 'b' }],
    [false, { FORCE_COLOR: '1' }, { NO_COLOR: '1' }],
    [undefined, { NO_COLOR: '1' }, { NO_COLOR: '1' }],
  ];
  for (const [wanted, before, after] of rows) {
    const environment = { ...before };
    chooseColour(wanted, environment);
    assert.equal(environment, after);
  }
});

/** A stream that remembers, and a clock that is set by hand. */
class Bench {
  written = '';
  nowMs = 5000;
  readonly progress: Progress;

  constructor(isTTY: boolean, options: { shown?: boolean; columns?: number; environment?: Environment } = {}) {
    const { columns = 80, environment = {}, shown = true } = options;
    const stream: Screen = {
      isTTY,
      columns,
      write: (text) => {
        this.written += text;
      },
    };
    this.progress = new Progress({ shown, stream, environment, now: () => this.nowMs });
  }

  /** What was written since the last call. */
  take(): string {
    const { written } = this;
    this.written = '';
    return written;
  }
}

test('on a terminal: silent for a second, then one line, rewritten and erased', () => {
  const bench = new Bench(true);
  bench.progress.say('reading');
  bench.nowMs += 999;
  bench.progress.say('checking');
  assert.is(bench.take(), '');
  bench.nowMs += 1;
  bench.progress.say('rendering');
  assert.is(bench.take(), '\r\u001b[Krendering … 1 s');
  bench.nowMs += 2500;
  bench.progress.say('planning');
  assert.is(bench.take(), '\r\u001b[Kplanning … 3 s');
  bench.progress.end();
  assert.is(bench.take(), '\r\u001b[K');
  bench.progress.end();
  bench.progress.say('too late');
  assert.is(bench.take(), '');
});

test('work that lets no timer run is told of before it begins', () => {
  const bench = new Bench(true);
  bench.progress.say('a little', 0.9);
  assert.is(bench.take(), '');
  bench.progress.say('checking 10000 machines', 3);
  assert.is(bench.take(), '\r\u001b[Kchecking 10000 machines …');
  bench.progress.end();
});

test('elsewhere: one plain line when it takes over ten seconds, and none to erase', () => {
  for (const bench of [new Bench(false), new Bench(true, { environment: { TERM: 'dumb' } })]) {
    bench.progress.say('reading');
    bench.nowMs += 9_999;
    bench.progress.say('checking');
    assert.is(bench.take(), '');
    bench.nowMs += 1;
    bench.progress.say('checking');
    bench.nowMs += 60_000;
    bench.progress.say('rendering');
    bench.progress.end();
    assert.is(bench.take(), 'checking … 10 s\n');
  }
});

test('where a program reads the output: nothing, ever', () => {
  for (const isTTY of [true, false]) {
    const bench = new Bench(isTTY, { shown: false });
    bench.nowMs += 60_000;
    bench.progress.say('reading', 100);
    bench.progress.end();
    assert.is(bench.take(), '');
  }
});

test('the line never wraps, and carries no commands to the terminal', () => {
  const bench = new Bench(true, { columns: 10 });
  bench.nowMs += 1000;
  bench.progress.say('\u001b[2J\n0123456789');
  assert.is(bench.take(), '\r\u001b[K\\u001b[2J');
  bench.progress.end();
});

/** Its clock runs fifty times as fast as others. On a terminal it waits for the line. */
const worker = `
import { Progress, colours } from './reconciler/cli/terminal.ts';
const now = () => 50 * performance.now();
const startMs = now();
let wrote = !process.stderr.isTTY;
const stream = {
  isTTY: process.stderr.isTTY,
  write: (text) => {
    wrote = true;
    process.stderr.write(text);
  },
};
const progress = new Progress({ now, stream });
progress.say('waiting');
process.stdout.write(colours(process.stdout).red('red') + '\\n');
const check = setInterval(() => {
  if (!wrote || now() - startMs < 5000) return;
  clearInterval(check);
  progress.end();
  process.stdout.write('done\\n');
  new Progress().say('keeps nobody waiting');
}, 20);
`;

/** Runs the worker; on a pseudo-terminal, where both streams come out of one. */
function run(onTerminal: boolean): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const env = { ...inherited, TERM: 'xterm', WORKER: worker };
  const line = 'exec node --import tsx --input-type=module --eval "$WORKER"';
  const [program, args] = onTerminal
    ? (['script', ['--quiet', '--return', '--command', line, '/dev/null']] as const)
    : (['sh', ['-c', line]] as const);
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], { env, timeout: 30_000 }, (error, stdout, stderr) =>
      error ? reject(error) : resolve({ stdout, stderr }),
    );
    child.stdin?.end();
  });
}

test('on a real terminal, by its own timer', async () => {
  const shown = (await run(true)).stdout.replaceAll('\u001b', 'ESC');
  assert.match(shown, /^ESC\[31mredESC\[39m\r\n/);
  assert.match(shown, /\n(?:\rESC\[Kwaiting … \d+ s)+\rESC\[Kdone\r\n/);
});

test('in a pipe there is nothing but text', async () => {
  assert.equal(await run(false), { stdout: 'red\ndone\n', stderr: '' });
});

test.run();
