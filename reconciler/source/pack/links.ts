// Which other objects an object names: without them a history is not whole.
import { type Oid, parentsOf } from '../commit.ts';
import { maxTreeBytes } from '../objects.ts';
import type { StoredObject } from '../stored-object.ts';

export interface Links {
  /** Parents of commits, each {@link binary}. */
  readonly parents: Set<string>;
  /** All else: trees, blobs, what is tagged. */
  readonly parts: Set<string>;
}

/** Add what an object names. One that is malformed or too large names nothing: it is refused when it is judged. */
export function addLinks({ type, bytes }: StoredObject, links: Links): void {
  const object = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'commit': {
      const tree = /^tree ([0-9a-f]{40})\n/.exec(object.toString('latin1', 0, 46))?.[1];
      if (tree !== undefined) links.parts.add(binary(tree));
      for (const parent of parentsOf(object)) links.parents.add(binary(parent));
      return;
    }
    case 'tree':
      if (object.length <= maxTreeBytes) addEntries(object, links.parts);
      return;
    case 'tag': {
      const target = /^object ([0-9a-f]{40})\n/.exec(object.toString('latin1', 0, 48))?.[1];
      if (target !== undefined) links.parts.add(binary(target));
      return;
    }
    case 'blob':
      return;
  }
}

function addEntries(tree: Buffer, parts: Set<string>): void {
  for (let at = 0; at < tree.length; ) {
    const nul = tree.indexOf(0, at);
    if (nul < 0 || nul + 21 > tree.length) return;
    // A submodule (mode 160000) is a commit of another repository.
    const isSubmodule = tree.toString('latin1', at, at + 7) === '160000 ';
    if (!isSubmodule) parts.add(tree.toString('latin1', nul + 1, nul + 21));
    at = nul + 21;
  }
}

/** A name of an object as so many characters as it has bytes, which takes half the room. */
export function binary(oid: Oid): string {
  return Buffer.from(oid, 'hex').toString('latin1');
}
