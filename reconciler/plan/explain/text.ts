// Explanations as text for people, in columns: the field, its value, where that comes from.
import { formatPlace, type Place } from '../../../schema/diagnostic.ts';
import { type Palette, plain } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import { type Explanation, parts } from './explain.ts';

export interface ExplainTextOptions {
  /** How a place is said. */
  readonly showPlace?: (place: Place) => string;
  readonly palette?: Palette;
}

/** All of a machine, part by part. */
export function explainAll(explanations: readonly Explanation[], options: ExplainTextOptions = {}): string {
  const { palette = plain } = options;
  const blocks = parts.flatMap((part) => {
    const inPart = explanations.filter((explanation) => explanation.part === part);
    if (inPart.length === 0) return [];
    const rows = inPart.flatMap((explanation) => rowsOf(explanation, options));
    return [[palette.bold(part), ...aligned(rows, palette).map((line) => `  ${line}`), ''].join('\n')];
  });
  return blocks.join('\n');
}

/** Some of its fields, and what each formula is made from. */
export function explainSome(explanations: readonly Explanation[], options: ExplainTextOptions = {}): string {
  const { palette = plain } = options;
  const rows = explanations.flatMap((explanation) => [
    ...rowsOf(explanation, options),
    ...(explanation.formula?.terms ?? []).map(({ name, value, place }): Row => {
      return [`  ${name}`, String(value), whereOf(place, options)];
    }),
  ]);
  return aligned(rows, palette)
    .map((line) => `${line}\n`)
    .join('');
}

/** Field, value, origin. */
type Row = readonly [string, string, string];

function rowsOf(explanation: Explanation, options: ExplainTextOptions): readonly Row[] {
  const { field, value, place, formula, overrides, repeats } = explanation;
  const origin = formula ? `= ${formula.text}` : whereOf(place, options);
  return [
    [field, shown(value), origin],
    ...overrides.map((one): Row => ['', '', `overrides ${whereOf(one.place, options)} ${shown(one.value)}`]),
    ...repeats.map((repeat): Row => ['', '', `said again ${whereOf(repeat, options)}`]),
  ];
}

function whereOf(place: Place | null, { showPlace = formatPlace }: ExplainTextOptions): string {
  return place ? showPlace(place) : 'by default';
}

/** A digest by its first characters, like everywhere. */
function shown(value: Explanation['value']): string {
  const text = String(value);
  return printable(/^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text);
}

function aligned(rows: readonly Row[], { dim }: Palette): string[] {
  const width = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => row[column].length));
  const [first, second] = [width(0), width(1)];
  return rows.map(([field, value, origin]) => {
    return `${field.padEnd(first)}  ${value.padEnd(second)}  ${dim(origin)}`.trimEnd();
  });
}
