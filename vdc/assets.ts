// Stand-ins for the files that releases.yaml pins: bytes that follow from the file's name alone, so that nothing large
// is checked in and every copy of the example site finds the same digests.
import { createCipheriv, createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Digest } from '../schema/canonical.ts';
import type { Asset, ReleasesDocument } from '../schema/types/releases.ts';

const chunkBytes = 64 * 1024;

/** A pin whose digest or size is not that of its stand-in: most likely it pins a real file. */
export class StandInMismatch extends Error {
  override readonly name = 'StandInMismatch';
  readonly code = 'STAND_IN_MISMATCH';
}

/**
 * The bytes of a stand-in, in chunks of at most 64 KiB: the AES-256-CTR key stream (NIST SP 800-38A §6.5) under the
 * SHA-256 of the name, from counter zero. A longer file of the same name begins with the shorter one.
 */
export function* standInAsset(name: string, sizeBytes: number): Generator<Buffer, void, undefined> {
  const key = createHash('sha256').update(name).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  for (let left = sizeBytes; left > 0; left -= chunkBytes) {
    yield stream.update(Buffer.alloc(Math.min(left, chunkBytes)));
  }
}

/** Name of the stand-in for a file: the path of its source, such as `/flatcar-4081.2.0/vmlinuz`. */
export function standInName(source: string): string {
  return new URL(source).pathname;
}

/** The pin of a stand-in, as releases.yaml wants it. */
export function standInPin(source: string, sizeBytes: number): Asset {
  const hash = createHash('sha256');
  for (const chunk of standInAsset(standInName(source), sizeBytes)) hash.update(chunk);
  return { source, sha256: hash.digest('hex'), sizeBytes };
}

/** Every pin of a releases document, each digest once. */
export function pinnedAssets(releases: ReleasesDocument): Asset[] {
  const pins = Object.values(releases.os).flatMap(({ kernel, initrd }) => [kernel, initrd]);
  for (const program of [releases.bootPrograms.x64, releases.bootPrograms.arm64]) if (program) pins.push(program);
  return [...new Map(pins.map((pin) => [pin.sha256, pin])).values()];
}

/**
 * Write the stand-in of each pin to `<folder>/<sha256>`. A file that is there is complete and is left alone.
 * @returns the path of each file, by digest
 * @throws {StandInMismatch} when a pin is not that of its stand-in; nothing is left of that file
 */
export async function writeStandInAssets(
  folder: string,
  pins: readonly Asset[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<Digest, string>> {
  await mkdir(folder, { recursive: true });
  const written = new Map<Digest, string>();
  for (const pin of pins) {
    const file = path.join(folder, pin.sha256);
    if (!(await exists(file))) await writeStandIn(file, pin, signal);
    written.set(pin.sha256, file);
  }
  return written;
}

/** Writes beside the file and renames at the end, so that a file under its digest is never half of it. */
async function writeStandIn(file: string, pin: Asset, signal?: AbortSignal): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  const hash = createHash('sha256');
  try {
    const handle = await open(part, 'w');
    try {
      for (const chunk of standInAsset(standInName(pin.source), pin.sizeBytes)) {
        signal?.throwIfAborted();
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    const digest = hash.digest('hex');
    if (digest !== pin.sha256) {
      throw new StandInMismatch(`${pin.source} is pinned to ${pin.sha256}, but its stand-in has ${digest}`);
    }
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
