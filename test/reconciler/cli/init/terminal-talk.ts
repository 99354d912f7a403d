// A program on a pseudo-terminal, and someone who answers its questions.
import { spawn } from 'node:child_process';

export interface Talk {
  /** What the terminal showed, without colours and with plain line ends. */
  readonly shown: string;
  readonly exitCode: number | null;
}

/** Waits for a text to be shown, then types. */
export type Turn = readonly [prompt: string, typed: string];

/**
 * Run a command line on a terminal (script(1)) and answer, one turn after the other.
 * @throws {Error} when a prompt has not been shown 30 s after the one before it
 */
export async function talk(
  line: string,
  turns: readonly Turn[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Talk> {
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const pending = [...turns];
  let output = '';
  let seen = 0;
  return new Promise((resolve, reject) => {
    const give = (): NodeJS.Timeout =>
      setTimeout(() => {
        child.kill();
        reject(new Error(`no ${JSON.stringify(pending[0]?.[0] ?? 'end')} in:\n${output}`));
      }, 30_000);
    let deadline = give();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (let turn = pending[0]; turn !== undefined; turn = pending[0]) {
        const at = output.indexOf(turn[0], seen);
        if (at < 0) return;
        seen = at + turn[0].length;
        pending.shift();
        child.stdin.write(turn[1]);
        clearTimeout(deadline);
        deadline = give();
      }
    });
    child.on('error', reject).on('close', (exitCode) => {
      clearTimeout(deadline);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences are what is taken away
      const shown = output.replaceAll('\r\n', '\n').replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
      resolve({ shown, exitCode });
    });
  });
}
