// Many packs → one. An entry that is made of another says how far back that one stands, so whole packs can be put one
// behind the other without looking into them.
import { readFileSync } from 'node:fs';
import { framed, packHeadBytes, packTrailerBytes } from './frame.ts';
import type { IndexedPack } from './indexer.ts';
import { type IndexEntry, makeIndex } from './pack-index.ts';
import type { StoredPack } from './stored-pack.ts';

/** An object that stands in several of the packs does so in the new one, as Git allows. */
export function mergePacks(packs: readonly StoredPack[]): IndexedPack {
  const bodies: Buffer[] = [];
  const entries: IndexEntry[] = [];
  let shift = 0;
  for (const { path, index } of packs) {
    const body = readFileSync(`${path}.pack`).subarray(packHeadBytes, -packTrailerBytes);
    for (const entry of index.entries()) entries.push({ ...entry, offset: entry.offset + shift });
    bodies.push(body);
    shift += body.length;
  }
  const pack = framed(entries.length, bodies);
  return { pack, index: makeIndex(entries, pack.subarray(-packTrailerBytes)) };
}
