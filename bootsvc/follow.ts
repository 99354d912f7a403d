// Follows the target: each new generation is read, verified and mirrored, then swapped in at once. Whatever fails on
// the way, the generation before stays in force.
import { readBlueprint } from '../renderers/blueprint.ts';
import { Bell } from '../schema/bell.ts';
import { Backoff } from '../schema/state/backoff.ts';
import { keys } from '../schema/state/keys.ts';
import type { Kv } from '../schema/state/kv.ts';
import { getObjects } from '../schema/state/objects.ts';
import { readRecord, records } from '../schema/state/records.ts';
import type { AssetPin } from '../schema/types/releases-object.ts';
import type { Target } from '../schema/types/target.ts';
import { mirrorAssets } from './assets/mirror.ts';
import type { AssetStore } from './assets/store.ts';
import { loadDiskCopy, saveDiskCopy } from './disk-copy.ts';
import { type Generation, GenerationError, prepareGeneration, type ServerIdentity } from './generation.ts';

export type FollowEvent =
  | { readonly event: 'served'; readonly generation: Generation; readonly from: 'etcd' | 'disk' }
  | { readonly event: 'fetched'; readonly pin: AssetPin; readonly url: string }
  | { readonly event: 'refused'; readonly target: Target; readonly error: Error }
  | { readonly event: 'trouble'; readonly error: unknown };

export interface FollowerOptions {
  readonly kv: Kv;
  readonly server: ServerIdentity;
  readonly assets: AssetStore;
  /** Where the disk copy is kept. */
  readonly folder: string;
  readonly mirrors: readonly string[];
  readonly onEvent: (event: FollowEvent) => void;
}

export class Follower {
  readonly #options: FollowerOptions;
  readonly #bell = new Bell();
  #wanted: Target | null = null;
  #current: Generation | null = null;
  #previous: Generation | null = null;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** The generation in force; null until the first. */
  get current(): Generation | null {
    return this.#current;
  }

  /** The one before, for machines that began to boot from it. */
  get previous(): Generation | null {
    return this.#previous;
  }

  /** Serve the disk copy, if there is one that is whole and whose files are held. */
  async resume(): Promise<void> {
    const { folder, server, assets, onEvent } = this.#options;
    try {
      const copy = await loadDiskCopy(folder);
      if (!copy) return;
      const generation = await prepareGeneration(copy.target, copy.blueprint, server);
      for (const pin of generation.assets.values()) {
        if (!assets.has(pin.sha256)) throw new GenerationError(`${pin.name} (${pin.sha256}) is not held`);
      }
      this.#swap(generation, 'disk');
    } catch (error) {
      onEvent({ event: 'trouble', error });
    }
  }

  /** Follow until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#watch(signal), this.#serveWanted(signal)]);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { kv, onEvent } = this.#options;
    for await (const batch of kv.watch(keys.target, signal)) {
      const entries = batch.kind === 'snapshot' ? batch.entries : batch.puts;
      try {
        for (const entry of entries) this.#wanted = readRecord(records.target, entry);
        this.#bell.ring();
      } catch (error) {
        onEvent({ event: 'trouble', error });
      }
    }
  }

  /** One at a time, always the newest; what fails is tried again until it works or a newer one comes. */
  async #serveWanted(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(500, 30_000);
    while (!signal.aborted) {
      const target = this.#wanted;
      if (target === null || this.#serves(target)) {
        await this.#bell.wait(signal);
        continue;
      }
      try {
        await this.#serve(target, signal);
        backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        const asError = error instanceof Error ? error : new Error(String(error));
        this.#options.onEvent({ event: 'refused', target, error: asError });
        await this.#bell.wait(signal, backoff.next());
      }
    }
  }

  #serves({ root, generation }: Target): boolean {
    const served = this.#current?.target;
    return served?.root === root && served.generation === generation;
  }

  async #serve(target: Target, signal: AbortSignal): Promise<void> {
    const { kv, server, assets, mirrors, folder, onEvent } = this.#options;
    const blueprint = await readBlueprint(target.root, (digests) => getObjects(kv, digests, signal));
    const generation = await prepareGeneration(target, blueprint, server);
    const onFetched = (pin: AssetPin, url: string) => onEvent({ event: 'fetched', pin, url });
    await mirrorAssets(assets, generation.assets.values(), { mirrors, onFetched, signal });
    // On disk first: what has been served once is served again after a restart.
    await saveDiskCopy(folder, target, blueprint);
    this.#swap(generation, 'etcd');
  }

  #swap(generation: Generation, from: 'etcd' | 'disk'): void {
    this.#previous = this.#current;
    this.#current = generation;
    this.#options.onEvent({ event: 'served', generation, from });
  }
}
