// A command under measurement: `node bin/berth.mjs …` as a user runs it, from before Node starts until it has ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What `berth` is started by. */
export const launcher = fileURLToPath(new URL('../../bin/berth.mjs', import.meta.url));

export interface NodeCommand {
  /** Arguments of node. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Beside PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Of a command that has done what it is to do. */
  readonly exitCode: number;
}

/** A command ended otherwise than it should. */
export class CommandError extends Error {
  readonly code = 'COMMAND';
}

/** Run a command; how many seconds it took. @throws {CommandError} */
export async function secondsOf(command: NodeCommand): Promise<number> {
  const start = performance.now();
  await run(command);
  return (performance.now() - start) / 1000;
}

/** A module that says at the end of its process, on channel 3, how many kilobytes were resident at most. */
const peakReport = `import { writeSync } from 'node:fs';
process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`;

/** Run a command; its peak of resident memory in bytes. @throws {CommandError} */
export async function peakBytesOf(command: NodeCommand): Promise<number> {
  const report = `data:text/javascript,${encodeURIComponent(peakReport)}`;
  return Number(await run({ ...command, args: ['--import', report, ...command.args] })) * 1024;
}

/** What the command says on channel 3. */
async function run({ args, cwd, env, exitCode }: NodeCommand): Promise<string> {
  const { PATH = '/usr/bin:/bin' } = process.env;
  const child = spawn(process.execPath, [...args], {
    cwd,
    env: { PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , complaints, report] = child.stdio as readonly (Readable | null)[];
  if (!complaints || !report) throw new CommandError('the command has no channels');
  const ended = once(child, 'close');
  const [complained, said] = await Promise.all([text(complaints), text(report)]);
  const [code, signal] = await ended;
  if (code === exitCode) return said;
  throw new CommandError(`node ${args.join(' ')} ended with ${signal ?? `code ${code}`}: ${complained}`);
}
