// The folder that everything of a demo is kept in. Each run begins with an empty one, and nothing but a folder that an
// earlier run made is ever emptied.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

export class WorkFolderError extends Error {
  readonly code = 'WORK_FOLDER';
}

const marker = '.berth-work-folder';

/** @throws {WorkFolderError} when another run uses the folder, or when it holds anything else */
export async function prepareWorkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  if (names.length > 0 && !names.includes(marker)) {
    throw new WorkFolderError(`${folder} holds files that are not of an earlier run; choose another folder by --work`);
  }
  if (names.includes(marker)) {
    const [pid = '', started = ''] = (await readFile(path.join(folder, marker), 'utf8')).trim().split(' ');
    if (started !== '' && (await startTime(Number(pid))) === started) {
      throw new WorkFolderError(`berth up runs already in ${folder}, as process ${pid}`);
    }
  }
  await writeFile(path.join(folder, marker), `${process.pid} ${(await startTime(process.pid)) ?? ''}\n`);
  for (const name of names) if (name !== marker) await rm(path.join(folder, name), { recursive: true, force: true });
}

/** When a process began, in the kernel's ticks (proc(5), field 22 of stat); null when there is no such process. */
async function startTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
