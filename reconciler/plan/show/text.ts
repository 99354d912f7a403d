// A preview of a plan as text, for a terminal or a log.
import { type Palette, plain } from '../../../schema/report/palette.ts';
import {
  type Cut,
  countLines,
  cutExample,
  cutObjects,
  diffHeading,
  groupsLeftText,
  leftOutText,
  shownGroups,
} from './cut.ts';
import { planText } from './plan.ts';
import type { ChangeGroup, Preview } from './preview.ts';
import { type Disruption, radiusText } from './radius.ts';

export interface TextOptions {
  /** What is planned, and against what. */
  readonly heading?: string;
  /** Whether diffs are shown to their end. */
  readonly full?: boolean;
  readonly palette?: Palette;
}

/** Names of files that differ are listed up to so many. */
const maxListed = 12;

/** Lines of text, the last one not ended. */
export function previewText(preview: Preview, { heading, full = false, palette = plain }: TextOptions = {}): string {
  const { plan, radius, groups, objects } = preview;
  const colour = colourOf(radius.disruption, palette);
  const lines = [
    `${palette.bold(colour(`Disruption: ${radius.disruption}.`))} ${radiusText(radius, objects)}`,
    planText(plan, heading),
  ];
  const shown = shownGroups(groups, full);
  for (const group of shown) {
    lines.push(
      '',
      palette.bold(groupTitle(group)),
      ...cutLines(cutExample(group.example.parts, group.becoming, full), palette),
    );
  }
  const more = groupsLeftText(groups.length, shown.length);
  if (more !== '') lines.push('', palette.dim(`… and ${more}`));
  if (objects.length > 0) {
    lines.push('', palette.bold('Kubernetes objects:'), ...cutLines(cutObjects(objects, full), palette));
  }
  return lines.join('\n');
}

/** `r0-04, one of 24 machines that restart:` */
export function groupTitle({ becoming, machines, reasons }: Omit<ChangeGroup, 'example'>): string {
  const many = machines.length > 1;
  const name = machines[0]?.name ?? '';
  const verb = verbOf(becoming, many, reasons.length > 0);
  return many ? `${name}, one of ${machines.length} machines that ${verb}:` : `${name}, which ${verb}:`;
}

function verbOf(becoming: ChangeGroup['becoming'], many: boolean, isNamed: boolean): string {
  switch (becoming) {
    case 'leaving':
      return many ? 'leave the site' : 'leaves the site';
    case 'first boot':
      return many ? 'boot for the first time' : 'boots for the first time';
    case 'restart':
      return many ? 'restart' : 'restarts';
    case 'no restart':
      if (!isNamed) return 'boot servers answer otherwise';
      return many ? 'change without a restart' : 'changes without a restart';
  }
}

/** Diffs with their headings, and what is left out of them. */
export function cutLines({ shown, left }: Cut, palette: Palette): readonly string[] {
  if (shown.length === 0) return [palette.dim('  nothing that is rendered for it changes')];
  const lines = shown.flatMap((diff) => [
    ...diffHeading(diff).map(palette.bold),
    ...diff.lines.map((line) => dressed(line, palette)),
    ...(diff.leftOut > 0 ? [palette.dim(`… ${leftOutText(diff.leftOut)}, --full shows them`)] : []),
  ]);
  if (left.length === 0) return lines;
  const names = left.slice(0, maxListed).map(({ name, change }) => `  ${change} ${name}`);
  const more = left.length - names.length;
  return [
    ...lines,
    palette.dim(`… and ${left.length} more, ${leftOutText(countLines(left))}, --full shows them:`),
    ...[...names, ...(more > 0 ? [`  and ${more} more`] : [])].map(palette.dim),
  ];
}

function dressed(line: string, palette: Palette): string {
  if (line.startsWith('+')) return palette.green(line);
  if (line.startsWith('-')) return palette.red(line);
  return line.startsWith('@@') ? palette.cyan(line) : line;
}

function colourOf(disruption: Disruption, palette: Palette) {
  switch (disruption) {
    case 'none':
      return palette.green;
    case 'live object':
    case 'live file':
      return palette.cyan;
    case 'reboot':
      return palette.yellow;
    case 'destructive':
      return palette.red;
  }
}
