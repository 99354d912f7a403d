// Plays transcripts: scripts of commits and reports over the example site, each command with what it prints.
import { TranscriptWorld } from './transcript-world.ts';

interface Step {
  /** A remark of some lines, or a command with its patch. */
  readonly lines: readonly string[];
  /** The command itself; null for a remark. */
  readonly command: string | null;
  readonly patch: readonly string[];
}

/**
 * Play a transcript again.
 * @param text lines that begin with `#` are remarks, with `>` commands and their patches; what else there is was printed
 * @returns the same script with what is printed now
 */
export function replay(text: string): string {
  const world = new TranscriptWorld();
  let result = '';
  let quiet = false;
  for (const { lines, command, patch } of stepsOf(text)) {
    const printed = command === null ? [] : world.run(command, patch);
    // Commands that print nothing stand one below the other.
    if (result !== '' && !(quiet && command !== null)) result += '\n';
    result += `${[...lines, ...printed].join('\n')}\n`;
    quiet = command !== null && printed.length === 0;
  }
  return result;
}

function stepsOf(text: string): readonly Step[] {
  const steps: { lines: string[]; command: string | null; patch: string[] }[] = [];
  let last = '';
  for (const line of text.split('\n')) {
    const step = steps.at(-1);
    if (/^> {3}[-+] /.test(line) && step) {
      step.lines.push(line);
      step.patch.push(line.slice(4));
    } else if (line.startsWith('> ')) steps.push({ lines: [line], command: line.slice(2), patch: [] });
    else if (line.startsWith('#')) {
      if (last.startsWith('#')) step?.lines.push(line);
      else steps.push({ lines: [line], command: null, patch: [] });
    }
    last = line;
  }
  return steps;
}
