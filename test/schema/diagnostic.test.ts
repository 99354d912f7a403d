import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareDiagnostics, type Diagnostic, formatDiagnostic, formatPlace } from '../../schema/diagnostic.ts';
import { randomNumbers } from '../random.ts';

const place = { file: 'racks/r0.yaml', line: 9, column: 24 };
const finding: Diagnostic = { rule: 'BERTH-005', severity: 'error', place, message: 'unknown key slto' };

test('a finding on one line, its hint on another', () => {
  assert.is(formatPlace(place), 'racks/r0.yaml:9:24');
  assert.is(formatDiagnostic(finding), 'racks/r0.yaml:9:24: error BERTH-005: unknown key slto');
  assert.is(
    formatDiagnostic({ ...finding, severity: 'warning', hint: 'did you mean slot?' }),
    'racks/r0.yaml:9:24: warning BERTH-005: unknown key slto\n  hint: did you mean slot?',
  );
});

test('what is quoted from a file gives no commands to a terminal, and stays on its line', () => {
  const hostile = {
    rule: 'BERTH-005',
    severity: 'error',
    place: { ...place, file: 'a\x1bb' },
    message: 'x\x1b[2J\r\ny\u202ez\x7f\x9b',
    hint: '\x07é\u{1f600}',
  } as const;
  assert.is(
    formatDiagnostic(hostile),
    'a\\u001bb:9:24: error BERTH-005: x\\u001b[2J\\u000d\\u000ay\\u202ez\\u007f\\u009b\n  hint: \\u0007é\u{1f600}',
  );
});

test('findings are in the order of files, lines, columns and rules', () => {
  const ordered: readonly Diagnostic[] = [
    { ...finding, place: { file: 'Z', line: 9, column: 9 } },
    { ...finding, place: { file: 'a', line: 2, column: 10 } },
    { ...finding, place: { file: 'a', line: 10, column: 2 } },
    { ...finding, place: { file: 'a', line: 10, column: 10 }, rule: 'BERTH-001' },
    { ...finding, place: { file: 'a', line: 10, column: 10 }, rule: 'BERTH-002' },
    { ...finding, place: { file: 'b', line: 1, column: 1 } },
  ];
  const random = randomNumbers(5);
  for (let round = 0; round < 20; round++) {
    assert.equal(random.shuffled(ordered).sort(compareDiagnostics), ordered);
  }
});

test.run();
