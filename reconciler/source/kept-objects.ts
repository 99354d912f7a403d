// Objects of a Git repository as earlier runs have read them: to find one in a folder of small files takes a hundredth
// of what it takes to find it in a pack.
import { createHash } from 'node:crypto';
import type { Oid } from './commit.ts';
import { isObjectType, type StoredObject } from './stored-object.ts';

/** Keeps objects in the form over which Git makes their names: type, size and content. */
export interface ObjectStore {
  getObject(oid: Oid): Uint8Array | null;
  setObject(oid: Oid, object: Uint8Array): void;
}

export type ReadObject = (oid: Oid) => Promise<StoredObject>;

/** Reads objects by `read`, each but once as long as the store keeps it. */
export function keptObjects(store: ObjectStore, read: ReadObject): ReadObject {
  return async (oid) => {
    const kept = storedObject(oid, store.getObject(oid));
    if (kept) return kept;
    const object = await read(oid);
    store.setObject(oid, Buffer.concat([Buffer.from(`${object.type} ${object.bytes.length}\0`), object.bytes]));
    return object;
  };
}

/** Null where there is none, or one of another name. */
function storedObject(oid: Oid, stored: Uint8Array | null): StoredObject | null {
  if (!stored || createHash('sha1').update(stored).digest('hex') !== oid) return null;
  const end = stored.indexOf(0);
  const [type = ''] = Buffer.from(stored.subarray(0, end)).toString('latin1').split(' ');
  return isObjectType(type) ? { type, bytes: stored.subarray(end + 1) } : null;
}
