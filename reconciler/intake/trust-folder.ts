// The folder in which a boot server remembers by itself whom to believe: <data>/trust/. Each file is replaced as a whole,
// and checked whenever it is read.
import { chown, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Shape } from '../../schema/state/shape.ts';
import {
  type AcceptedRecord,
  type AnchorRecord,
  type IntroductionRecord,
  type RevokedRecord,
  trustFiles,
} from './trust-records.ts';

/** All that is remembered. */
export interface TrustMemory {
  readonly introduction: IntroductionRecord | null;
  readonly accepted: AcceptedRecord | null;
  /** Oldest first: the last one counts. */
  readonly anchors: readonly AnchorRecord[];
  readonly revoked: readonly RevokedRecord[];
}

type TrustFileName = keyof typeof trustFiles;

/** A file of the folder cannot be relied on, or not be written. To begin anew would be to forget what to refuse. */
export class TrustFolderError extends Error {
  readonly code = 'trust-folder';
  override readonly name = 'TrustFolderError';
}

export class TrustFolder {
  readonly folder: string;
  readonly #data: string;

  /** @param data folder of what the server remembers by itself */
  constructor(data: string) {
    this.#data = data;
    this.folder = path.join(data, 'trust');
  }

  /** @throws {TrustFolderError} when a file is there and cannot be read, or holds something else than it should */
  async read(): Promise<TrustMemory> {
    const introduction = await this.#read('introduction', trustFiles.introduction);
    const accepted = await this.#read('accepted', trustFiles.accepted);
    const anchors = await this.#read('anchors', trustFiles.anchors);
    const revoked = await this.#read('revoked', trustFiles.revoked);
    return { introduction, accepted, anchors: anchors ?? [], revoked: revoked ?? [] };
  }

  writeIntroduction(introduction: IntroductionRecord): Promise<void> {
    return this.#write('introduction', introduction);
  }

  writeAccepted(accepted: AcceptedRecord): Promise<void> {
    return this.#write('accepted', accepted);
  }

  writeAnchors(anchors: readonly AnchorRecord[]): Promise<void> {
    return this.#write('anchors', anchors);
  }

  writeRevoked(revoked: readonly RevokedRecord[]): Promise<void> {
    return this.#write('revoked', revoked);
  }

  async #read<T>(name: TrustFileName, shape: Shape<T>): Promise<T | null> {
    const file = this.#path(name);
    try {
      return shape(JSON.parse(await readFile(file, 'utf8')), 'it');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      const why = error instanceof Error ? error.message : String(error);
      const message = `${file} cannot be relied on: ${why}; put it back from a backup, or ask a colleague what it held`;
      throw new TrustFolderError(message, { cause: error });
    }
  }

  /** Whoever reads sees the file as it was or as it will be. Whoever can read the data folder's files can read it. */
  async #write(name: TrustFileName, value: unknown): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await this.#giveToOwner(this.folder);
      const partial = `${this.#path(name)}.partial`;
      const file = await open(partial, 'w', 0o600);
      try {
        await file.chmod(0o600);
        await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#giveToOwner(partial);
      await rename(partial, this.#path(name));
      await syncFolder(this.folder);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TrustFolderError(`${this.#path(name)} cannot be written: ${why}`, { cause: error });
    }
  }

  /** What root writes at a command must not be closed to the agent, which need not be root. */
  async #giveToOwner(file: string): Promise<void> {
    if (process.getuid?.() !== 0) return;
    const { uid, gid } = await stat(this.#data);
    await chown(file, uid, gid);
  }

  #path(name: TrustFileName): string {
    return path.join(this.folder, `${name}.json`);
  }
}

/** Only then does a file that was renamed have its new name after a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
