// Questions on a terminal, one line each.
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { type Palette, plain } from '../../../schema/report/palette.ts';

/** The user does not want to go on: Ctrl-C, or the end of the input. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly code = 'STOPPED';
}

export interface Asker {
  /** The answer without blanks around it; what is in the brackets where it is empty. @throws {Stopped} */
  ask(question: string, fallback: string): Promise<string>;
  /** Say something between two questions. */
  say(text: string): void;
  close(): void;
}

export function askOn(input: Readable, output: Writable, palette: Palette = plain): Asker {
  const lines = createInterface({ input, output, terminal: true, historySize: 0 });
  const stop = new AbortController();
  // Else a question would wait for an answer for ever.
  lines.once('close', () => stop.abort());
  lines.once('SIGINT', () => lines.close());
  return {
    async ask(question, fallback) {
      const prompt = `${palette.bold(question)}${fallback === '' ? '' : ` ${palette.dim(`[${fallback}]`)}`} `;
      try {
        return (await lines.question(prompt, { signal: stop.signal })).trim() || fallback;
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        output.write('\n');
        throw new Stopped('stopped before the last question');
      }
    },
    say: (text) => {
      output.write(`${text}\n`);
    },
    close: () => lines.close(),
  };
}
