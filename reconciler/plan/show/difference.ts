// The difference of two sites as text, as Markdown and as JSON.
import { formatPlace } from '../../../schema/diagnostic.ts';
import { type Palette, plain } from '../../../schema/report/palette.ts';
import { fenced, markdownText } from '../../source/github/markdown.ts';
import type { Reason } from '../action.ts';
import { type DeclaredMachine, type FileChange, isSame, type SiteDifference } from '../diff/sites.ts';
import { cutObjects, diffHeading } from './cut.ts';
import { groupAlike, placesText, reasonText, reasonTexts, sealedText } from './groups.ts';
import { safeReason } from './json.ts';
import { nameList } from './name-list.ts';
import { cutLines } from './text.ts';

/** Documents in the order in which they are shown. */
const documents = ['site', 'racks', 'roles', 'releases', 'cluster', 'trust'] as const;

export interface DifferenceOptions {
  /** What is compared with what. */
  readonly heading: string;
  readonly full?: boolean;
  readonly palette?: Palette;
}

/** Lines of text, the last one not ended. */
export function differenceText(
  difference: SiteDifference,
  { heading, full = false, palette = plain }: DifferenceOptions,
): string {
  const { added, removed, changed } = difference.machines;
  if (isSame(difference)) return `${heading}: nothing differs`;
  const lines = [
    palette.bold(heading),
    ...added.map((machine) => line('added', palette.green(machineText(machine)))),
    ...removed.map((machine) => line('removed', palette.red(machineText(machine)))),
  ];
  for (const group of groupAlike(changed)) {
    lines.push(line('changed', nameList(group.map(({ name }) => name))));
    const [first] = group;
    lines.push(
      ...(first?.reasons ?? []).map((reason, index) =>
        line('', `  ${reasonText(reason)}${placesText(group.map(({ reasons }) => reasons[index]))}`),
      ),
    );
  }
  for (const name of documents) {
    lines.push(...difference[name].map((reason) => line(name, `${reasonText(reason)}${placesText([reason])}`)));
  }
  lines.push(...difference.files.map((change) => line('file', fileText(change))));
  if (difference.kubernetes.length > 0) {
    lines.push('', palette.bold('Kubernetes objects:'));
    lines.push(...cutLines(cutObjects(difference.kubernetes, full), palette));
  }
  return lines.join('\n');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(10)} ${text}`;
}

function fileText({ file, change, sealed }: FileChange): string {
  if (sealed) return sealedText(file, sealed.from, sealed.to);
  return `${file} is ${change === 'added' ? 'new' : change === 'removed' ? 'gone' : 'changed'}`;
}

function machineText({ serial, name, rack, role, place }: DeclaredMachine): string {
  return `${name} (${serial}), rack ${rack}, role ${role}${place ? `  ${formatPlace(place)}` : ''}`;
}

export function differenceMarkdown(difference: SiteDifference, { heading }: DifferenceOptions): string {
  const { added, removed, changed } = difference.machines;
  if (isSame(difference)) return `${markdownText(heading)}: nothing differs.`;
  const rows = [
    ...added.map((machine) => ['machine added', machineText(machine)]),
    ...removed.map((machine) => ['machine removed', machineText(machine)]),
    ...groupAlike(changed).map((group) => {
      const why = reasonTexts(group[0]?.reasons ?? []).join('; ');
      return ['machines changed', `${nameList(group.map(({ name }) => name))}: ${why}`];
    }),
    ...documents.flatMap((name) => difference[name].map((reason) => [name, withPlace(reason)])),
    ...difference.files.map(({ file, change, sealed }) => [
      `file ${change}`,
      sealed ? sealedText(file, sealed.from, sealed.to) : file,
    ]),
  ];
  const table = rows.map(([what = '', text = '']) => `| ${what} | ${markdownText(text)} |`);
  const objects = difference.kubernetes.map((diff) => fenced([...diffHeading(diff), ...diff.lines].join('\n'), 'diff'));
  const head = rows.length === 0 ? [] : [['| | |', '| --- | --- |', ...table].join('\n')];
  return [`**${markdownText(heading)}**`, ...head, ...objects].join('\n\n');
}

function withPlace(reason: Reason): string {
  return `${reasonText(reason)}${reason.place ? ` (${formatPlace(reason.place)})` : ''}`;
}

/** Plain data without secrets. */
export function differenceJson({ machines, kubernetes, files, ...named }: SiteDifference) {
  const safe = (reasons: readonly Reason[]) => reasons.map(safeReason);
  return {
    format: 1,
    machines: {
      ...machines,
      changed: machines.changed.map((machine) => ({ ...machine, reasons: safe(machine.reasons) })),
    },
    ...Object.fromEntries(documents.map((name) => [name, safe(named[name])])),
    kubernetes: kubernetes.map(({ name, change, lines }) => ({ name, change, lines })),
    files,
  };
}
