// Findings as text for people: the place, the line with a caret under the column, and what to do.
import { type Diagnostic, formatPlace } from '../diagnostic.ts';
import { excerptOf } from './excerpt.ts';
import { type Paint, type Palette, plain } from './palette.ts';
import { printable } from './printable.ts';

export interface TextReportOptions {
  /** The text of a file that a finding is in; undefined when there is none to show. Asked once for each file. */
  readonly sourceOf: (file: string) => string | undefined;
  /** Without colours where it is not said. */
  readonly palette?: Palette;
}

/**
 * Every finding as a block of lines, one empty line between two of them:
 *
 *     error BERTH-103: the slot 4 is taken already
 *       --> racks/r1.yaml:12:15
 *        |
 *     12 |   - { slot: 4, serial: S1 }
 *        |             ^
 *        = hint: the next free one is 7
 *
 * @returns text that ends in a newline; empty without findings
 */
export function textReport(diagnostics: readonly Diagnostic[], options: TextReportOptions): string {
  const { palette = plain } = options;
  const files = new Map<string, readonly string[]>();
  const lineOf = (file: string, line: number): string | undefined => {
    const lines = files.get(file) ?? options.sourceOf(file)?.split(/\r?\n/) ?? [];
    files.set(file, lines);
    return lines[line - 1];
  };
  return diagnostics.map((diagnostic) => block(diagnostic, shownLine(diagnostic, lineOf), palette)).join('\n');
}

/** The line that a finding is in; undefined when there is none to show. */
function shownLine(
  { place, isSecret }: Diagnostic,
  lineOf: (file: string, line: number) => string | undefined,
): string | undefined {
  return isSecret ? undefined : lineOf(place.file, place.line);
}

function block(diagnostic: Diagnostic, line: string | undefined, palette: Palette): string {
  const { rule, severity, place, message, hint } = diagnostic;
  const { bold, cyan } = palette;
  const mark: Paint = severity === 'error' ? palette.red : palette.yellow;
  const number = String(place.line);
  const margin = ' '.repeat(number.length);
  const rows = [
    bold(`${mark(`${severity} ${rule}`)}: ${printable(message)}`),
    `${margin}${cyan('-->')} ${printable(formatPlace(place))}`,
  ];
  if (line !== undefined) {
    const { text, caretColumns } = excerptOf(line, place.column);
    rows.push(
      `${margin} ${cyan('|')}`,
      `${cyan(`${number} |`)} ${text}`.trimEnd(),
      `${margin} ${cyan('|')} ${' '.repeat(caretColumns)}${bold(mark('^'))}`,
    );
  }
  if (hint !== undefined) rows.push(`${margin} ${cyan('=')} hint: ${printable(hint)}`);
  return `${rows.join('\n')}\n`;
}
