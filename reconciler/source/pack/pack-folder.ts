// The packs of a repository on disk, `objects/pack`: reads from whichever has an object, and adds to them.
import { readdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ObjectCache } from '../object-cache.ts';
import type { StoredObject } from '../stored-object.ts';
import { packTrailerBytes } from './frame.ts';
import type { IndexedPack } from './indexer.ts';
import { mergePacks } from './merge.ts';
import { StoredPack } from './stored-pack.ts';

/** Of objects that others are made of. */
const cacheBytes = 32 << 20;
/** As much as is put into one pack. */
const maxMergedBytes = 1 << 30;

export class PackFolder {
  private packs: StoredPack[] = [];
  private listedAt: bigint | null = null;
  private readonly cache = new ObjectCache(cacheBytes);

  constructor(private readonly folder: string) {}

  /** Whether one of the packs lists the object, by the 20 bytes of its name. It may be damaged there. */
  has(oid: Uint8Array): boolean {
    return this.find(oid) !== null;
  }

  /** Null where none has it. @throws {PackFormatError} or the system's error */
  read(oid: Uint8Array): StoredObject | null {
    const found = this.find(oid);
    return found ? found.pack.read(found.offset) : null;
  }

  get count(): number {
    this.list();
    return this.packs.length;
  }

  /** Write a pack. Nothing of it is seen, and nothing is left of it, unless all of it was written. */
  async add({ pack, index }: IndexedPack): Promise<void> {
    const name = `pack-${pack.subarray(-packTrailerBytes).toString('hex')}`;
    const incoming = path.join(this.folder, 'incoming');
    await mkdir(this.folder, { recursive: true });
    try {
      await writeFile(`${incoming}.pack`, pack);
      await writeFile(`${incoming}.idx`, index);
      await rename(`${incoming}.pack`, path.join(this.folder, `${name}.pack`));
      // With its index the pack comes into being.
      await rename(`${incoming}.idx`, path.join(this.folder, `${name}.idx`));
    } finally {
      for (const ending of ['pack', 'idx']) await rm(`${incoming}.${ending}`, { force: true });
    }
    // Two changes may come at what the file system takes for the same time.
    this.listedAt = null;
    this.list();
  }

  /** Put all packs into one, unless it would be too large. No object is lost. */
  async merge(): Promise<void> {
    this.list();
    const old = [...this.packs];
    const sizes = old.map((pack) => statSync(`${pack.path}.pack`).size);
    if (old.length < 2 || sizes.reduce((sum, size) => sum + size, 0) > maxMergedBytes) return;
    await this.add(mergePacks(old));
    for (const pack of old) for (const ending of ['idx', 'pack']) await rm(`${pack.path}.${ending}`, { force: true });
    this.list();
  }

  close(): void {
    for (const pack of this.packs) pack.close();
    this.packs = [];
    this.listedAt = null;
  }

  private find(oid: Uint8Array): { readonly pack: StoredPack; readonly offset: number } | null {
    if (this.listedAt === null) this.list();
    const found = this.search(oid);
    // Others may have packed what was loose, or put packs together.
    return found ?? (this.list() ? this.search(oid) : null);
  }

  private search(oid: Uint8Array): { readonly pack: StoredPack; readonly offset: number } | null {
    for (const pack of this.packs) {
      const offset = pack.index.find(oid);
      if (offset !== null) return { pack, offset };
    }
    return null;
  }

  /** Look what packs there are, when the folder has changed; whether it has. */
  private list(): boolean {
    const changedAt = statSync(this.folder, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
    if (changedAt === this.listedAt) return false;
    const names = changedAt === 0n ? [] : readdirSync(this.folder);
    const paths = new Set(
      names.flatMap((name) => (/^pack-.*\.idx$/.test(name) ? [path.join(this.folder, name.slice(0, -4))] : [])),
    );
    const known = new Set(this.packs.map((pack) => pack.path));
    for (const pack of this.packs) if (!paths.has(pack.path)) pack.close();
    const kept = this.packs.filter((pack) => paths.has(pack.path));
    const added = [...paths].filter((stem) => !known.has(stem)).map((stem) => new StoredPack(stem, this.cache));
    // What was added last is what is asked for most.
    this.packs = [...added, ...kept];
    this.listedAt = changedAt;
    return true;
  }
}
