// The program `berth` as a process of its own, as its launcher starts it: listened to, and ended by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const ownLauncher = fileURLToPath(new URL('../bin/berth.mjs', import.meta.url));

/** bin/build.mjs, which is plain JavaScript. */
interface BuildModule {
  build(root: string): Promise<void>;
  builtDigest(root: string): string | undefined;
  sourceDigest(root: string): string;
}

/** Build what has changed since the last build, as set-up does. Before the first {@link Berth} of a file. */
export async function buildBerth(): Promise<void> {
  const { build, builtDigest, sourceDigest } = (await import(`${root}bin/build.mjs`)) as BuildModule;
  if (builtDigest(root) !== sourceDigest(root)) await build(root);
}

/** One line of JSON that the program prints. */
export interface Line {
  readonly event?: string;
  readonly [member: string]: unknown;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface BerthOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the launcher is to be found, if not in bin/. */
  readonly launcher?: string;
}

export class Berth {
  /** What it has printed that is JSON, and what is not. */
  readonly lines: Line[] = [];
  readonly otherLines: string[] = [];
  readonly ended: Promise<Ended>;
  /** Null while it runs. */
  end: Ended | null = null;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], { cwd, env = {}, launcher = ownLauncher }: BerthOptions = {}) {
    const child = spawn(process.execPath, [launcher, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#child = child;
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.end = { code, signal };
      return this.end;
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#take(line));
    }
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('it did not start');
    return this.#child.pid;
  }

  /** Wait for a line with that event; the first there is, from line `from` on. */
  async event(
    name: string,
    matches: (line: Line) => boolean = () => true,
    from = 0,
    deadlineMs = 20_000,
  ): Promise<Line> {
    const find = (): Line | undefined => this.lines.slice(from).find((line) => line.event === name && matches(line));
    await eventually(`${name} is said by berth`, () => find() !== undefined || this.end !== null, deadlineMs);
    const found = find();
    if (found) return found;
    throw new Error(`berth ended without ${name}: ${JSON.stringify(this.end)}\n${this.otherLines.join('\n')}`);
  }

  /** Send a signal, unless it has ended. */
  signal(name: NodeJS.Signals): void {
    if (this.end === null) this.#child.kill(name);
  }

  /** End it and wait for that. */
  async kill(name: NodeJS.Signals = 'SIGKILL'): Promise<Ended> {
    this.signal(name);
    return this.ended;
  }

  #take(text: string): void {
    try {
      this.lines.push(JSON.parse(text) as Line);
    } catch {
      this.otherLines.push(text);
    }
  }
}
