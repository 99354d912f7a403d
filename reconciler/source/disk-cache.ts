// What a run has worked out and the next one can take over, in a folder of small files.
//
// A cache only ever saves work. Whatever is wrong with an entry or with the folder (cut off, damaged, of another
// program, not ours, read only, full) makes the entry as good as absent, and is no error.
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

const dayMilliseconds = 24 * 60 * 60 * 1000;

export interface DiskCacheOptions {
  /** Made when it is not there. Folders below it are ours, too; whatever else is in it stays. */
  readonly folder: string;
  /** Of the program: what another version has written is not found. */
  readonly version: string;
  /** Entries that nothing has asked for in so many days are removed. */
  readonly keepDays?: number;
  /** With more than this, those that were asked for longest ago go first. */
  readonly maxBytes?: number;
}

/**
 * The folder of the cache: `$BERTH_CACHE`, else `berth` in the user's folder of caches (XDG Base Directory
 * Specification). Null when it is switched off, or when there is no home to put it in.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv): string | null {
  const { BERTH_CACHE: own, XDG_CACHE_HOME: caches, HOME: home } = environment;
  if (own === 'off') return null;
  if (own !== undefined && own !== '') return path.resolve(own);
  // The specification has relative paths ignored.
  if (caches !== undefined && path.isAbsolute(caches)) return path.join(caches, 'berth');
  return home !== undefined && path.isAbsolute(home) ? path.join(home, '.cache', 'berth') : null;
}

export class DiskCache {
  readonly #folder: string;
  readonly #version: string;
  readonly #keepMilliseconds: number;
  readonly #maxBytes: number;
  /** Those of the folders for entries that are known to be there. */
  readonly #made = new Set<string>();
  /** After a failure to write, the rest of the run does not try again. */
  #writable = true;

  private constructor(options: DiskCacheOptions) {
    this.#folder = options.folder;
    this.#version = options.version;
    this.#keepMilliseconds = (options.keepDays ?? 30) * dayMilliseconds;
    this.#maxBytes = options.maxBytes ?? 512 << 20;
  }

  /** Null when the folder cannot be had, or when others could put entries into it. */
  static open(options: DiskCacheOptions): DiskCache | null {
    try {
      makeFolder(options.folder);
      if (!isOurs(options.folder)) return null;
    } catch {
      return null;
    }
    return new DiskCache(options);
  }

  /**
   * What was kept last under a key; null when there is nothing that can be trusted.
   * @param kind of entry, in letters; keys of two kinds never meet
   */
  get(kind: string, key: string): Buffer | null {
    const name = this.#nameOf(kind, key);
    let file: number;
    try {
      file = openSync(this.#pathOf(name), 'r');
    } catch {
      return null;
    }
    try {
      const content = contentOf(name, readFileSync(file));
      if (content) this.#markUsed(file);
      return content;
    } catch {
      return null;
    } finally {
      closeSync(file);
    }
  }

  /** Keep something under a key, in place of what was there. */
  set(kind: string, key: string, content: string | Uint8Array): void {
    if (!this.#writable) return;
    const name = this.#nameOf(kind, key);
    const file = this.#pathOf(name);
    // Readers and writers in other processes see this entry whole or not at all.
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    try {
      this.#makeFolder(path.dirname(file));
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      writeFileSync(draft, Buffer.concat([checksum(name, bytes), bytes]), { flag: 'wx', mode: 0o600 });
      renameSync(draft, file);
    } catch {
      this.#writable = false;
      removeIfThere(draft);
    }
  }

  /** Remove what is out of use, at most once a day; costs one look at a file on all other occasions. */
  sweep(): void {
    const mark = path.join(this.#folder, 'swept');
    try {
      const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (Math.abs(Date.now() - last) < dayMilliseconds) return;
      writeFileSync(mark, 'the last sweep began at the time of this file\n', { mode: 0o600 });
    } catch {
      return;
    }
    this.#removeUnused();
  }

  #removeUnused(): void {
    const files = entryFiles(this.#folder).sort((a, b) => b.usedAt - a.usedAt);
    let keptBytes = 0;
    for (const { file, usedAt, sizeBytes } of files) {
      keptBytes += sizeBytes;
      if (Date.now() - usedAt > this.#keepMilliseconds || keptBytes > this.#maxBytes) removeIfThere(file);
    }
  }

  /** The time of change of a file is when its entry was last of use, to the day. */
  #markUsed(file: number): void {
    const now = new Date();
    try {
      if (now.getTime() - fstatSync(file).mtimeMs > dayMilliseconds) futimesSync(file, now, now);
    } catch {
      // Whoever may only read here leaves no mark.
    }
  }

  #nameOf(kind: string, key: string): string {
    return createHash('sha256').update(`${this.#version}\0${kind}\0${key}`).digest('hex');
  }

  #pathOf(name: string): string {
    return path.join(this.#folder, name.slice(0, 2), name.slice(2));
  }

  #makeFolder(folder: string): void {
    if (this.#made.has(folder)) return;
    makeFolder(folder);
    this.#made.add(folder);
  }
}

/**
 * Make a folder, and before it those above it that are missing. Node's own way to do so (`recursive`) never ends where
 * a folder takes no others and says that there is none, as /proc does.
 */
function makeFolder(folder: string): void {
  const above = path.dirname(folder);
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Over the name too, so that an entry that was moved to another place is none. */
function checksum(name: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(name).update(content).digest();
}

const checksumBytes = 32;

/** What follows the checksum that a file begins with; null when the two do not fit. */
function contentOf(name: string, file: Buffer): Buffer | null {
  const content = file.subarray(checksumBytes);
  return checksum(name, content).equals(file.subarray(0, checksumBytes)) ? content : null;
}

/** Whether nobody else may write into a folder (on Windows its access list says so, which is not looked at). */
function isOurs(folder: string): boolean {
  const status = statSync(folder);
  if (!status.isDirectory()) return false;
  return process.getuid === undefined || (status.uid === process.getuid() && (status.mode & 0o022) === 0);
}

interface EntryFile {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
  readonly sizeBytes: number;
}

/** Entries, and drafts of entries whose writer did not live to rename them. */
function entryFiles(folder: string): EntryFile[] {
  return namesIn(folder, /^[0-9a-f]{2}$/).flatMap((name) =>
    namesIn(path.join(folder, name), /^[0-9a-f]{62}(\.[0-9a-f]{12})?$/).flatMap((rest): EntryFile[] => {
      const file = path.join(folder, name, rest);
      const status = lstatSync(file, { throwIfNoEntry: false });
      return status?.isFile() ? [{ file, usedAt: status.mtimeMs, sizeBytes: status.size }] : [];
    }),
  );
}

function namesIn(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It will be found again.
  }
}
