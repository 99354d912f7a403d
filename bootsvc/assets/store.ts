// Pinned files on disk, by digest. A file gets its name only after its bytes have been checked, and is checked again
// when the service starts: what is held is what the digest says.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '../../schema/canonical.ts';

export interface HeldAsset {
  readonly path: string;
  readonly sizeBytes: number;
}

const readBytes = 1 << 20;
/** A digest, or what {@link AssetStore.add} calls a file until it has been checked. */
const ownName = /^([0-9a-f]{64}|partial-[0-9a-f-]{36})$/;

export class AssetStore {
  private readonly assets = new Map<Digest, HeldAsset>();

  private constructor(private readonly folder: string) {}

  /**
   * Open a folder, made if missing. Half-written files are removed, and so are files whose bytes have changed; what
   * else lies there is none of the store's.
   */
  static async open(folder: string, signal: AbortSignal): Promise<AssetStore> {
    await mkdir(folder, { recursive: true });
    const store = new AssetStore(folder);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const { name } = entry;
      const file = path.join(folder, name);
      if (!entry.isFile() || !ownName.test(name)) continue;
      if ((await digestOfFile(file, signal)) === name) {
        store.assets.set(name, { path: file, sizeBytes: (await stat(file)).size });
      } else await rm(file);
    }
    return store;
  }

  get(digest: Digest): HeldAsset | undefined {
    return this.assets.get(digest);
  }

  has(digest: Digest): boolean {
    return this.assets.has(digest);
  }

  /** Digests of all that is held, sorted. */
  digests(): readonly Digest[] {
    return [...this.assets.keys()].sort();
  }

  /**
   * Take in a file from a stream of its bytes.
   * @param expected digest and size that the bytes must have
   * @throws {Error} when they have not, or when the disk fails; nothing is left behind
   */
  async add(
    expected: { readonly sha256: Digest; readonly sizeBytes: number },
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const partial = path.join(this.folder, `partial-${randomUUID()}`);
    const file = await open(partial, 'wx');
    try {
      const hash = createHash('sha256');
      let size = 0;
      try {
        for await (const chunk of bytes) {
          signal.throwIfAborted();
          size += chunk.length;
          if (size > expected.sizeBytes)
            throw new Error(`has more than the ${expected.sizeBytes} bytes that are pinned`);
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const digest = hash.digest('hex');
      if (size !== expected.sizeBytes) throw new Error(`has ${size} bytes, ${expected.sizeBytes} are pinned`);
      if (digest !== expected.sha256) throw new Error(`has the digest ${digest}, ${expected.sha256} is pinned`);
      const final = path.join(this.folder, digest);
      await rename(partial, final);
      this.assets.set(digest, { path: final, sizeBytes: size });
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }
}

async function digestOfFile(file: string, signal: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: readBytes }), hash, { signal });
  return hash.digest('hex');
}
