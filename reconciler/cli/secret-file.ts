// Writes sealed files: all of it or nothing.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from './cli-error.ts';

/**
 * Put bytes into the place of a file, or make one; nobody ever reads half of it.
 * @throws {CliError} when it cannot be; the file is as it was
 */
export async function writeSealed(file: string, sealed: Uint8Array): Promise<void> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(sealed);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    // What is told is why it could not be written, not what became of the draft.
    await rm(draft, { force: true }).catch(() => undefined);
    throw new CliError(`${file} is left as it was: ${error instanceof Error ? error.message : error}`);
  }
}
