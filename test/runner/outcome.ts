// What a finished test file amounts to: pure, from its source, what it printed and how it ended.
//
// uvu ends with exit code 0 after a throwing `before` hook, a throwing `after.each`, a thrown string, a forgotten
// `.run()` and a committed `.only`. So nothing here trusts the exit code alone: a file has passed when everything
// that it declares was run, once, and is accounted for.

/** How a test process ended, as Node tells: an exit code or a signal. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The time limit that it passed and was killed for. */
  readonly passedLimitSeconds: number | undefined;
}

export interface Outcome {
  readonly passed: number;
  /** At least 1 where there is any fault. */
  readonly failed: number;
  readonly skipped: number;
  /** Why the file has failed, a short phrase each; none when it has passed. */
  readonly faults: readonly string[];
  /** `name: reason` of each skipped test. */
  readonly skips: readonly string[];
}

/** uvu's closing block. Total leaves the skipped ones out. */
const totalsBlock = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)\n {2}Duration: /gm;

const skippedLine = /^skipped: (\S.*: \S.*)$/gm;

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour code is
const colourCodes = /\u001b\[[0-9;]*m/g;

/**
 * @param source the test file's own text
 * @param stdout all that it printed there
 * @param leftovers what it left behind, a short phrase each
 */
export function judge(source: string, stdout: string, ending: Ending, leftovers: readonly string[]): Outcome {
  const plain = stdout.replaceAll(colourCodes, '');
  const blocks = [...plain.matchAll(totalsBlock)];
  const [total = 0, passed = 0, skipped = 0] = (blocks.at(-1) ?? []).slice(1).map(Number);
  const skips = [...plain.matchAll(skippedLine)].map(([, text]) => text ?? '');

  const faults = sourceFaults(source);
  if (ending.passedLimitSeconds !== undefined) {
    const open = blocks.length > 0 ? ', though its tests had ended: something is left open' : '';
    faults.push(`still running after ${ending.passedLimitSeconds} s${open}`);
  } else if (ending.signal !== null) {
    faults.push(`ended by ${ending.signal}`);
  } else if (ending.exitCode !== 0) {
    faults.push(`exit code ${ending.exitCode}`);
  }
  if (blocks.length === 0) faults.push('no totals');
  if (blocks.length > 1) faults.push(`uvu ran ${blocks.length} times`);
  if (blocks.length > 0 && total + skipped === 0) faults.push('no tests');
  if (passed !== total) faults.push(`${total - passed} of ${total} tests did not pass`);
  if (skipped !== skips.length) faults.push(`${skipped} skipped, ${skips.length} of them with a reason`);
  faults.push(...leftovers);

  return { passed, failed: Math.max(total - passed, faults.length > 0 ? 1 : 0), skipped, faults, skips };
}

/** What a source shows that its output can't: tests that uvu is never told to run. */
function sourceFaults(source: string): string[] {
  const faults: string[] = [];
  if (/^[^'"`/*]*\b\w+\.only\s*\(/m.test(source)) faults.push('.only is committed');
  for (const suite of suitesOf(source)) {
    const afterRun = source.split(new RegExp(`^\\s*${suite}\\.run\\(\\)`, 'm'));
    if (afterRun.length === 1) faults.push(`no ${suite}.run()`);
    else if (new RegExp(`^\\s*${suite}\\(`, 'm').test(afterRun.at(-1) ?? '')) faults.push(`tests after ${suite}.run()`);
  }
  return faults;
}

/** The names that tests are declared with: uvu's own `test`, and each suite. */
function suitesOf(source: string): string[] {
  const suites = [...source.matchAll(/^const (\w+) = suite\b/gm)].map(([, name]) => name ?? '');
  return /^\s*test\(/m.test(source) && !suites.includes('test') ? ['test', ...suites] : suites;
}

const defaultLimitSeconds = 60;

/** How long a file may run: 60 s, or what a line `// time limit: 120 s` in its first comment says. */
export function timeLimitSeconds(source: string): number {
  const firstComment = /^(?:\/\/.*\n)*/.exec(source)?.[0] ?? '';
  return Number(/^\/\/ time limit: (\d+) s$/m.exec(firstComment)?.[1] ?? defaultLimitSeconds);
}
