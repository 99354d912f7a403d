// The test runner: `npm test`. A process per test file, as many at a time as there are cores.
//
//   npm test -- [--large] [--jobs N] [name …]
//
// A name picks the test files whose path holds it; the path of a file picks that file, whatever it is called.
// What makes a file fail, beyond a failing test, stands in runner/outcome.ts.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FileReport, runTestFile } from './runner/test-file.ts';
import { longestFirst, remember } from './runner/timings.ts';

const testFolder = path.dirname(fileURLToPath(import.meta.url));

const { values: options, positionals: names } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(os.availableParallelism()) },
  },
  allowPositionals: true,
});

const start = performance.now();
const abort = new AbortController();
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    process.exitCode = exitCode;
    abort.abort();
  });
}

const reports = await runAll(longestFirst(chooseFiles()));
remember(reports);
printEnd(reports);
if (reports.length === 0 || reports.some((report) => report.failed > 0)) process.exitCode ??= 1;

function chooseFiles(): readonly string[] {
  const isPath = (name: string): boolean => name.endsWith('.ts') && existsSync(name);
  const filters = names.filter((name) => !isPath(name));
  const found = readdirSync(testFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && (options.large || !file.startsWith(`large${path.sep}`)))
    .filter((file) => (names.length === 0 ? true : filters.some((filter) => file.includes(filter))))
    .map((file) => path.join(testFolder, file));
  return [...new Set([...found, ...names.filter(isPath).map((name) => path.resolve(name))])];
}

async function runAll(files: readonly string[]): Promise<readonly FileReport[]> {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'berth-test-'));
  const reports: FileReport[] = [];
  const queue = [...files.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !abort.signal.aborted; next = queue.shift()) {
      const [number, file] = next;
      const report = await runTestFile(file, path.join(temporary, String(number)), abort.signal);
      reports.push(report);
      printFile(report);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Number(options.jobs)) }, work));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return reports;
}

function printFile(report: FileReport): void {
  const verdict = report.failed > 0 ? 'FAIL' : 'ok  ';
  const name = path.relative(testFolder, report.file);
  const faults = report.faults.map((fault) => `\n        ${fault}`).join('');
  console.log(`${verdict} ${report.seconds.toFixed(1).padStart(6)} s  ${name}  ${counted(report)}${faults}`);
  if (report.failed > 0) console.log(`\n${report.output.trimEnd()}\n`);
}

function printEnd(reports: readonly FileReport[]): void {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped, skips } of reports) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    for (const text of skips) console.log(`skipped: ${text}`);
  }
  if (reports.length === 0) {
    console.log(`no test file${names.length > 0 ? ` is named like ${names.join(' or ')}` : ''}`);
    sum.failed = 1;
  }
  const failedFiles = reports.filter((report) => report.failed > 0);
  if (failedFiles.length > 0)
    console.log(`\nfailed: ${failedFiles.map((report) => path.relative(testFolder, report.file)).join(' ')}`);
  console.log(`
  Total:     ${sum.passed + sum.failed}
  Passed:    ${sum.passed}
  Skipped:   ${sum.skipped}
  Duration:  ${((performance.now() - start) / 1000).toFixed(1)} s

${counted(sum)}`);
}

/** `12 passed, 0 failed`, and the skipped ones if there are any. */
function counted(counts: { readonly passed: number; readonly failed: number; readonly skipped: number }): string {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}
