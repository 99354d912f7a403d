// A pack of whole objects (gitformat-pack(5)): the way to give a Git repository tens of thousands of them at once.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Oid } from '../../reconciler/source/commit.ts';
import { gitEnvironment } from '../git.ts';

const typeNumbers = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;

export class GitPack {
  readonly #objects = new Set<Oid>();
  readonly #chunks: Buffer[] = [];

  /** Put an object in, unless it is there; its id. */
  add(type: keyof typeof typeNumbers, content: Uint8Array): Oid {
    const oid = createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
    if (this.#objects.has(oid)) return oid;
    this.#objects.add(oid);
    this.#chunks.push(entryHeader(typeNumbers[type], content.length), deflateSync(content, { level: 1 }));
    return oid;
  }

  /** Store all objects in a repository, whole as they are: `git repack` makes deltas of them. */
  storeIn(repository: string): void {
    const header = Buffer.alloc(12);
    header.write('PACK');
    header.writeUInt32BE(2, 4);
    header.writeUInt32BE(this.#objects.size, 8);
    const pack = Buffer.concat([header, ...this.#chunks]);
    const input = Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
    execFileSync('git', ['index-pack', '--stdin'], { cwd: repository, env: gitEnvironment, input, stdio: 'pipe' });
  }
}

/** Type and length: 4 bits of the length beside the type, then 7 in each byte, the lowest first. */
function entryHeader(type: number, length: number): Buffer {
  const bytes = [(type << 4) | (length & 0x0f)];
  for (let rest = length >> 4; rest > 0; rest >>= 7) {
    bytes.push((bytes.pop() ?? 0) | 0x80, rest & 0x7f);
  }
  return Buffer.from(bytes);
}
