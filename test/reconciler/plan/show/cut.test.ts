// How long diffs are cut.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cutDiffs, cutText, diffHeading, noCut, shortCut } from '../../../../reconciler/plan/show/cut.ts';

const diff = (name: string, count: number) =>
  ({ name, change: 'changed', lines: Array.from({ length: count }, (_, index) => `+${index}`) }) as const;

const limits = { linesOfOne: 4, linesOfAll: 10, characters: 80 };

/** `a 4+6`: four lines of a are shown and six left out. */
function outcome(counts: readonly number[]): string {
  const { shown, left } = cutDiffs(
    counts.map((count, index) => diff('abcdef'[index] ?? '', count)),
    limits,
  );
  const parts = shown.map(({ name, lines, leftOut }) => `${name} ${lines.length}+${leftOut}`);
  return [...parts, ...left.map(({ name }) => `not ${name}`)].join(', ');
}

for (const [counts, expected] of [
  [[], ''],
  [[3], 'a 3+0'],
  [[4], 'a 4+0'],
  [[5], 'a 5+0'],
  [[6], 'a 4+2'],
  [[4, 4, 4], 'a 4+0, b 4+0, c 2+2'],
  [[9, 9, 9, 9], 'a 4+5, b 4+5, c 2+7, not d'],
  [[5, 5, 1], 'a 5+0, b 5+0, not c'],
  [[0, 0], 'a 0+0, b 0+0'],
] as const) {
  test(`${counts.join(' + ') || 'no'} lines: ${expected}`, () => assert.is(outcome(counts), expected));
}

test('with no limits all is shown', () => {
  const all = [diff('a', 500), diff('b', 500)];
  assert.equal(cutDiffs(all, noCut), { shown: all.map((one) => ({ ...one, leftOut: 0 })), left: [] });
});

test('a line that is too long is cut, and says so', () => {
  const long = { name: 'x', change: 'changed', lines: [`+${'a'.repeat(1 << 20)}`, '+b'] } as const;
  const [cut] = cutDiffs([long], shortCut).shown;
  assert.equal(cut?.lines, [`+${'a'.repeat(399)}… (1048577 characters)`, '+b']);
  assert.is(cutDiffs([long], noCut).shown[0]?.lines[0], long.lines[0]);
  assert.is(cutText('abcd', 4), 'abcd');
  assert.is(cutText('ab🚀', 3), 'ab… (4 characters)');
});

test('headings are as Git has them', () => {
  assert.equal(diffHeading(diff('x', 0)), ['--- x', '+++ x']);
  assert.equal(diffHeading({ ...diff('x', 0), change: 'added' }), ['--- /dev/null', '+++ x']);
  assert.equal(diffHeading({ ...diff('x', 0), change: 'removed' }), ['--- x', '+++ /dev/null']);
});

test.run();
