// Findings as text for people: the place, the line with a caret under the column, and what to do.
import { type Diagnostic, formatPlace } from '../diagnostic.ts';
import { excerptOf } from './excerpt.ts';
import { printable } from './printable.ts';

export interface TextReportOptions {
  /** The text of a file that a finding is in; undefined when there is none to show. Asked once for each file. */
  readonly sourceOf: (file: string) => string | undefined;
  /** Whether to colour it, by ANSI escape sequences. */
  readonly colour?: boolean;
}

type Paint = (text: string) => string;

interface Palette {
  readonly error: Paint;
  readonly warning: Paint;
  readonly strong: Paint;
  readonly frame: Paint;
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
  const palette = options.colour ? colours : plain;
  const files = new Map<string, readonly string[]>();
  const lineOf = (file: string, line: number): string | undefined => {
    const lines = files.get(file) ?? options.sourceOf(file)?.split(/\r?\n/) ?? [];
    files.set(file, lines);
    return lines[line - 1];
  };
  return diagnostics
    .map(({ place, ...finding }) => block({ place, ...finding }, lineOf(place.file, place.line), palette))
    .join('\n');
}

function block(diagnostic: Diagnostic, line: string | undefined, palette: Palette): string {
  const { rule, severity, place, message, hint } = diagnostic;
  const { error, warning, strong, frame } = palette;
  const paint = severity === 'error' ? error : warning;
  const number = String(place.line);
  const margin = ' '.repeat(number.length);
  const rows = [
    `${paint(`${severity} ${rule}`)}${strong(`: ${printable(message)}`)}`,
    `${margin}${frame('-->')} ${printable(formatPlace(place))}`,
  ];
  if (line !== undefined) {
    const { text, caretColumns } = excerptOf(line, place.column);
    rows.push(
      `${margin} ${frame('|')}`,
      `${frame(`${number} |`)} ${text}`.trimEnd(),
      `${margin} ${frame('|')} ${' '.repeat(caretColumns)}${paint('^')}`,
    );
  }
  if (hint !== undefined) rows.push(`${margin} ${frame('=')} hint: ${printable(hint)}`);
  return `${rows.join('\n')}\n`;
}

const asItIs: Paint = (text) => text;
const plain: Palette = { error: asItIs, warning: asItIs, strong: asItIs, frame: asItIs };

/** Select Graphic Rendition, ECMA-48 §8.3.117. */
const rendition =
  (...codes: readonly number[]): Paint =>
  (text) =>
    `\u001b[${codes.join(';')}m${text}\u001b[0m`;

const colours: Palette = {
  error: rendition(1, 31),
  warning: rendition(1, 33),
  strong: rendition(1),
  frame: rendition(34),
};
