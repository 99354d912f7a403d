// A finding as an annotation of a check run.
import type { Diagnostic } from '../../../schema/diagnostic.ts';
import { printable } from '../../../schema/report/printable.ts';
import { cutBytes } from './markdown.ts';

/** As the REST API takes it: `POST /repos/{owner}/{repo}/check-runs`, `output.annotations`. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number;
  readonly end_column: number;
  readonly annotation_level: 'failure' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** GitHub takes 64 KB; what is longer than this nobody reads in the margin of a file. */
const maxMessageBytes = 4096;

/** @param diagnostic with its file relative to the top of the Git repository */
export function annotationOf({ rule, severity, place, message, hint }: Diagnostic): Annotation {
  const lines = [printable(message), ...(hint === undefined ? [] : [`hint: ${printable(hint)}`])];
  return {
    path: place.file,
    start_line: place.line,
    end_line: place.line,
    start_column: place.column,
    end_column: place.column,
    annotation_level: severity === 'error' ? 'failure' : 'warning',
    title: rule,
    message: cutBytes(lines.join('\n'), maxMessageBytes),
  };
}
