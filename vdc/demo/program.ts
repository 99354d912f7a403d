// A program that the demo runs beside itself: started, listened to, and ended with it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export class ProgramError extends Error {
  readonly code = 'PROGRAM';
}

export interface ProgramOptions {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** File that all of its output goes to. */
  readonly logFile: string;
  /** Told of each line on stdout. */
  readonly onLine?: (line: string) => void;
}

const stopMs = 10_000;
const lastLines = 20;

/** util-linux's way to end a child when its parent dies, even by SIGKILL; elsewhere children may be left then. */
const withParent: readonly string[] =
  spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'TERM', '--'] : [];

export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  /** How it ended, in a few words. */
  readonly #ended: Promise<string>;
  readonly #lastLines: string[] = [];
  #stopping = false;

  constructor({ name, command, logFile, onLine }: ProgramOptions) {
    this.name = name;
    const [file = '', ...args] = [...withParent, ...command];
    // A process group of its own: Ctrl-C reaches the demo alone, which ends the others in order.
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`it did not start: ${error.message}`));
      child.once('close', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    // A log that cannot be written is no reason to end what it tells of.
    log.on('error', () => {});
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        this.#lastLines.push(line);
        if (this.#lastLines.length > lastLines) this.#lastLines.shift();
        if (stream === child.stdout) onLine?.(line);
      });
    }
    this.#ended.then(() => log.end());
  }

  /** Rejects when the program ends before it is told to. */
  async failure(): Promise<never> {
    const how = await this.#ended;
    if (this.#stopping) return new Promise<never>(() => {});
    throw new ProgramError([`${this.name}: ${how}`, ...this.#lastLines].join('\n'));
  }

  /** End the program: asked by SIGTERM, made to by SIGKILL after a while. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.pid === undefined) return;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), stopMs);
    await this.#ended;
    clearTimeout(force);
  }
}
