// Runs one test file in a process, a session and a temporary folder of its own, and looks what it leaves behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Ending, judge, type Outcome, timeLimitSeconds } from './outcome.ts';
import { type Survivor, survivorsOf } from './survivors.ts';

export interface FileReport extends Outcome {
  readonly file: string;
  readonly seconds: number;
  /** All that it printed, on both streams, in the order in which it came. */
  readonly output: string;
}

/** A process that was told to end may take this long to be gone. */
const graceMilliseconds = 2000;

/** tsx keeps what it compiled here, under TMPDIR; every test file shares it. */
const tsxCache = `tsx-${os.userInfo().uid}`;

/**
 * @param file absolute path of the test file
 * @param temporary a folder, not there yet, that becomes the file's TMPDIR and is gone again at the end
 * @param signal ends the file early; it then counts as failed
 */
export async function runTestFile(file: string, temporary: string, signal: AbortSignal): Promise<FileReport> {
  const source = readFileSync(file, 'utf8');
  const limitSeconds = timeLimitSeconds(source);
  const mark = randomUUID();
  makeTemporaryFolder(temporary);

  const start = performance.now();
  // Detached: it leads a session and a process group, so that all of it can be found and killed.
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: testEnvironment(temporary, mark),
  });
  const session = child.pid;
  if (session === undefined) {
    const [error] = await once(child, 'error');
    throw error;
  }
  const printed = { stdout: '', all: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
    printed.all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.all += text;
  });
  const closed = once(child, 'close');
  const ending = await endWithin(child, session, limitSeconds, signal);
  const seconds = (performance.now() - start) / 1000;

  // Whoever is killed can't tidy up.
  const killed = ending.passedLimitSeconds !== undefined || signal.aborted;
  const survivors = await waitForSurvivors(mark, session, killed ? 0 : graceMilliseconds);
  for (const { pid } of survivors) kill(pid);
  const leftovers = killed ? [] : survivors.map((one) => `left a process: ${one.command}`);
  // The survivors held its output open. Whoever still does has got away from us.
  const gotAway = await Promise.race([closed.then(() => false), pause(graceMilliseconds, true, { ref: false })]);
  if (gotAway) {
    leftovers.push('left a process that could not be found: it holds the output open');
    child.stdout.destroy();
    child.stderr.destroy();
  }
  const left = readdirSync(temporary).filter((name) => name !== tsxCache);
  if (left.length > 0 && !killed) leftovers.push(`left in its temporary folder: ${left.join(', ')}`);
  rmSync(temporary, { recursive: true, force: true });

  return { file, seconds, output: printed.all, ...judge(source, printed.stdout, ending, leftovers) };
}

function makeTemporaryFolder(folder: string): void {
  const cache = path.join(os.tmpdir(), tsxCache);
  mkdirSync(cache, { recursive: true });
  mkdirSync(folder);
  symlinkSync(cache, path.join(folder, tsxCache));
}

/**
 * Our environment without what would lead a test astray: an etcd or a Git repository of the person at the keyboard,
 * their Git settings, colours.
 */
function testEnvironment(temporary: string, mark: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(BERTH|GIT)_|^(FORCE_COLOR|NODE_OPTIONS)$/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    TMPDIR: temporary,
    NO_COLOR: '1',
    // What tests start is to leave nothing in the user's home.
    BERTH_CACHE: 'off',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    // A runner that is itself under test hands on the mark of the one above it.
    BERTH_TEST_MARK: `${process.env.BERTH_TEST_MARK ?? ''} ${mark}`,
  };
}

/** Resolves when the test process has ended, by itself or, past its time or on the signal, with its whole group. */
async function endWithin(
  child: ChildProcess,
  group: number,
  limitSeconds: number,
  signal: AbortSignal,
): Promise<Ending> {
  let passedLimitSeconds: number | undefined;
  const timer = setTimeout(() => {
    passedLimitSeconds = limitSeconds;
    kill(-group);
  }, limitSeconds * 1000);
  const abort = (): void => kill(-group);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  const [exitCode, endedBy] = await once(child, 'exit');
  clearTimeout(timer);
  signal.removeEventListener('abort', abort);
  return { exitCode, signal: endedBy, passedLimitSeconds };
}

/** Who is still there when those that are about to end had the time to. */
async function waitForSurvivors(mark: string, session: number, milliseconds: number): Promise<readonly Survivor[]> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const survivors = survivorsOf(mark, session);
    if (survivors.length === 0 || performance.now() >= deadline) return survivors;
    await pause(20);
  }
}

/** @param target a pid, or a process group as a negative number */
function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
