// What commands remember of the sites that they have read: for the rest of the run in memory, so that two sites share
// what is the same in both, and for the next run on disk.
import { CompiledRack, type RackCache, type RackIgnition } from '../../renderers/compiled-rack.ts';
import type { Digest } from '../../schema/canonical.ts';
import type { DocumentCache } from '../../schema/document-cache.ts';
import type { DiskCache } from './disk-cache.ts';

export class SiteCache implements DocumentCache, RackCache {
  readonly #disk: DiskCache | null;
  readonly #values = new Map<string, readonly unknown[]>();
  readonly #racks = new Map<Digest, CompiledRack>();
  readonly #ignition = new Map<Digest, ReadonlyMap<string, RackIgnition>>();

  /** @param disk null for none */
  constructor(disk: DiskCache | null) {
    this.#disk = disk;
  }

  getValues(kind: string, blob: string): readonly unknown[] | null {
    const key = `${kind} ${blob}`;
    const known = this.#values.get(key);
    if (known) return known;
    const kept = this.#disk?.get('document', key);
    if (!kept) return null;
    const values = JSON.parse(kept.toString()) as readonly unknown[];
    this.#values.set(key, values);
    return values;
  }

  /** As JSON, which carries whatever strict YAML can say, and keeps the order of keys. */
  setValues(kind: string, blob: string, values: readonly unknown[]): void {
    const key = `${kind} ${blob}`;
    this.#values.set(key, values);
    this.#disk?.set('document', key, JSON.stringify(values));
  }

  getRack(key: Digest): CompiledRack | null {
    const known = this.#racks.get(key);
    if (known) return known;
    const kept = this.#disk?.get('rack', key);
    if (!kept) return null;
    const rack = new CompiledRack(kept.toString());
    this.#racks.set(key, rack);
    return rack;
  }

  setRack(key: Digest, rack: CompiledRack): void {
    this.#racks.set(key, rack);
    this.#disk?.set('rack', key, rack.text);
  }

  getIgnition(key: Digest): ReadonlyMap<string, RackIgnition> | null {
    const known = this.#ignition.get(key);
    if (known) return known;
    const kept = this.#disk?.get('ignition', key);
    return kept ? new Map(JSON.parse(kept.toString()) as [string, RackIgnition][]) : null;
  }

  setIgnition(key: Digest, racks: ReadonlyMap<string, RackIgnition>): void {
    this.#ignition.set(key, racks);
    this.#disk?.set('ignition', key, JSON.stringify([...racks]));
  }

  /** An object of a Git repository as Git hashes it: type, size and content. */
  getObject(oid: string): Buffer | null {
    return this.#disk?.get('git', oid) ?? null;
  }

  setObject(oid: string, object: Uint8Array): void {
    this.#disk?.set('git', oid, object);
  }
}
