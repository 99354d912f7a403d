// What stands around the entries of a pack: how many they are in front, and a checksum at the end (gitformat-pack(5)).
import { createHash } from 'node:crypto';
import { RepositoryError } from '../repository-error.ts';

export const packHeadBytes = 12;
export const packTrailerBytes = 20;

/** The number of objects that a pack says to hold. @throws {RepositoryError} `corrupt` */
export function packCount(head: Buffer): number {
  const version = head.readUInt32BE(4);
  if (head.toString('latin1', 0, 4) !== 'PACK' || (version !== 2 && version !== 3)) {
    throw new RepositoryError('corrupt', 'what was sent is no pack');
  }
  return head.readUInt32BE(8);
}

/** Whether the checksum at the end of a pack is that of the bytes in front of it. */
export function hasRightTrailer(pack: Buffer): boolean {
  const sum = createHash('sha1').update(pack.subarray(0, -packTrailerBytes)).digest();
  return sum.equals(pack.subarray(-packTrailerBytes));
}

/**
 * Make a pack, copying its entries only once: they may be as large as memory allows.
 * @param entries `count` of them, cut anywhere
 */
export function framed(count: number, entries: readonly Uint8Array[]): Buffer {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(count, 8);
  const sum = createHash('sha1').update(head);
  for (const bytes of entries) sum.update(bytes);
  return Buffer.concat([head, ...entries, sum.digest()]);
}
