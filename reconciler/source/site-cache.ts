// What commands remember of the sites that they have read: for the rest of the run in memory, so that two sites share
// what is the same in both, and for the next run on disk.
import { CompiledRack, type RackCache, type RackIgnition } from '../../renderers/compiled-rack.ts';
import type { Digest } from '../../schema/canonical.ts';
import type { DocumentCache } from '../../schema/document-cache.ts';
import type { VerdictCache } from './accept.ts';
import { CachePacks } from './cache-packs.ts';
import type { DiskCache } from './disk-cache.ts';

export class SiteCache implements DocumentCache, RackCache, VerdictCache {
  readonly #kept: CachePacks | null;
  readonly #values = new Map<string, readonly unknown[]>();
  readonly #racks = new Map<Digest, CompiledRack>();
  readonly #ignition = new Map<Digest, ReadonlyMap<string, RackIgnition>>();
  readonly #sound = new Set<Digest>();

  /** @param disk null for none */
  constructor(disk: DiskCache | null) {
    this.#kept = disk && new CachePacks(disk);
  }

  /** Write to disk what the next run may take over. */
  flush(): void {
    this.#kept?.flush();
  }

  getValues(kind: string, blob: string): readonly unknown[] | null {
    const key = `${kind} ${blob}`;
    const known = this.#values.get(key);
    if (known) return known;
    const kept = this.#read('document', key);
    if (kept === null) return null;
    const values = JSON.parse(kept) as readonly unknown[];
    this.#values.set(key, values);
    return values;
  }

  /** As JSON, which carries whatever strict YAML can say, and keeps the order of keys. */
  setValues(kind: string, blob: string, values: readonly unknown[]): void {
    const key = `${kind} ${blob}`;
    this.#values.set(key, values);
    this.#kept?.set('document', key, () => JSON.stringify(values));
  }

  getRack(key: Digest): CompiledRack | null {
    const known = this.#racks.get(key);
    if (known) return known;
    const kept = this.#read('rack', key);
    if (kept === null) return null;
    const rack = new CompiledRack(kept);
    this.#racks.set(key, rack);
    return rack;
  }

  setRack(key: Digest, rack: CompiledRack): void {
    this.#racks.set(key, rack);
    this.#kept?.set('rack', key, () => rack.text);
  }

  getIgnition(key: Digest): ReadonlyMap<string, RackIgnition> | null {
    const known = this.#ignition.get(key);
    if (known) return known;
    const kept = this.#read('ignition', key);
    return kept === null ? null : new Map(JSON.parse(kept) as [string, RackIgnition][]);
  }

  setIgnition(key: Digest, racks: ReadonlyMap<string, RackIgnition>): void {
    this.#ignition.set(key, racks);
    this.#kept?.set('ignition', key, () => JSON.stringify([...racks]));
  }

  isSound(key: Digest): boolean {
    return this.#sound.has(key) || this.#read('sound', key) === key;
  }

  setSound(key: Digest): void {
    this.#sound.add(key);
    this.#kept?.set('sound', key, () => key);
  }

  /** An object of a Git repository as Git hashes it: type, size and content. */
  getObject(oid: string): Uint8Array | null {
    return this.#kept?.get('git', oid) ?? null;
  }

  setObject(oid: string, object: Uint8Array): void {
    this.#kept?.set('git', oid, () => object);
  }

  #read(kind: string, key: string): string | null {
    const kept = this.#kept?.get(kind, key);
    return kept ? kept.toString() : null;
  }
}
