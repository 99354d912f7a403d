// Follows the target: each new generation is read, verified and mirrored, then swapped in at once. Whatever fails on
// the way, the generation before stays in force.
import { readBootBlueprint } from '../renderers/blueprint.ts';
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
import { loadDiskCopy, removeDiskCopy, saveDiskCopy } from './disk-copy.ts';
import { type Generation, GenerationError, prepareGeneration, type ServerIdentity } from './generation.ts';

export type FollowEvent =
  | { readonly event: 'served'; readonly generation: Generation; readonly from: 'etcd' | 'disk' }
  | { readonly event: 'fetched'; readonly pin: AssetPin; readonly url: string }
  /** Target is null for the disk copy. */
  | { readonly event: 'refused'; readonly target: Target | null; readonly error: Error }
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
  /** Calls off the work on a target. */
  #attempt = new AbortController();
  #current: Generation | null = null;
  #previous: Generation | null = null;
  #refusal: string | null = null;

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

  /** Why the newest generation is not served, if it is not. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Serve the disk copy, if there is one that is whole and whose files are held. */
  async resume(): Promise<void> {
    const { folder, server, assets } = this.#options;
    try {
      const copy = await loadDiskCopy(folder);
      if (!copy) return;
      const generation = await prepareGeneration(copy.target, copy.blueprint, server);
      for (const pin of generation.assets.values()) {
        if (assets.has(pin.sha256)) continue;
        throw new GenerationError('GENERATION', `${pin.name} (${pin.sha256}) is not held`);
      }
      this.#swap(generation, 'disk');
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#refuse(null, new GenerationError('GENERATION', `the copy on disk is of no use: ${why}`, { cause }));
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
        // A file that cannot be had must not keep back the generation that no longer wants it.
        this.#attempt.abort();
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
      this.#attempt = new AbortController();
      try {
        await this.#serve(target, AbortSignal.any([signal, this.#attempt.signal]));
        backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        if (this.#attempt.signal.aborted) continue;
        const leaves = error instanceof GenerationError && error.code === 'NOT_JOINED';
        if (leaves) this.#standDown();
        this.#refuse(target, error instanceof Error ? error : new Error(String(error)));
        if (leaves) await this.#forgetDiskCopy();
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
    const blueprint = await readBootBlueprint(target.root, (digests) => getObjects(kv, digests, signal));
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
    this.#refusal = null;
    this.#options.onEvent({ event: 'served', generation, from });
  }

  #refuse(target: Target | null, error: Error): void {
    this.#refusal = error.message;
    this.#options.onEvent({ event: 'refused', target, error });
  }

  /** The site says that this server is to serve nothing: what it served is out of date from now on. */
  #standDown(): void {
    if (this.#current) this.#previous = this.#current;
    this.#current = null;
  }

  async #forgetDiskCopy(): Promise<void> {
    const { folder, onEvent } = this.#options;
    await removeDiskCopy(folder).catch((error) => onEvent({ event: 'trouble', error }));
  }
}
