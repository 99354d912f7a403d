// Fetches the files that a generation pins, before the generation is served.
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import type { AssetPin } from '../../schema/types/releases-object.ts';
import type { AssetStore } from './store.ts';

/** Why a pinned file could not be had. */
export class MirrorError extends Error {
  override readonly name = 'MirrorError';
  readonly code = 'MIRROR';
}

export interface MirrorOptions {
  /** Bases of mirrors that serve `<base>/<sha256>`, asked before the pin's own source, without a slash at the end. */
  readonly mirrors: readonly string[];
  readonly onFetched: (pin: AssetPin, url: string) => void;
  readonly signal: AbortSignal;
}

const attempts = 3;
const idleMs = 30_000;

/**
 * Make the store hold every pin.
 * @throws {MirrorError} naming the first file that no place has as it is pinned, and what is wrong with each place
 */
export async function mirrorAssets(store: AssetStore, pins: Iterable<AssetPin>, options: MirrorOptions): Promise<void> {
  for (const pin of pins) {
    if (!store.has(pin.sha256)) await mirrorAsset(store, pin, options);
  }
}

async function mirrorAsset(
  store: AssetStore,
  pin: AssetPin,
  { mirrors, onFetched, signal }: MirrorOptions,
): Promise<void> {
  const urls = [...mirrors.map((base) => `${base}/${pin.sha256}`), pin.source];
  let faults: string[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await delay(200 * 2 ** attempt, undefined, { signal });
    faults = [];
    for (const url of urls) {
      try {
        await fetchInto(store, pin, url, signal);
        onFetched(pin, url);
        return;
      } catch (error) {
        signal.throwIfAborted();
        faults.push(`from ${url}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  throw new MirrorError(`${pin.name} ${faults.join('; ')}`);
}

async function fetchInto(store: AssetStore, pin: AssetPin, url: string, signal: AbortSignal): Promise<void> {
  const { statusCode, body } = await request(url, { signal, headersTimeout: idleMs, bodyTimeout: idleMs });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`the answer is HTTP ${statusCode}`);
  }
  await store.add(pin, body, signal);
}
