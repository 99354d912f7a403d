// The folder that everything of a demo is kept in. Each run begins with an empty one, and nothing but a folder that an
// earlier run made is ever emptied.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

export class WorkFolderError extends Error {
  readonly code = 'WORK_FOLDER';
}

const marker = '.berth-work-folder';

/**
 * Take a folder for this process, until that ends, and empty it.
 * @throws {WorkFolderError} when another run uses it, or when it holds anything that no run has made
 */
export async function takeWorkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (!(await lock(await realpath(folder)))) {
    const pid = (await readFile(path.join(folder, marker), 'utf8').catch(() => '')).trim();
    throw new WorkFolderError(`berth up runs already in ${folder}${pid === '' ? '' : `, as process ${pid}`}`);
  }
  const names = await readdir(folder);
  if (names.length > 0 && !names.includes(marker)) {
    throw new WorkFolderError(`${folder} holds files that are not of an earlier run; choose another folder by --work`);
  }
  await writeFile(path.join(folder, marker), `${process.pid}\n`);
  for (const name of names) if (name !== marker) await rm(path.join(folder, name), { recursive: true, force: true });
}

/**
 * A socket in Linux's abstract namespace (unix(7)) is the lock: of two who ask at the same time one gets it, and the
 * kernel takes it back however the holder ends.
 */
function lock(folder: string): Promise<boolean> {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  const holder = createServer((socket) => socket.destroy());
  holder.unref();
  return new Promise((resolve, reject) => {
    holder.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    holder.listen(`\0berth-up-${name}`, () => resolve(true));
  });
}
