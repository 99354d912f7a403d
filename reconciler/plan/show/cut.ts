// Diffs that are too long to be read at a glance, cut: how much of each is shown, and what is left out.
import { counted } from '../../../schema/words.ts';
import type { Becoming, ChangeGroup } from './preview.ts';

export interface Diff {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly lines: readonly string[];
}

/** A diff with its first lines. */
export interface ShownDiff extends Diff {
  /** How many more lines it has. */
  readonly leftOut: number;
}

export interface Cut {
  readonly shown: readonly ShownDiff[];
  /** Those of which nothing is shown. */
  readonly left: readonly Diff[];
}

export interface CutLimits {
  readonly linesOfOne: number;
  readonly linesOfAll: number;
  /** Of one line: what is made to be read by programs can be very long. */
  readonly characters: number;
}

/** Enough for what people change by hand. */
export const shortCut: CutLimits = { linesOfOne: 40, linesOfAll: 160, characters: 400 };
/** Where all of it comes or goes, its beginning is enough to know it by. */
export const shortestCut: CutLimits = { linesOfOne: 40, linesOfAll: 60, characters: 400 };
export const noCut: CutLimits = {
  linesOfOne: Number.POSITIVE_INFINITY,
  linesOfAll: Number.POSITIVE_INFINITY,
  characters: Number.POSITIVE_INFINITY,
};

/**
 * The diffs of an example.
 * @param full whether they are shown to their end
 */
export function cutExample(parts: readonly Diff[], becoming: Becoming, full: boolean): Cut {
  if (full) return cutDiffs(parts, noCut);
  return cutDiffs(parts, becoming === 'first boot' || becoming === 'leaving' ? shortestCut : shortCut);
}

/** The diffs of Kubernetes objects; see {@link cutExample}. */
export function cutObjects(objects: readonly Diff[], full: boolean): Cut {
  return cutDiffs(objects, full ? noCut : shortCut);
}

/** More groups of machines than these say little at a glance. */
const maxGroups = 20;

/** The groups whose examples are shown. @param full whether those that were rendered are shown to the last */
export function shownGroups(groups: readonly ChangeGroup[], full: boolean) {
  const rendered = groups.flatMap(({ example: { parts, ...example }, ...group }) =>
    parts === null ? [] : [{ ...group, example: { ...example, parts } }],
  );
  return full ? rendered : rendered.slice(0, maxGroups);
}

/** How many groups are not shown, in a few words; empty when all are. */
export function groupsLeftText(all: number, shown: number): string {
  const left = all - shown;
  return left <= 0 ? '' : `${left} more ${left === 1 ? 'group' : 'groups'} of machines, without an example`;
}

/** The first diffs, each up to a number of lines, as long as there is room for them all. */
export function cutDiffs(diffs: readonly Diff[], { linesOfOne, linesOfAll, characters }: CutLimits): Cut {
  const shown: ShownDiff[] = [];
  let room = linesOfAll;
  for (const diff of diffs) {
    if (room <= 0) break;
    const most = Math.min(linesOfOne, room);
    // A line that says that one line is left out could have been that line.
    const kept = diff.lines.length <= most + 1 ? diff.lines : diff.lines.slice(0, most);
    shown.push({
      ...diff,
      lines: kept.map((line) => cutText(line, characters)),
      leftOut: diff.lines.length - kept.length,
    });
    room -= kept.length;
  }
  return { shown, left: diffs.slice(shown.length) };
}

/** A text with its first characters, and how many it has in all. */
export function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  // Half a pair of surrogates is no character.
  return `${text.slice(0, characters).replace(/[\ud800-\udbff]$/, '')}… (${text.length} characters)`;
}

/** The two lines above the hunks, as Git has them. */
export function diffHeading({ name, change }: Diff): readonly [string, string] {
  return [`--- ${change === 'added' ? '/dev/null' : name}`, `+++ ${change === 'removed' ? '/dev/null' : name}`];
}

/** What is left out, in a few words. */
export function leftOutText(lines: number): string {
  return `${counted(lines, 'line')} left out`;
}

export function countLines(diffs: readonly Diff[]): number {
  return diffs.reduce((sum, { lines }) => sum + lines.length, 0);
}
