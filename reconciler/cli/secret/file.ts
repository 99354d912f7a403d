// Writes sealed files: all of it or nothing.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliError } from '../cli-error.ts';

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

/**
 * The same for what somebody has written just now: when it cannot be put into its place, it is put into another one,
 * sealed as it is, and the error says where.
 * @throws {CliError}
 */
export async function writeSealedOrKeep(file: string, sealed: Uint8Array): Promise<void> {
  try {
    await writeSealed(file, sealed);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const kept = await keep(path.basename(file), sealed);
    throw new CliError(`${error.message}; what you have written lies sealed in ${kept}`, { cause: error });
  }
}

/** @returns where the bytes are; when nothing can be written anywhere, they themselves */
async function keep(name: string, sealed: Uint8Array): Promise<string> {
  for (const base of new Set([tmpdir(), '/dev/shm'])) {
    const folder = await mkdtemp(path.join(base, 'berth-sealed-')).catch(() => null);
    if (folder === null) continue;
    try {
      await writeFile(path.join(folder, name), sealed, { flag: 'wx', flush: true });
      return path.join(folder, name);
    } catch {
      // There may be room in the next one.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return `base64 here, for nothing can be written anywhere: ${Buffer.from(sealed).toString('base64')}`;
}
