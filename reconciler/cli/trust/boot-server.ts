// What a trust command changes on a boot server: only those may who could change its files anyway, and it is known who.
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { CliError } from '../cli-error.ts';

/** @throws {CliError} unless root or the owner of the data folder is asking */
export async function requireAdmin(data: string): Promise<void> {
  const found = await stat(data).catch(() => null);
  if (!found?.isDirectory()) throw new CliError(`there is no folder ${data}: --data is what berth agent is given`);
  const uid = process.getuid?.();
  if (uid === undefined || uid === 0 || uid === found.uid) return;
  throw new CliError(`only root and the owner of ${data} may do that`);
}

/** Who is asking, for the mark that it leaves. */
export function adminName(environment: NodeJS.ProcessEnv = process.env): string {
  const { username } = userInfo();
  const before = environment.SUDO_USER;
  return before === undefined || before === '' || before === username ? username : `${before} as ${username}`;
}

/** @throws {CliError} when the reason says nothing */
export function checkedReason(reason: string): string {
  const text = reason.trim().replace(/\s+/g, ' ');
  if (/\p{L}/u.test(text) && text.length <= 500) return text;
  throw new CliError('--reason takes a sentence, of up to 500 characters: it stays in the history');
}

/**
 * Have a word typed, so that nobody goes on by habit.
 * @throws {CliError} when it is not, or there is no terminal to ask at
 */
export async function confirm(question: string, word: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CliError('there is no terminal to ask at: --yes goes on without a question');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(question);
    if (answer.trim() !== word) throw new CliError('nothing was changed');
  } finally {
    terminal.close();
  }
}
