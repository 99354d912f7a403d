// Moves the pieces of blueprints into the store and out of it.
import type { Digest } from '../canonical.ts';
import { type BlueprintObject, decodeObject } from './blueprint-object.ts';
import { keys } from './keys.ts';
import type { Condition, Kv, Put } from './kv.ts';
import { operationsPerBatch } from './limits.ts';
import { StateError } from './state-error.ts';

/** Keys and values of one batch of objects, unless a single object is bigger. */
const batchBytes = 1024 * 1024;

export interface PutObjectsResult {
  readonly written: number;
  /** How many were there already. */
  readonly present: number;
}

/**
 * Write those objects that the store lacks. Safe to repeat after any error: an object's digest is its key.
 * @param objects canonical JSON by digest
 * @param fence goes into each transaction
 * @throws {StateError} STATE_FENCED when the fence does not hold; STATE_INVALID for a text that has another digest or no
 *   known shape, nothing written; or what {@link Kv.commit} throws
 */
export async function putObjects(
  kv: Kv,
  objects: ReadonlyMap<Digest, string>,
  fence: readonly Condition[],
): Promise<PutObjectsResult> {
  const present = await kv.existing([...objects.keys()].map(keys.object));
  const missing: Put[] = [];
  for (const [digest, value] of objects) {
    const key = keys.object(digest);
    if (present.has(key)) continue;
    decodeObject(digest, value);
    missing.push({ key, value });
  }
  for (const put of batches(missing)) {
    if (!(await kv.commit({ when: fence, put }))) {
      throw new StateError('STATE_FENCED', 'objects were not written: the fence does not hold any more');
    }
  }
  return { written: missing.length, present: present.size };
}

/**
 * Read objects, each verified against its digest and its schema.
 * @throws {StateError} STATE_INVALID when one is missing or damaged
 */
export async function getObjects(
  kv: Kv,
  digests: Iterable<Digest>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<Digest, BlueprintObject>> {
  const wanted = new Set(digests);
  const entries = await kv.getMany([...wanted].map(keys.object), signal);
  const objects = new Map<Digest, BlueprintObject>();
  for (const digest of wanted) {
    const entry = entries.get(keys.object(digest));
    if (entry === undefined) throw new StateError('STATE_INVALID', `object ${digest} is missing from the store`);
    objects.set(digest, decodeObject(digest, entry.value));
  }
  return objects;
}

function* batches(puts: readonly Put[]): Generator<readonly Put[]> {
  let batch: Put[] = [];
  let bytes = 0;
  for (const put of puts) {
    const size = put.key.length + Buffer.byteLength(put.value);
    if (batch.length === operationsPerBatch || (batch.length > 0 && bytes + size > batchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(put);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
