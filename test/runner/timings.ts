// Remembers how long each test file took, so that the next run starts the longest first and no core idles at its end.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { timeLimitSeconds } from './outcome.ts';

const memory = fileURLToPath(new URL('../../node_modules/.cache/berth/test-seconds.json', import.meta.url));

/** @param files absolute paths; one that never ran might take all of its time limit */
export function longestFirst(files: readonly string[]): readonly string[] {
  const remembered = recall();
  const expected = files.map((file) => ({
    file,
    seconds: remembered[file] ?? timeLimitSeconds(readFileSync(file, 'utf8')),
  }));
  return expected.sort((a, b) => b.seconds - a.seconds).map(({ file }) => file);
}

export function remember(reports: readonly { readonly file: string; readonly seconds: number }[]): void {
  const latest = Object.fromEntries(reports.map(({ file, seconds }) => [file, seconds]));
  mkdirSync(path.dirname(memory), { recursive: true });
  // Two runs at a time may lose each other's figures, but never leave half a file.
  const draft = `${memory}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ ...recall(), ...latest }, null, 2));
  renameSync(draft, memory);
}

function recall(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(memory, 'utf8'));
  } catch {
    // None yet, or none that can be read: nothing but the order depends on it.
    return {};
  }
}
