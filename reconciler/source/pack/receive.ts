// A pack as it comes in: its header is looked at with the first bytes, its length all the time, and its checksum at the
// end. Only then does it exist for anyone.
import { RepositoryError } from '../repository-error.ts';
import { hasRightTrailer, packCount, packHeadBytes, packTrailerBytes } from './frame.ts';
import type { PackLimits } from './limits.ts';

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
  if (hasRightTrailer(pack)) return pack;
  throw new RepositoryError('corrupt', 'the pack is cut off or was changed on its way: its checksum is another');
}

function checkCount(count: number, { maxObjects }: PackLimits): void {
  if (count <= maxObjects) return;
  throw new RepositoryError('too-many-objects', `the pack holds ${count} objects, more than ${maxObjects}`);
}
