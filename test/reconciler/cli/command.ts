// The real program, called like a command: run to its end, and what it said.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBerth } from '../../berth.ts';
import { gitEnvironment } from '../../git.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const program = path.join(root, 'bin', 'berth.mjs');
export const exampleFolder = path.join(root, 'examples', 'site-repo');

await buildBerth();

export interface Said {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface BerthSettings {
  /** Where the user stands. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Some of them wait for something themselves. */
const atOnce = 2 * availableParallelism();
const waiting: (() => void)[] = [];
let running = 0;

/**
 * Run `berth …` to its end. Nothing of this machine's settings reaches it. Tests begin all their calls at once where
 * they can.
 */
export async function berth(args: readonly string[], settings: BerthSettings = {}): Promise<Said> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await runToEnd(args, settings);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function runToEnd(args: readonly string[], { cwd = tmpdir(), env = {} }: BerthSettings): Promise<Said> {
  const { PATH = '', HOME = '', TMPDIR = tmpdir() } = process.env;
  const startMs = performance.now();
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { PATH, HOME, TMPDIR, BERTH_CACHE: 'off', ...env },
      timeout: 30_000,
      maxBuffer: 1 << 26,
    };
    const child = execFile(process.execPath, [program, ...args], options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr, seconds: (performance.now() - startMs) / 1000 });
    });
  });
}

/** A copy of the example site, to be changed. Whoever makes one calls {@link remove}. */
export class SiteCopy {
  /** What stands around the site repo. */
  readonly parent = mkdtempSync(path.join(tmpdir(), 'berth-cli-'));
  readonly folder: string;

  /** @param name a path below {@link parent} */
  constructor(name = 'site') {
    this.folder = path.join(this.parent, name);
    cpSync(exampleFolder, this.folder, { recursive: true });
  }

  /** @throws {Error} when the text is not there */
  replace(file: string, from: string, to: string): void {
    const name = path.join(this.folder, file);
    const text = readFileSync(name, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    writeFileSync(name, text.replace(from, to));
  }

  /** Run git where the site repo's parent is. */
  git(...args: readonly string[]): string {
    return execFileSync('git', [...args], { cwd: this.parent, env: gitEnvironment, encoding: 'utf8' }).trim();
  }

  /** Make the parent a repository, if it is none, and commit everything. */
  commit(subject: string): string {
    if (!existsSync(path.join(this.parent, '.git'))) this.git('init', '--quiet', '--initial-branch=main');
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', subject);
    return this.git('rev-parse', 'HEAD');
  }

  remove(): void {
    rmSync(this.parent, { recursive: true, force: true });
  }
}
