// A pack as it comes in: its header is looked at with the first bytes, its length all the time, and its checksum at the
// end. Only then does it exist for anyone.
import { createHash } from 'node:crypto';
import { RepositoryError } from '../repository-error.ts';
import type { PackLimits } from './limits.ts';

export const packHeadBytes = 12;
export const packTrailerBytes = 20;

/**
 * Read a pack to its end.
 * @throws {RepositoryError} `too-large`, `too-many-objects` or `corrupt`
 */
export async function receivePack(chunks: AsyncIterable<Uint8Array>, limits: PackLimits): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limits.maxPackBytes) {
      throw new RepositoryError('too-large', `the pack has more than ${limits.maxPackBytes} bytes`);
    }
    pieces.push(chunk);
    if (head.length === packHeadBytes) continue;
    head = Buffer.concat([head, chunk]).subarray(0, packHeadBytes);
    if (head.length === packHeadBytes) checkCount(packCount(head), limits);
  }
  const pack = Buffer.concat(pieces, length);
  if (length < packHeadBytes + packTrailerBytes) throw new RepositoryError('corrupt', 'the pack is cut off');
  const sum = createHash('sha1').update(pack.subarray(0, -packTrailerBytes)).digest();
  if (!sum.equals(pack.subarray(-packTrailerBytes))) {
    throw new RepositoryError('corrupt', 'the pack is cut off or was changed on its way: its checksum is another');
  }
  return pack;
}

/** The number of objects that a pack says to hold. @throws {RepositoryError} `corrupt` */
export function packCount(head: Buffer): number {
  const version = head.readUInt32BE(4);
  if (head.toString('latin1', 0, 4) !== 'PACK' || (version !== 2 && version !== 3)) {
    throw new RepositoryError('corrupt', 'what was sent is no pack');
  }
  return head.readUInt32BE(8);
}

function checkCount(count: number, { maxObjects }: PackLimits): void {
  if (count <= maxObjects) return;
  throw new RepositoryError('too-many-objects', `the pack holds ${count} objects, more than ${maxObjects}`);
}
