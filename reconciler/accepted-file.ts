// The newest commit that this boot server has accepted, kept on its own disk: should etcd be lost or wound back, no
// older history is taken for new.
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Oid } from './source/commit.ts';

export interface Accepted {
  readonly commit: Oid;
  /** Who signed it, where that was known. */
  readonly signer: string | null;
}

export class AcceptedFile {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'accepted-commit');
  }

  /** @throws {Error} when the file is there and holds no commit: better to stop than to begin anew */
  async read(): Promise<Accepted | null> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
    const [, commit, signer] = /^([0-9a-f]{40})(?: ([^\n]+))?\n?$/.exec(text) ?? [];
    if (commit === undefined) throw new Error(`${this.#file} holds no commit id`);
    return { commit, signer: signer ?? null };
  }

  async write({ commit, signer }: Accepted): Promise<void> {
    await mkdir(path.dirname(this.#file), { recursive: true });
    const file = await open(`${this.#file}.partial`, 'w');
    try {
      await file.writeFile(signer === null ? `${commit}\n` : `${commit} ${signer.replaceAll('\n', ' ')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#file}.partial`, this.#file);
  }
}
