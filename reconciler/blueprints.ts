// The blueprints that plans are made from, by root: read from etcd when first asked for, and kept while they are used.
import type { Logger } from 'pino';
import { type Blueprint, readBlueprint } from '../renderers/blueprint.ts';
import type { Digest } from '../schema/canonical.ts';
import type { Kv } from '../schema/state/kv.ts';
import { getObjects } from '../schema/state/objects.ts';

export class Blueprints {
  readonly #kv: Kv;
  readonly #log: Logger;
  /** Null for one that cannot be read. */
  #kept = new Map<Digest, Blueprint | null>();
  #used = new Map<Digest, Blueprint | null>();

  constructor(kv: Kv, log: Logger) {
    this.#kv = kv;
    this.#log = log;
  }

  /** A new plan begins: what the one before did not use is forgotten. */
  begin(): void {
    this.#kept = this.#used;
    this.#used = new Map();
  }

  /** Take in one that was compiled here. */
  add(blueprint: Blueprint): void {
    this.#used.set(blueprint.root, blueprint);
  }

  /** @throws {Error} when it cannot be read */
  async get(root: Digest, signal: AbortSignal): Promise<Blueprint> {
    const found = this.#used.get(root) ?? this.#kept.get(root) ?? (await this.#read(root, signal));
    this.#used.set(root, found);
    return found;
  }

  /** One that plans are better with, and can be made without: null when it cannot be read, which is tried once. */
  async getIfReadable(root: Digest, signal: AbortSignal): Promise<Blueprint | null> {
    const found = this.#used.get(root) ?? this.#kept.get(root) ?? null;
    if (found) return this.get(root, signal);
    try {
      if (!this.#kept.has(root)) return await this.get(root, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#log.warn({ event: 'trouble', err: error, root }, 'the blueprint before the one in force cannot be read');
    }
    this.#used.set(root, null);
    return null;
  }

  #read(root: Digest, signal: AbortSignal): Promise<Blueprint> {
    return readBlueprint(root, (digests) => getObjects(this.#kv, digests, signal));
  }
}
