// Reports that etcd may not have yet, on disk: a machine reports a boot once, and was told that it was heard.
import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { decode, encode, records } from '../schema/state/records.ts';
import type { ObservedMachine } from '../schema/types/observed-machine.ts';

const fileName = 'reports.jsonl';
/** Lines for nothing that the file may have before it is written anew. */
const spareLines = 1_000;

export class ReportJournal {
  /** What an earlier process left, one for each line that is whole, in the order in which they came. */
  readonly left: readonly ObservedMachine[];
  readonly #folder: string;
  #file: FileHandle;
  #lines: number;
  /** One thing after the other. */
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, left: readonly ObservedMachine[], file: FileHandle) {
    this.left = left;
    this.#folder = folder;
    this.#file = file;
    this.#lines = left.length;
  }

  /** Open the journal of a folder, both made if missing. */
  static async open(folder: string): Promise<ReportJournal> {
    await mkdir(folder, { recursive: true });
    const left = await readLines(path.join(folder, fileName));
    // Written anew, for a line that a crash cut short would spoil the next one.
    return new ReportJournal(folder, left, await writeAnew(folder, left));
  }

  /** @throws {StateError} STATE_INVALID when it is no report @throws {Error} when the disk fails */
  append(report: ObservedMachine): Promise<void> {
    const line = lineOf(report);
    return this.#next(async () => {
      await this.#file.appendFile(line);
      this.#lines++;
    });
  }

  /** Drop what etcd has by now. @param waiting asked when it is time: what must stay */
  tidy(waiting: () => readonly ObservedMachine[]): Promise<void> {
    return this.#next(async () => {
      const kept = waiting();
      if (kept.length === 0) await this.#file.truncate();
      else if (this.#lines <= kept.length + spareLines) return;
      else {
        const fresh = await writeAnew(this.#folder, kept);
        await this.#file.close();
        this.#file = fresh;
      }
      this.#lines = kept.length;
    });
  }

  close(): Promise<void> {
    return this.#next(() => this.#file.close());
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => {});
    return done;
  }
}

/** The file is replaced as a whole. @returns it, open for more */
async function writeAnew(folder: string, reports: readonly ObservedMachine[]): Promise<FileHandle> {
  const partial = path.join(folder, `${fileName}.partial`);
  const file = await open(partial, 'a');
  try {
    await file.truncate();
    await file.appendFile(reports.map(lineOf).join(''));
    await rename(partial, path.join(folder, fileName));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function lineOf(report: ObservedMachine): string {
  return `${encode(records.observedMachine, report)}\n`;
}

async function readLines(file: string): Promise<ObservedMachine[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const reports: ObservedMachine[] = [];
  for (const line of text.split('\n')) {
    try {
      if (line !== '') reports.push(decode(records.observedMachine, line));
    } catch {
      // Cut short by a crash before the machine was told that it was heard: it reports again.
    }
  }
  return reports;
}
