// Findings in a line.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../schema/diagnostic.ts';
import { summaryLine } from '../../../schema/report/summary.ts';

function finding(severity: Diagnostic['severity'], file: string): Diagnostic {
  return { rule: 'BERTH-101', severity, place: { file, line: 1, column: 1 }, message: 'x' };
}

const rows: readonly (readonly [string, readonly Diagnostic[]])[] = [
  ['1 error in 1 file', [finding('error', 'a')]],
  ['2 warnings in 1 file', [finding('warning', 'a'), finding('warning', 'a')]],
  ['10 errors in 2 files', Array.from({ length: 10 }, (_, index) => finding('error', String(index % 2)))],
  [
    '3 errors, 1 warning in 2 files',
    [finding('error', 'a'), finding('error', 'a'), finding('error', 'b'), finding('warning', 'b')],
  ],
];

for (const [line, diagnostics] of rows) test(line, () => assert.is(summaryLine(diagnostics), line));

test.run();
