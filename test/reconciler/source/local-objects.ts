// The objects of a test's working copy, read where they lie.
import { join } from 'node:path';
import { Clone } from '../../../reconciler/source/clone.ts';
import { GitObjectError, type GitObjects, parseTree } from '../../../reconciler/source/objects.ts';
import type { ObjectType } from '../../../reconciler/source/stored-object.ts';
import type { TestRepository } from '../../git.ts';

export function localObjects(repository: TestRepository): GitObjects {
  const clone = new Clone(join(repository.work, '.git'));
  const read = async (oid: string, type: ObjectType): Promise<Uint8Array> => {
    const object = await clone.read(oid);
    assertType(oid, object.type, type);
    return object.bytes;
  };
  return {
    has: (oid) => clone.read(oid).then(({ type }) => type === 'commit', absent),
    commit: (oid) => read(oid, 'commit'),
    tree: async (oid) => parseTree(await read(oid, 'tree')),
    blob: (oid) => read(oid, 'blob'),
  };
}

function assertType(oid: string, found: ObjectType, wanted: ObjectType): void {
  if (found !== wanted) throw new GitObjectError('missing-object', oid, `${oid} is a ${found}, not a ${wanted}`);
}

function absent(error: unknown): boolean {
  if (error instanceof GitObjectError) return false;
  throw error;
}
