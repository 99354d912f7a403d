// A pack on disk with its index, as Git or we have written them. Nothing that is read here is believed: whoever asks
// for an object checks its name against its content.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { ObjectCache } from '../object-cache.ts';
import type { StoredObject } from '../stored-object.ts';
import { applyDelta } from './delta.ts';
import { type EntryBase, inflateEntry, readHeader } from './entry.ts';
import { PackFormatError } from './format-error.ts';
import { packTrailerBytes } from './frame.ts';
import { PackIndex } from './pack-index.ts';

/** Git makes no longer chains of deltas either. */
const maxDepth = 4096;

export class StoredPack {
  readonly index: PackIndex;
  private offsets: Float64Array | null = null;
  private file: { readonly descriptor: number; readonly sizeBytes: number } | null = null;

  /**
   * @param path of the pack, without `.pack` and `.idx`
   * @param cache of objects of any pack that others are made of, by pack and offset
   * @throws {PackFormatError} or the system's error
   */
  constructor(
    readonly path: string,
    private readonly cache: ObjectCache,
  ) {
    this.index = new PackIndex(readFileSync(`${path}.idx`));
  }

  /** The object that begins there. @throws {PackFormatError} or the system's error */
  read(offset: number): StoredObject {
    const deltas: { readonly bytes: Buffer; readonly offset: number }[] = [];
    let at = offset;
    let object = this.cache.get(this.key(at));
    while (!object) {
      const { base, bytes } = this.entry(at);
      if (base.kind === 'none') {
        object = { type: base.type, bytes };
        this.cache.set(this.key(at), object);
        break;
      }
      deltas.push({ bytes, offset: at });
      if (deltas.length > maxDepth) throw new PackFormatError('a chain of deltas is too long');
      at = base.kind === 'offset' ? base.offset : this.offsetOf(base.oid);
      object = this.cache.get(this.key(at));
    }
    for (const delta of deltas.reverse()) {
      object = { type: object.type, bytes: applyDelta(object.bytes, delta.bytes) };
      this.cache.set(this.key(delta.offset), object);
    }
    return object;
  }

  close(): void {
    if (this.file) closeSync(this.file.descriptor);
    this.file = null;
  }

  private key(offset: number): string {
    return `${this.path} ${offset}`;
  }

  private offsetOf(oid: string): number {
    const offset = this.index.find(Buffer.from(oid, 'hex'));
    if (offset === null) throw new PackFormatError(`the base ${oid} of a delta is not in the pack`);
    return offset;
  }

  private entry(offset: number): { readonly base: EntryBase; readonly bytes: Buffer } {
    const stored = this.stored(offset);
    const { base, sizeBytes, length } = readHeader(stored, 0, offset);
    return { base, bytes: inflateEntry(stored.subarray(length), sizeBytes).bytes };
  }

  /** The bytes from where an entry begins to where the next one does. */
  private stored(offset: number): Buffer {
    this.file ??= openPack(`${this.path}.pack`);
    this.offsets ??= this.index.sortedOffsets();
    const { descriptor, sizeBytes } = this.file;
    const end = Math.min(after(this.offsets, offset) ?? Number.POSITIVE_INFINITY, sizeBytes - packTrailerBytes);
    if (end <= offset) throw new PackFormatError('the pack is cut off');
    const bytes = Buffer.allocUnsafe(end - offset);
    const read = readSync(descriptor, bytes, 0, bytes.length, offset);
    return bytes.subarray(0, read);
  }
}

function openPack(file: string): { readonly descriptor: number; readonly sizeBytes: number } {
  const descriptor = openSync(file, 'r');
  return { descriptor, sizeBytes: fstatSync(descriptor).size };
}

/** The first of the sorted offsets that is greater. */
function after(offsets: Float64Array, offset: number): number | undefined {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return offsets[low];
}
