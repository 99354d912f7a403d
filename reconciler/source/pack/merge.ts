// Many packs → one. An entry that is made of another says how far back that one stands, so whole packs can be put one
// behind the other without looking into them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IndexedPack } from './indexer.ts';
import { type IndexEntry, makeIndex } from './pack-index.ts';
import { packHeadBytes, packTrailerBytes } from './receive.ts';
import type { StoredPack } from './stored-pack.ts';

/** An object that stands in several of the packs does so in the new one, as Git allows. */
export function mergePacks(packs: readonly StoredPack[]): IndexedPack {
  const head = Buffer.alloc(packHeadBytes);
  head.write('PACK', 'latin1');
  head.writeUInt32BE(2, 4);
  const bodies: Buffer[] = [head];
  const entries: IndexEntry[] = [];
  let end = packHeadBytes;
  for (const { path, index } of packs) {
    const body = readFileSync(`${path}.pack`).subarray(packHeadBytes, -packTrailerBytes);
    const shift = end - packHeadBytes;
    for (const entry of index.entries()) entries.push({ ...entry, offset: entry.offset + shift });
    bodies.push(body);
    end += body.length;
  }
  head.writeUInt32BE(entries.length, 8);
  const joined = Buffer.concat(bodies);
  const trailer = createHash('sha1').update(joined).digest();
  return { pack: Buffer.concat([joined, trailer]), index: makeIndex(entries, trailer) };
}
