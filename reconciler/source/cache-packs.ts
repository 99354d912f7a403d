// What a run keeps is found at once and written at its end, and what is much goes into few files: the time that an
// entry takes is that of opening its file.
import { createHash } from 'node:crypto';
import type { DiskCache } from './disk-cache.ts';

/** Makes the content of an entry when it is written. */
export type EntryContent = () => string | Uint8Array;

/** As the list of a kind's packs is kept, those that were of use last first. */
type PackList = readonly (readonly [name: string, keys: readonly string[]])[];

/** So many new entries of a kind share files; fewer have a file each. */
const worthPacking = 8;
/** A pack begins anew when it has so many bytes. */
const packBytes = 4 << 20;
/** Of a kind: those that were of use longest ago are forgotten, and removed by and by. */
const maxPacks = 64;

export class CachePacks {
  readonly #disk: DiskCache;
  readonly #kinds = new Map<string, KindPacks>();

  constructor(disk: DiskCache) {
    this.#disk = disk;
  }

  /** What was kept last under a key, in this run or before; null when there is nothing that can be trusted. */
  get(kind: string, key: string): Buffer | null {
    return this.#packsOf(kind).get(key);
  }

  /** Keep something under a key; on disk after {@link flush}. */
  set(kind: string, key: string, content: EntryContent): void {
    this.#packsOf(kind).unwritten.set(key, content);
  }

  /** Write what is not on disk yet. */
  flush(): void {
    for (const packs of this.#kinds.values()) packs.flush();
  }

  #packsOf(kind: string): KindPacks {
    let packs = this.#kinds.get(kind);
    if (!packs) {
      packs = new KindPacks(this.#disk, kind);
      this.#kinds.set(kind, packs);
    }
    return packs;
  }
}

/** Entries of one kind. */
class KindPacks {
  readonly unwritten = new Map<string, EntryContent>();
  readonly #packs = new Map<string, ReadonlyMap<string, Buffer>>();
  /** The pack of each key. */
  #packOf: ReadonlyMap<string, string> | undefined;

  constructor(
    private readonly disk: DiskCache,
    private readonly kind: string,
  ) {}

  get(key: string): Buffer | null {
    const content = this.unwritten.get(key)?.();
    if (content !== undefined) return asBuffer(content);
    this.#packOf ??= new Map([...this.#list()].reverse().flatMap(([name, keys]) => keys.map((key) => [key, name])));
    const name = this.#packOf.get(key);
    return (name === undefined ? undefined : this.#pack(name).get(key)) ?? this.disk.get(this.kind, key);
  }

  flush(): void {
    const entries = [...this.unwritten].map(([key, content]) => [key, asBuffer(content())] as const);
    this.unwritten.clear();
    if (entries.length < worthPacking) {
      for (const [key, content] of entries) this.disk.set(this.kind, key, content);
      return;
    }
    const made = split(entries).map((pack) => this.#write(pack));
    const isMade = new Set(made.map(([name]) => name));
    // Other processes may have added some meanwhile. What two of them add at the same time, one of them adds in vain.
    const others = this.#list().filter(([name]) => !isMade.has(name));
    const used = others.filter(([name]) => this.#packs.has(name));
    const unused = others.filter(([name]) => !this.#packs.has(name));
    this.disk.set('packs', this.kind, JSON.stringify([...made, ...used, ...unused].slice(0, maxPacks)));
  }

  #write(entries: readonly Entry[]): PackList[number] {
    const keys = entries.map(([key]) => key);
    const name = createHash('sha256').update(JSON.stringify(keys)).digest('hex');
    const sizes = `${JSON.stringify(entries.map(([key, { length }]) => [key, length]))}\n`;
    const content = Buffer.concat([Buffer.from(sizes), ...entries.map(([, bytes]) => bytes)]);
    this.disk.set('pack', `${this.kind} ${name}`, content);
    return [name, keys];
  }

  #list(): PackList {
    const kept = this.disk.get('packs', this.kind);
    return kept ? (JSON.parse(kept.toString()) as PackList) : [];
  }

  #pack(name: string): ReadonlyMap<string, Buffer> {
    let pack = this.#packs.get(name);
    if (!pack) {
      pack = entriesOf(this.disk.get('pack', `${this.kind} ${name}`));
      this.#packs.set(name, pack);
    }
    return pack;
  }
}

type Entry = readonly [key: string, content: Buffer];

function asBuffer(content: string | Uint8Array): Buffer {
  if (typeof content === 'string') return Buffer.from(content);
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

function split(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const packs: Entry[][] = [];
  let sizeBytes = packBytes;
  for (const entry of entries) {
    if (sizeBytes >= packBytes) {
      packs.push([]);
      sizeBytes = 0;
    }
    packs.at(-1)?.push(entry);
    sizeBytes += entry[1].length;
  }
  return packs;
}

function entriesOf(pack: Buffer | null): ReadonlyMap<string, Buffer> {
  const entries = new Map<string, Buffer>();
  if (!pack) return entries;
  let start = pack.indexOf('\n') + 1;
  for (const [key, length] of JSON.parse(pack.toString('utf8', 0, start)) as readonly [string, number][]) {
    entries.set(key, pack.subarray(start, start + length));
    start += length;
  }
  return entries;
}
