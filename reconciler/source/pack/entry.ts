// One entry of a pack: a header of a few bytes, and the object or a delta of it, compressed (gitformat-pack(5)).
import { deflateSync, inflateSync } from 'node:zlib';
import type { Oid } from '../commit.ts';
import type { ObjectType, StoredObject } from '../stored-object.ts';
import { PackFormatError } from './format-error.ts';

/** What an entry is made of: nothing, an entry that begins further up in the same pack, or an object by its name. */
export type EntryBase =
  | { readonly kind: 'none'; readonly type: ObjectType }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'object'; readonly oid: Oid };

export interface EntryHeader {
  readonly base: EntryBase;
  /** Of what follows, when it is inflated: the object, or the delta. */
  readonly sizeBytes: number;
  /** Where the compressed bytes begin, counted from where the entry does. */
  readonly length: number;
}

const types: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];
const offsetDelta = 6;
const objectDelta = 7;

/**
 * @param offset where the entry stands in its pack
 * @throws {PackFormatError}
 */
export function readHeader(bytes: Uint8Array, at: number, offset: number): EntryHeader {
  let next = byte(bytes, at);
  let end = at + 1;
  const type = (next >> 4) & 7;
  let sizeBytes = next & 15;
  for (let shift = 4; next & 0x80; shift += 7) {
    if (shift > 46) throw new PackFormatError('the size of an object is out of bounds');
    next = byte(bytes, end++);
    sizeBytes += (next & 0x7f) * 2 ** shift;
  }
  const plain = types[type];
  if (plain) return { base: { kind: 'none', type: plain }, sizeBytes, length: end - at };
  if (type === objectDelta) {
    if (end + 20 > bytes.length) throw new PackFormatError('the pack is cut off');
    const oid = Buffer.from(bytes.buffer, bytes.byteOffset + end, 20).toString('hex');
    return { base: { kind: 'object', oid }, sizeBytes, length: end + 20 - at };
  }
  if (type !== offsetDelta) throw new PackFormatError(`there is no object of type ${type}`);
  next = byte(bytes, end++);
  let distance = next & 0x7f;
  while (next & 0x80) {
    next = byte(bytes, end++);
    distance = (distance + 1) * 128 + (next & 0x7f);
    if (distance > offset) break;
  }
  if (distance === 0 || distance > offset) throw new PackFormatError('the base of a delta is not in the pack');
  return { base: { kind: 'offset', offset: offset - distance }, sizeBytes, length: end - at };
}

/** @returns the inflated bytes, and how many compressed ones they take. @throws {PackFormatError} */
export function inflateEntry(
  compressed: Uint8Array,
  sizeBytes: number,
): { readonly bytes: Buffer; readonly takenBytes: number } {
  // zlib wants at least 64 bytes to write to, and one to see that nothing follows.
  const chunkSize = Math.min(Math.max(64, sizeBytes + 1), 1 << 20);
  const inflated = inflate(compressed, { chunkSize, maxOutputLength: Math.max(1, sizeBytes), info: true });
  if (inflated.buffer.length !== sizeBytes) throw new PackFormatError('an object is shorter than the pack says');
  return { bytes: inflated.buffer, takenBytes: inflated.engine.bytesWritten };
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflate(
  compressed: Uint8Array,
  options: { chunkSize: number; maxOutputLength: number; info: true },
): Inflated {
  try {
    // With `info` zlib also tells how far it has read, which its types leave out.
    return inflateSync(compressed, options) as unknown as Inflated;
  } catch (error) {
    throw new PackFormatError('an object in the pack cannot be inflated', { cause: error });
  }
}

/** An object as an entry of its own. */
export function makeEntry({ type, bytes }: StoredObject): Buffer {
  const header: number[] = [];
  let rest = Math.floor(bytes.length / 16);
  header.push((types.indexOf(type) << 4) | (bytes.length & 15) | (rest > 0 ? 0x80 : 0));
  while (rest > 0) {
    const low = rest & 0x7f;
    rest = Math.floor(rest / 128);
    header.push(low | (rest > 0 ? 0x80 : 0));
  }
  return Buffer.concat([Buffer.from(header), deflateSync(bytes)]);
}

function byte(bytes: Uint8Array, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new PackFormatError('the pack is cut off');
  return value;
}
