// How many findings there are, in a line.
import type { Diagnostic } from '../diagnostic.ts';
import { counted } from '../words.ts';

/**
 * `3 errors, 1 warning in 2 files`
 * @param diagnostics one at least
 */
export function summaryLine(diagnostics: readonly Diagnostic[]): string {
  const found = (['error', 'warning'] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count > 0 ? [counted(count, severity)] : [];
  });
  const files = new Set(diagnostics.map(({ place }) => place.file));
  return `${found.join(', ')} in ${counted(files.size, 'file')}`;
}
