// A pack that was received → a pack that can be read: each object is inflated, made of its delta, named and counted,
// within bounds; what it names must be there. Nothing is written here.
//
// A small pack can stand for objects without end: eight bytes of a delta copy sixteen megabytes of its base. Or for
// chains of deltas that keep each other in memory, or for names of objects that are nowhere. So every inflated byte is
// counted, and so is what is held at once.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Breath } from '../breath.ts';
import { RepositoryError } from '../repository-error.ts';
import type { ObjectType, StoredObject } from '../stored-object.ts';
import { applyDelta, deltaSizes } from './delta.ts';
import { type EntryBase, inflateEntry, makeEntry, readHeader } from './entry.ts';
import { PackFormatError } from './format-error.ts';
import { framed, packCount, packHeadBytes, packTrailerBytes } from './frame.ts';
import type { PackLimits } from './limits.ts';
import { addLinks, binary, type Links } from './links.ts';
import { makeIndex } from './pack-index.ts';

export interface IndexedPack {
  /** Complete: what its deltas are made of is in it, too. */
  readonly pack: Buffer;
  readonly index: Buffer;
}

export interface IndexContext {
  readonly limits: PackLimits;
  readonly signal: AbortSignal;
  /** What is stored already, by the 20 bytes of its name. */
  has(oid: Uint8Array): boolean;
  /** Null where it is not stored, or damaged. */
  read(oid: Uint8Array): StoredObject | null;
}

/** Objects that a pack names are neither in it nor here. Either the sender left them out, or what is here is damaged. */
export class IncompletePack extends RepositoryError {}

/** @throws {RepositoryError} `corrupt`, `shallow`, `too-large` or `too-many-objects`; or the signal's reason */
export async function indexPack(pack: Buffer, context: IndexContext): Promise<IndexedPack> {
  try {
    return await new Indexer(pack, context).run();
  } catch (error) {
    if (!(error instanceof PackFormatError)) throw error;
    throw new RepositoryError('corrupt', `the pack is damaged: ${error.message}`, { cause: error });
  }
}

interface Entry {
  readonly offset: number;
  readonly crc: number;
  readonly bodyStart: number;
  readonly end: number;
  readonly sizeBytes: number;
  readonly base: EntryBase;
  /** Null until its object is known. */
  oid: Buffer | null;
}

/** One that others are made of, while they are. */
interface Frame {
  readonly object: StoredObject;
  /** How many deltas it takes to make it. */
  readonly depth: number;
  readonly children: Entry[];
}

/** No header, no compressed stream is shorter. */
const minEntryBytes = 9;
const maxDepth = 1000;
/** Of what others are made of, held at once: so many of the largest objects that are allowed. */
const maxHeldObjects = 4;

class Indexer {
  private readonly entries: Entry[] = [];
  private readonly appended: Buffer[] = [];
  /** Deltas that wait for what they are made of. */
  private readonly byOffset = new Map<number, Entry[]>();
  private readonly byName = new Map<string, Entry[]>();
  private readonly links: Links = { parents: new Set(), parts: new Set() };
  private inflatedBytes = 0;
  private readonly breath = new Breath();
  private end: number;

  constructor(
    private readonly pack: Buffer,
    private readonly context: IndexContext,
  ) {
    this.end = pack.length - packTrailerBytes;
  }

  async run(): Promise<IndexedPack> {
    await this.scan();
    for (const entry of [...this.entries]) {
      if (entry.base.kind === 'none' && this.isBase(entry)) await this.resolve(entry, this.inflate(entry));
    }
    await this.completeFromStore();
    if (this.entries.some(({ oid }) => oid === null)) throw new PackFormatError('the base of a delta is not in it');
    this.checkLinks();
    return this.result();
  }

  /** Find where each entry begins and ends: only inflating it tells. */
  private async scan(): Promise<void> {
    const count = packCount(this.pack);
    if (count * minEntryBytes > this.pack.length) throw new PackFormatError('it is shorter than its objects');
    const body = this.pack.subarray(0, this.end);
    let offset = packHeadBytes;
    for (let number = 0; number < count; number += 1) {
      const { base, sizeBytes, length } = readHeader(body, offset, offset);
      const bodyStart = offset + length;
      this.count(sizeBytes);
      const { bytes, takenBytes } = inflateEntry(body.subarray(bodyStart), sizeBytes);
      const end = bodyStart + takenBytes;
      const entry: Entry = {
        offset,
        bodyStart,
        end,
        sizeBytes,
        base,
        crc: crc32(body.subarray(offset, end)),
        oid: null,
      };
      this.entries.push(entry);
      if (base.kind === 'none') this.name(entry, { type: base.type, bytes });
      else if (base.kind === 'offset') wait(this.byOffset, base.offset, entry);
      else wait(this.byName, binary(base.oid), entry);
      offset = end;
      await this.giveTurn();
    }
    if (offset !== this.end) throw new PackFormatError('more follows its last object');
  }

