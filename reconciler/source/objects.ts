// What a store of Git objects can be asked, and the entries of a tree. Everything that judges history stands on this
// interface alone, so that it knows neither folders nor networks.
import type { Oid } from './commit.ts';

export interface GitObjects {
  /** Whether the store has the commit. */
  has(oid: Oid): Promise<boolean>;
  /** The content of a commit object. */
  commit(oid: Oid): Promise<Uint8Array>;
  /** @throws {TreeFormatError} beside {@link GitObjectError} */
  tree(oid: Oid): Promise<readonly TreeEntry[]>;
  blob(oid: Oid): Promise<Uint8Array>;
}

export type GitObjectErrorCode = 'missing-object' | 'corrupt-object' | 'sha1-collision';

/** The store lacks an object that others name, or what it holds under that name is something else. */
export class GitObjectError extends Error {
  override readonly name = 'GitObjectError';

  constructor(
    readonly code: GitObjectErrorCode,
    readonly oid: Oid,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface TreeEntry {
  readonly name: string;
  /** As Git writes it: 100644, 100755, 120000 (link), 40000 (folder), 160000 (submodule). */
  readonly mode: string;
  readonly oid: Oid;
}

export const folderMode = '40000';
const fileModes: ReadonlySet<string> = new Set(['100644', '100755']);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Of some 200,000 entries. A head's own tree is read before anybody knows who made it. */
export const maxTreeBytes = 8 << 20;

/** The object is none that Git itself would write as a tree. */
export class TreeFormatError extends Error {
  readonly code = 'malformed-tree';
  override readonly name = 'TreeFormatError';
}

/**
 * Read the entries of a tree object. They must be in Git's order and no name may stand twice, for else two readers
 * could see two trees.
 * @throws {TreeFormatError}
 */
export function parseTree(object: Uint8Array): TreeEntry[] {
  if (object.length > maxTreeBytes) throw new TreeFormatError('the tree is too large');
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  const entries: TreeEntry[] = [];
  const names = new Set<string>();
  let before: Buffer | null = null;
  for (let offset = 0; offset < bytes.length; ) {
    const space = bytes.indexOf(0x20, offset);
    const nul = bytes.indexOf(0, offset);
    const end = nul + 21;
    if (space < 0 || nul < space || end > bytes.length) throw new TreeFormatError('the tree is cut off');
    const entry = {
      mode: bytes.toString('latin1', offset, space),
      name: nameFrom(bytes.subarray(space + 1, nul)),
      oid: bytes.toString('hex', nul + 1, end),
    };
    if (!/^[1-7][0-7]{4,5}$/.test(entry.mode)) throw new TreeFormatError(`${entry.mode} is no mode of a tree entry`);
    const order = Buffer.from(entry.mode === folderMode ? `${entry.name}/` : entry.name);
    if (names.has(entry.name) || (before && Buffer.compare(before, order) >= 0)) {
      throw new TreeFormatError(`the entry ${JSON.stringify(entry.name)} stands twice or out of order`);
    }
    names.add(entry.name);
    before = order;
    entries.push(entry);
    offset = end;
  }
  return entries;
}

function nameFrom(bytes: Uint8Array): string {
  let name: string;
  try {
    name = utf8.decode(bytes);
  } catch {
    throw new TreeFormatError('a name in the tree is not UTF-8');
  }
  if (name === '' || name === '.' || name === '..' || name.includes('/')) {
    throw new TreeFormatError(`${JSON.stringify(name)} is no name of a file`);
  }
  return name;
}

/** Id of the folder at a path below a tree, of the tree itself for an empty one; null when no folder stands there. */
export async function folderAt(objects: GitObjects, tree: Oid, path: string): Promise<Oid | null> {
  let at = tree;
  for (const name of path === '' ? [] : path.split('/')) {
    const entry = (await objects.tree(at)).find((candidate) => candidate.name === name);
    if (entry?.mode !== folderMode) return null;
    at = entry.oid;
  }
  return at;
}

/** Id of the file at a path below a tree; null when no plain file stands there. */
export async function blobAt(objects: GitObjects, tree: Oid, path: string): Promise<Oid | null> {
  const [name, ...below] = path.split('/');
  const entry = (await objects.tree(tree)).find((candidate) => candidate.name === name);
  if (!entry) return null;
  if (below.length > 0) return entry.mode === folderMode ? blobAt(objects, entry.oid, below.join('/')) : null;
  return fileModes.has(entry.mode) ? entry.oid : null;
}
