// One bare clone in a folder. It knows how to grow and to read; whether it is to be believed, kept or thrown away is for
// Repository to say.
//
// What would make Git itself see another history (grafts, refs/replace, a file `shallow`) is never looked at: an object
// is what its name says.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from './commit.ts';
import { GitObjectError } from './objects.ts';
import { PackFormatError } from './pack/format-error.ts';
import { indexPack } from './pack/indexer.ts';
import type { PackLimits } from './pack/limits.ts';
import { PackFolder } from './pack/pack-folder.ts';
import { sha1 } from './sha1.ts';
import { isObjectType, type ObjectType, type StoredObject } from './stored-object.ts';

export interface CloneOptions {
  /**
   * Whether to look for SHA-1 collisions in what is read. Git itself does when it takes objects in, so that there is no
   * need to in a repository that Git has filled. False by default.
   */
  readonly detectsCollisions?: boolean;
}

export class Clone {
  private readonly packs: PackFolder;
  private readonly detectsCollisions: boolean;

  constructor(
    readonly folder: string,
    { detectsCollisions = false }: CloneOptions = {},
  ) {
    this.detectsCollisions = detectsCollisions;
    this.packs = new PackFolder(join(folder, 'objects/pack'));
  }

  /** Make it, as Git would (gitrepository-layout(5)). */
  async create(): Promise<void> {
    for (const folder of ['objects/pack', 'refs']) await mkdir(join(this.folder, folder), { recursive: true });
    await writeFile(join(this.folder, 'HEAD'), 'ref: refs/heads/main\n');
    await writeFile(join(this.folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
  }

  /**
   * Take in a pack, all of it or nothing.
   * @param pack with a checksum that is right
   * @throws {RepositoryError} when it is damaged, or names objects that are neither in it nor here
   */
  async store(pack: Buffer, limits: PackLimits, signal: AbortSignal): Promise<void> {
    const stored = { has: (oid: Uint8Array) => this.packs.has(oid), read: (oid: Uint8Array) => this.sound(oid) };
    await this.packs.add(await indexPack(pack, { limits, signal, ...stored }));
  }

  /** Whether an object is listed here: to read it may still show that it is damaged. */
  lists(oid: Oid): boolean {
    return this.packs.has(Buffer.from(oid, 'hex'));
  }

  /** Whether there is an object of that type that can be read. */
  async holds(oid: Oid, type: ObjectType): Promise<boolean> {
    try {
      return (await this.read(oid)).type === type;
    } catch (error) {
      // One that is made for a collision is there: it is for the judge to refuse it.
      if (error instanceof GitObjectError) return error.code === 'sha1-collision';
      throw error;
    }
  }

  /**
   * Read an object whose content matches its name.
   * @throws {GitObjectError}
   */
  async read(oid: Oid): Promise<StoredObject> {
    try {
      const object = this.checked(oid, Buffer.from(oid, 'hex')) ?? (await this.loose(oid));
      if (object) return object;
    } catch (error) {
      if (error instanceof GitObjectError) throw error;
      throw new GitObjectError('corrupt-object', oid, `object ${oid} cannot be read`, { cause: error });
    }
    throw new GitObjectError('missing-object', oid, `object ${oid} is missing`);
  }

  /** Null also where an object is damaged: that is no fault of the pack that is made of it. */
  private sound(name: Uint8Array): StoredObject | null {
    try {
      return this.checked(Buffer.from(name).toString('hex'), name);
    } catch (error) {
      if (error instanceof GitObjectError || error instanceof PackFormatError) return null;
      throw error;
    }
  }

  private checked(oid: Oid, name: Uint8Array): StoredObject | null {
    const object = this.packs.read(name);
    return object && this.named(oid, object.type, object.bytes);
  }

  /** An object that has a file of its own: in a work tree's repository, never in a clone of ours. */
  private async loose(oid: Oid): Promise<StoredObject | null> {
    if (!existsSync(join(this.folder, 'objects', oid.slice(0, 2), oid.slice(2)))) return null;
    const [{ default: git }, { default: fs }] = await Promise.all([import('isomorphic-git'), import('node:fs')]);
    const { type, object } = await git.readObject({ fs, gitdir: this.folder, oid, format: 'content' });
    if (!(object instanceof Uint8Array)) throw new Error('not in raw form');
    return this.named(oid, type, object);
  }

  /** Each fetch that brings something adds a pack, and each pack slows all reads down. */
  get packCount(): number {
    return this.packs.count;
  }

  mergePacks(): Promise<void> {
    return this.packs.merge();
  }

  /** Close its files. */
  close(): void {
    this.packs.close();
  }

  /** @throws {GitObjectError} unless the object is what its name says, and nothing else could be */
  private named(oid: Oid, type: string, bytes: Uint8Array): StoredObject {
    const head = Buffer.from(`${type} ${bytes.length}\0`);
    const { hex, attacked } = this.detectsCollisions
      ? sha1(head, bytes)
      : { hex: createHash('sha1').update(head).update(bytes).digest('hex'), attacked: false };
    if (!isObjectType(type) || hex !== oid) {
      throw new GitObjectError('corrupt-object', oid, `what is stored as object ${oid} is ${type} ${hex}`);
    }
    if (attacked) throw new GitObjectError('sha1-collision', oid, `object ${oid} is made for a SHA-1 collision`);
    return { type, bytes };
  }
}
