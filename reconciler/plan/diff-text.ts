// Two texts → their unified diff, as diff(1) -u and Git write it.
import { structuredPatch } from 'diff';
import { printable } from '../../schema/report/printable.ts';

/** Texts that differ in more lines are shown as replaced: to find the shortest way between them would take too long. */
const maxEditLength = 1_000;
const contextLines = 3;

/**
 * The hunks of the diff of two texts, line by line; empty when the texts are the same. Characters that a terminal would
 * take for commands are escaped.
 * @param before null where there was none
 */
export function diffLines(before: string | null, after: string | null): readonly string[] {
  if (before === after) return [];
  const patch = structuredPatch('', '', before ?? '', after ?? '', undefined, undefined, {
    context: contextLines,
    maxEditLength,
  });
  const hunks = patch?.hunks ?? [replacement(before ?? '', after ?? '')];
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines.map(shown),
  ]);
}

/** As GNU diff has it: a range of one line is its number, an empty one begins at the line before it. */
function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${count === 0 ? Math.max(0, start - 1) : start},${count}`;
}

function replacement(before: string, after: string) {
  const gone = linesOf(before);
  const added = linesOf(after);
  const lines = [...gone.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  return { oldStart: 1, oldLines: gone.length, newStart: 1, newLines: added.length, lines };
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Tabs are text. */
function shown(line: string): string {
  return line.split('\t').map(printable).join('\t');
}