  /** Make all that is made of an object, directly or not. */
  private async resolve(root: Entry, object: StoredObject): Promise<void> {
    const frames: Frame[] = [{ object, depth: 0, children: this.takeChildren(root) }];
    let heldBytes = object.bytes.length;
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const child = frame.children.pop();
      // With its last child on the way, an object is no longer needed.
      if (frame.children.length === 0) {
        frames.pop();
        heldBytes -= frame.object.bytes.length;
      }
      if (!child) continue;
      const made = this.make(child, frame.object);
      heldBytes += made.bytes.length;
      const depth = frame.depth + 1;
      if (depth > maxDepth || heldBytes > maxHeldObjects * this.context.limits.maxObjectBytes) {
        throw new RepositoryError('too-large', 'objects of the pack are made of each other in too many steps');
      }
      frames.push({ object: made, depth, children: this.takeChildren(child) });
      await this.giveTurn();
    }
  }

  private make(entry: Entry, base: StoredObject): StoredObject {
    const delta = this.inflateBytes(entry);
    const { result } = deltaSizes(delta);
    this.count(result);
    const object = { type: base.type, bytes: applyDelta(base.bytes, delta) };
    this.name(entry, object);
    return object;
  }

  /** A sender that knows what is here may leave out what its deltas are made of; it is put to the end (thin packs). */
  private async completeFromStore(): Promise<void> {
    for (const name of [...this.byName.keys()]) {
      if (!this.byName.has(name)) continue;
      const oid = Buffer.from(name, 'latin1');
      const object = this.context.read(oid);
      if (!object) {
        throw new IncompletePack('corrupt', `the pack is made of ${oid.toString('hex')}, which cannot be read here`);
      }
      this.count(object.bytes.length);
      const bytes = makeEntry(object);
      const [offset, end] = [this.end, this.end + bytes.length];
      const base: EntryBase = { kind: 'none', type: object.type };
      const sizeBytes = object.bytes.length;
      const entry: Entry = { offset, bodyStart: offset, end, sizeBytes, base, crc: crc32(bytes), oid };
      this.entries.push(entry);
      this.appended.push(bytes);
      this.end = end;
      await this.resolve(entry, object);
    }
  }

  private checkLinks(): void {
    const present = new Set(this.entries.map(({ oid }) => oid?.toString('latin1')));
    const missing = (name: string): boolean => !present.has(name) && !this.context.has(Buffer.from(name, 'latin1'));
    const hex = (name: string): string => Buffer.from(name, 'latin1').toString('hex');
    for (const name of this.links.parents) {
      if (!missing(name)) continue;
      throw new IncompletePack('shallow', `the history that is sent is cut off: commit ${hex(name)} is left out`);
    }
    for (const name of this.links.parts) {
      if (missing(name)) throw new IncompletePack('corrupt', `the pack names object ${hex(name)}, which is left out`);
    }
  }

  private result(): IndexedPack {
    const { entries, appended, pack } = this;
    const known = entries.flatMap(({ oid, offset, crc }) => (oid ? [{ oid, offset, crc }] : []));
    if (appended.length === 0) return { pack, index: makeIndex(known, pack.subarray(-packTrailerBytes)) };
    const completed = framed(entries.length, [pack.subarray(packHeadBytes, -packTrailerBytes), ...appended]);
    return { pack: completed, index: makeIndex(known, completed.subarray(-packTrailerBytes)) };
  }

  private inflate(entry: Entry): StoredObject {
    return { type: entry.base.kind === 'none' ? entry.base.type : 'blob', bytes: this.inflateBytes(entry) };
  }

  private inflateBytes({ bodyStart, end, sizeBytes }: Entry): Buffer {
    return inflateEntry(this.pack.subarray(bodyStart, end), sizeBytes).bytes;
  }

  private name(entry: Entry, object: StoredObject): void {
    entry.oid = nameOf(object.type, object.bytes);
    addLinks(object, this.links);
    const { parents, parts } = this.links;
    const { maxLinks } = this.context.limits;
    if (parents.size + parts.size > maxLinks) {
      throw new RepositoryError('too-many-objects', `the objects of the pack name more than ${maxLinks} others`);
    }
  }

  private isBase({ offset, oid }: Entry): boolean {
    return this.byOffset.has(offset) || (oid !== null && this.byName.has(oid.toString('latin1')));
  }

  private takeChildren({ offset, oid }: Entry): Entry[] {
    const name = oid?.toString('latin1') ?? '';
    const children = [...(this.byOffset.get(offset) ?? []), ...(this.byName.get(name) ?? [])];
    this.byOffset.delete(offset);
    this.byName.delete(name);
    return children;
  }

  private count(sizeBytes: number): void {
    const { maxObjectBytes, maxInflatedBytes } = this.context.limits;
    if (sizeBytes > maxObjectBytes) {
      throw new RepositoryError('too-large', `the pack holds an object of more than ${maxObjectBytes} bytes`);
    }
    this.inflatedBytes += sizeBytes;
    if (this.inflatedBytes > maxInflatedBytes) {
      throw new RepositoryError('too-large', `inflated, the pack has more than ${maxInflatedBytes} bytes`);
    }
  }

  /** A large pack takes seconds. */
  private async giveTurn(): Promise<void> {
    await this.breath.take();
    this.context.signal.throwIfAborted();
  }
}

function nameOf(type: ObjectType, bytes: Uint8Array): Buffer {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest();
}

function wait<K>(waiting: Map<K, Entry[]>, key: K, entry: Entry): void {
  const others = waiting.get(key);
  if (others) others.push(entry);
  else waiting.set(key, [entry]);
}
