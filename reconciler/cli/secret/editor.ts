// Lets someone edit a secret with their own editor, on a file in memory that does not outlive the command.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliError } from '../cli-error.ts';

const prefix = 'berth-secret-';

export interface Editing {
  /** What the file is called, for editors that go by endings. */
  readonly name: string;
  readonly content: Uint8Array;
  /** A command of the shell; the file's path is put behind it. */
  readonly editor: string;
  readonly warn: (message: string) => void;
}

/**
 * What the file holds when the editor has ended. Whatever happens, nothing of it stays on this machine but what the
 * editor itself has put elsewhere: the file lies in a folder of memory (/dev/shm) that nobody else may enter, and is
 * overwritten and removed at the end, on signals, and on the next call after a SIGKILL.
 * @throws {CliError} when the editor fails
 */
export async function editPrivately({ name, content, editor, warn }: Editing): Promise<Uint8Array> {
  const home = memoryFolder();
  if (home === null) warn(`there is no /dev/shm here: the file lies in the clear in ${tmpdir()} while you edit`);
  const base = home ?? tmpdir();
  wipeLeftovers(base);
  const folder = mkdtempSync(path.join(base, `${prefix}${process.pid}-`));
  const guard = new Guard(folder);
  try {
    const file = path.join(folder, name);
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
    await run(editor, file, guard);
    if (!existsSync(file)) throw new CliError('the file is gone: nothing is changed');
    return readFileSync(file);
  } finally {
    guard.end();
  }
}

function run(editor: string, file: string, guard: Guard): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${editor} "$@"`, editor, file], { stdio: 'inherit' });
    guard.child = child;
    child.once('error', (error) => reject(new CliError(`the editor cannot be run: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new CliError(`the editor failed (${signal ?? `exit ${code}`}): nothing is changed`));
    });
  });
}

/** Wipes a folder when the work is over, however it is: at the end, at the exit of the process, on signals. */
class Guard {
  child: ChildProcess | null = null;
  private readonly onExit = (): void => wipe(this.folder);
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.end();
    this.child?.kill(signal);
    // Without a handler, it ends the process as it would have.
    process.kill(process.pid, signal);
  };
  /** What is typed at the terminal is for the editor, which gets it too. */
  private readonly onKey = (): void => {};

  constructor(private readonly folder: string) {
    process.on('exit', this.onExit);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, this.onSignal);
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, this.onKey);
  }

  end(): void {
    wipe(this.folder);
    process.off('exit', this.onExit);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, this.onSignal);
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.off(signal, this.onKey);
  }
}

/** A folder whose files never reach a disk but by swapping; null where there is none. */
function memoryFolder(): string | null {
  const folder = '/dev/shm';
  const tmpfs = 0x01021994;
  try {
    return statfsSync(folder).type === tmpfs ? folder : null;
  } catch {
    return null;
  }
}

/** What was left by a call that was killed before it could clear up. */
function wipeLeftovers(base: string): void {
  for (const name of readdirSync(base)) {
    const pid = /^berth-secret-(\d+)-/.exec(name)?.[1];
    const folder = path.join(base, name);
    if (pid === undefined || isRunning(Number(pid))) continue;
    if (lstatSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()) wipe(folder);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Overwrites what is in a folder, what editors have put beside the file too, and removes it. */
function wipe(folder: string): void {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) wipe(file);
    else if (entry.isFile()) overwrite(file);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** One that cannot be overwritten is removed all the same. */
function overwrite(file: string): void {
  try {
    const { size } = lstatSync(file);
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(size));
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // A file that its owner may not write.
  }
}
