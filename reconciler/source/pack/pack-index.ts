// The index of a pack, version 2: where in the pack each object stands (gitformat-pack(5)).
import { createHash } from 'node:crypto';
import { PackFormatError } from './format-error.ts';

export interface IndexEntry {
  /** 20 bytes. */
  readonly oid: Uint8Array;
  readonly offset: number;
  /** Of the entry as it stands in the pack, header included. */
  readonly crc: number;
}

const signature = 0xff744f63;
const headBytes = 8;
const fanOutBytes = 256 * 4;
const namesStart = headBytes + fanOutBytes;
const trailerBytes = 40;
/** An offset of the small table with this bit is the number of one in the table of large ones. */
const largeOffset = 0x80000000;

export class PackIndex {
  readonly count: number;

  /** @throws {PackFormatError} */
  constructor(private readonly bytes: Buffer) {
    if (
      bytes.length < namesStart + trailerBytes ||
      bytes.readUInt32BE(0) !== signature ||
      bytes.readUInt32BE(4) !== 2
    ) {
      throw new PackFormatError('this is no pack index of version 2');
    }
    let count = 0;
    for (let first = 0; first < 256; first += 1) {
      const upTo = bytes.readUInt32BE(headBytes + first * 4);
      if (upTo < count) throw new PackFormatError('the pack index is out of order');
      count = upTo;
    }
    this.count = count;
    const large = bytes.length - (namesStart + count * 28 + trailerBytes);
    if (large < 0 || large % 8 !== 0) throw new PackFormatError('the pack index is cut off');
  }

  /** Where an object stands, by the 20 bytes of its name. */
  find(oid: Uint8Array): number | null {
    const first = oid[0] ?? 0;
    let low = first === 0 ? 0 : this.bytes.readUInt32BE(headBytes + (first - 1) * 4);
    let high = this.bytes.readUInt32BE(headBytes + first * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = namesStart + middle * 20;
      const order = this.bytes.compare(oid, 0, 20, at, at + 20);
      if (order === 0) return this.offset(middle);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return null;
  }

  /** Where all objects begin, in the order of the pack. */
  sortedOffsets(): Float64Array {
    return Float64Array.from({ length: this.count }, (_, number) => this.offset(number)).sort();
  }

  /** In the order of their names. */
  *entries(): Generator<IndexEntry> {
    for (let number = 0; number < this.count; number += 1) {
      const at = namesStart + number * 20;
      const crc = this.bytes.readUInt32BE(namesStart + this.count * 20 + number * 4);
      yield { oid: this.bytes.subarray(at, at + 20), offset: this.offset(number), crc };
    }
  }

  private offset(number: number): number {
    const offset = this.bytes.readUInt32BE(namesStart + this.count * 24 + number * 4);
    if (offset < largeOffset) return offset;
    const at = namesStart + this.count * 28 + (offset - largeOffset) * 8;
    if (at + 8 > this.bytes.length - trailerBytes) throw new PackFormatError('the pack index is cut off');
    return Number(this.bytes.readBigUInt64BE(at));
  }
}

/**
 * The index of a pack of less than 2 GiB.
 * @param entries in any order
 * @param packTrailer the last 20 bytes of the pack
 */
export function makeIndex(entries: readonly IndexEntry[], packTrailer: Uint8Array): Buffer {
  const sorted = [...entries].sort(({ oid: a }, { oid: b }) => Buffer.compare(a, b));
  const bytes = Buffer.alloc(namesStart + sorted.length * 28 + trailerBytes);
  bytes.writeUInt32BE(signature, 0);
  bytes.writeUInt32BE(2, 4);
  const counts = new Uint32Array(256);
  for (const [number, { oid, crc, offset }] of sorted.entries()) {
    bytes.set(oid, namesStart + number * 20);
    bytes.writeUInt32BE(crc, namesStart + sorted.length * 20 + number * 4);
    bytes.writeUInt32BE(offset, namesStart + sorted.length * 24 + number * 4);
    const first = oid[0] ?? 0;
    counts[first] = (counts[first] ?? 0) + 1;
  }
  let upTo = 0;
  for (const [first, count] of counts.entries()) {
    upTo += count;
    bytes.writeUInt32BE(upTo, headBytes + first * 4);
  }
  bytes.set(packTrailer, bytes.length - trailerBytes);
  createHash('sha1')
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20);
  return bytes;
}
