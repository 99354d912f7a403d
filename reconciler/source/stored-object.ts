// An object as a Git repository stores it.
import type { Oid } from './object-headers.ts';
import { GitObjectError } from './objects.ts';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface StoredObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

export function isObjectType(type: string): type is ObjectType {
  return type === 'commit' || type === 'tree' || type === 'blob' || type === 'tag';
}

/** The content of an object that has to be of a type. @throws {GitObjectError} `missing-object` when it is of another */
export function bytesOf(object: StoredObject, oid: Oid, type: ObjectType): Uint8Array {
  if (object.type === type) return object.bytes;
  throw new GitObjectError('missing-object', oid, `object ${oid} is a ${object.type}, where a ${type} is needed`);
}
