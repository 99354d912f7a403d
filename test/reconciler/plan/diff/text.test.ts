// Unified diffs of texts, against what diff(1) prints.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffLines } from '../../../../reconciler/plan/diff/text.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'berth-diff-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** What diff(1) says, without its heading. */
function peer(before: string, after: string): readonly string[] {
  const files = [before, after].map((text, index) => {
    const file = path.join(folder, String(index));
    writeFileSync(file, text);
    return file;
  });
  try {
    execFileSync('diff', ['-u', ...files]);
    return [];
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: Buffer };
    assert.is(status, 1);
    return stdout.toString().split('\n').slice(2, -1);
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}\n`).join('');

const rows: readonly (readonly [name: string, before: string, after: string])[] = [
  ['the same', 'a\nb\n', 'a\nb\n'],
  ['a line changes', 'a\nb\nc\n', 'a\nx\nc\n'],
  ['a line goes', 'a\nb\nc\n', 'a\nc\n'],
  ['a line comes first', 'b\n', 'a\nb\n'],
  ['a line comes last', 'a\n', 'a\nb\n'],
  ['all comes', '', 'a\nb\n'],
  ['all goes', 'a\nb\n', ''],
  ['one line comes', '', 'a\n'],
  ['the last line end comes', 'a\nb', 'a\nb\n'],
  ['the last line end goes', 'a\nb\n', 'a\nb'],
  ['neither has a last line end', 'a', 'b'],
  ['two places far apart', numbers(40), numbers(40).replace('5\n', 'x\n').replace('33\n', 'y\n')],
  ['two places close by', numbers(20), numbers(20).replace('5\n', 'x\n').replace('9\n', 'y\n')],
  ['lines that look like a diff', '--- a\n+++ b\n', '--- a\n+++ c\n'],
  ['tabs', 'a\tb\n', 'a\tc\n'],
];

for (const [name, before, after] of rows) {
  test(name, () => assert.equal(diffLines(before, after), peer(before, after)));
}

test('what was not there, and what is no longer there', () => {
  assert.equal(diffLines(null, 'a\n'), ['@@ -0,0 +1 @@', '+a']);
  assert.equal(diffLines('a\n', null), ['@@ -1 +0,0 @@', '-a']);
  assert.equal(diffLines(null, null), []);
});

test('what a terminal would obey is escaped', () => {
  assert.equal(diffLines('a\n', '\u001b[2Ja\r\n'), ['@@ -1 +1 @@', '-a', '+\\u001b[2Ja\\u000d']);
});

test('texts that have nothing in common are replaced', () => {
  const text = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}\n`).join('');
  const lines = diffLines(text('a'), text('b'));
  assert.equal(lines.slice(0, 2), ['@@ -1,3000 +1,3000 @@', '-a 0']);
  assert.equal(lines.slice(-1), ['+b 2999']);
  assert.is(lines.length, 6001);
});

test('what texts that differ in much have in common at both ends is left out', () => {
  const text = (word: string, end: string) => {
    const middle = Array.from({ length: 2000 }, (_, index) => `${word} ${index}\n`).join('');
    return `${numbers(50)}${middle}${numbers(50)}${end}`;
  };
  const lines = diffLines(text('a', 'x\n'), text('b', 'x\n'));
  assert.equal(lines.slice(0, 5), ['@@ -48,2006 +48,2006 @@', ' 47', ' 48', ' 49', '-a 0']);
  assert.equal(lines.slice(-4), ['+b 1999', ' 0', ' 1', ' 2']);
  const ended = diffLines(text('a', 'x'), text('b', 'x\n'));
  assert.equal(ended.slice(-2), [' 49'.replace(' ', '+'), '+x']);
  assert.ok(ended.includes('\\ No newline at end of file'));
});

test('texts of very many lines', () => {
  const lines = diffLines('a\n'.repeat(200_000), 'a\n'.repeat(100_000));
  assert.is(lines[0], '@@ -99998,100003 +99998,3 @@');
  assert.is(lines.length, 1 + 3 + 100_000);
});

test.run();
