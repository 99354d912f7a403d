// Two texts → their unified diff, as diff(1) -u and Git write it.
import { structuredPatch } from 'diff';
import { printable } from '../../../schema/report/printable.ts';

/** Texts that differ in more lines are shown as replaced: to find the shortest way between them would take too long. */
const maxEditLength = 1_000;
/** The same for texts of more lines than these, whichever they are: every single one has its price. */
const maxLines = 100_000;
const contextLines = 3;

/**
 * The hunks of the diff of two texts, line by line; empty when the texts are the same. Characters that a terminal would
 * take for commands are escaped.
 * @param before null where there was none
 */
export function diffLines(before: string | null, after: string | null): readonly string[] {
  if (before === after) return [];
  const [old, now] = [before ?? '', after ?? ''];
  const isLong = Math.max(countLines(old), countLines(now)) > maxLines;
  const options = { context: contextLines, maxEditLength };
  const patch = isLong ? undefined : structuredPatch('', '', old, now, undefined, undefined, options);
  const hunks = patch?.hunks ?? [replacement(old, now)];
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines.map(shown),
  ]);
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** As GNU diff has it: a range of one line is its number, an empty one begins at the line before it. */
function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${count === 0 ? Math.max(0, start - 1) : start},${count}`;
}

/** One hunk from the first line that differs to the last one. */
function replacement(before: string, after: string) {
  const [old, now] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const start = Math.max(0, head - contextLines);
  const end = Math.max(0, tail - contextLines);
  const signed = (sign: string, lines: readonly string[]) =>
    lines.flatMap((line) => (line.endsWith('\n') ? [sign + line.slice(0, -1)] : [sign + line, noLineEnd]));
  return {
    oldStart: start + 1,
    oldLines: old.length - end - start,
    newStart: start + 1,
    newLines: now.length - end - start,
    lines: [
      ...signed(' ', old.slice(start, head)),
      ...signed('-', old.slice(head, old.length - tail)),
      ...signed('+', now.slice(head, now.length - tail)),
      ...signed(' ', old.slice(old.length - tail, old.length - end)),
    ],
  };
}

const noLineEnd = '\\ No newline at end of file';

/** Each with its line end. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Tabs are text. */
function shown(line: string): string {
  return line.split('\t').map(printable).join('\t');
}
