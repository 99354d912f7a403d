// The one shape of everything that berth finds wrong with its input, and the one printer for it.
import { printable } from './report/printable.ts';

/** A place in a file of the site repo. Line and column count from 1, the column in UTF-16 code units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  /** Rule id, `BERTH-nnn`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly place: Place;
  /** What was found and what was expected. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The line at the place holds a secret, and is shown to nobody. */
  readonly isSecret?: true;
}

/** Whether it keeps a site from being acted on. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** One finding as `file:line:column: severity RULE: message`, its hint on a line of its own; both are safe to show. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { rule, severity, place, message, hint } = diagnostic;
  const first = printable(`${formatPlace(place)}: ${severity} ${rule}: ${message}`);
  return hint === undefined ? first : `${first}\n  hint: ${printable(hint)}`;
}

/** Order by place, so that a reader walks each file once from its top. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.place.file, b.place.file) ||
    a.place.line - b.place.line ||
    a.place.column - b.place.column ||
    compareText(a.rule, b.rule)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
