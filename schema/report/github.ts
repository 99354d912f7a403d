// Findings as workflow commands of GitHub Actions: a runner that reads them in a step's output annotates the lines of
// the pull request with them, whatever the token may do. It takes ten errors and ten warnings of a step.
import type { Diagnostic } from '../diagnostic.ts';
import { printable } from './printable.ts';

/** Every finding as one line `::error file=…,line=…,col=…,title=…::…`, each ending in a newline. */
export function workflowCommands(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${workflowCommand(diagnostic)}\n`).join('');
}

/** One that is about no file. */
export function workflowNote(level: 'error' | 'notice', title: string, text: string): string {
  return `::${level} title=${escapeProperty(printable(title))}::${escapeData(text.split('\n').map(printable).join('\n'))}\n`;
}

function workflowCommand({ rule, severity, place, message, hint }: Diagnostic): string {
  const properties = Object.entries({ file: place.file, line: place.line, col: place.column, title: rule })
    .map(([name, value]) => `${name}=${escapeProperty(printable(String(value)))}`)
    .join(',');
  const text = hint === undefined ? printable(message) : `${printable(message)}\nhint: ${printable(hint)}`;
  return `::${severity} ${properties}::${escapeData(text)}`;
}

/** What stands behind the last `::`: all but per cent signs and line breaks stands for itself. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The value of a property, which a comma or a colon would end. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
