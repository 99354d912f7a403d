// What the names in a Git repository on disk stand for: branches, tags, HEAD (gitrevisions(7)), and where each is kept
// when several work trees share the repository (git-worktree(1)).
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Oid } from './commit.ts';

/** The folders of a repository: one and the same but in a linked work tree. */
export interface GitFolders {
  /** Of this work tree: its HEAD, and what it is in the middle of. */
  readonly own: string;
  /** Of all work trees: objects, branches, tags. */
  readonly common: string;
}

/** @param dotGit `.git`, which in a linked work tree is a file that names the folder (gitrepository-layout(5)) */
export async function gitFolders(dotGit: string): Promise<GitFolders> {
  if ((await stat(dotGit)).isDirectory()) return { own: dotGit, common: dotGit };
  const named = (await readFile(dotGit, 'utf8')).replace(/^gitdir: /, '').trim();
  const own = path.resolve(path.dirname(dotGit), named);
  const common = await readFile(path.join(own, 'commondir'), 'utf8').catch(() => '.');
  return { own, common: path.resolve(own, common.trim()) };
}

/** Where Git looks for a name, in this order. */
const places: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `refs/${name}`,
  (name) => `refs/tags/${name}`,
  (name) => `refs/heads/${name}`,
  (name) => `refs/remotes/${name}`,
  (name) => `refs/remotes/${name}/HEAD`,
];

/** What a name stands for, a commit or a tag that is an object of its own; null when there is no such name. */
export async function resolveName(folders: GitFolders, name: string): Promise<Oid | null> {
  const refs = new Refs(folders);
  for (const place of places) {
    const oid = await refs.resolve(place(name));
    if (oid !== null) return oid;
  }
  return null;
}

/** Whether nothing was ever committed or fetched. */
export async function isEmpty(folders: GitFolders): Promise<boolean> {
  const refs = new Refs(folders);
  if ((await refs.resolve('HEAD')) !== null || (await refs.packed()).size > 0) return false;
  const loose = await readdir(path.join(folders.common, 'refs'), { recursive: true, withFileTypes: true });
  return !loose.some((entry) => entry.isFile());
}

/** All refs whose names begin with a folder's, which ends in a slash: what each leads to. */
export async function refsBelow(folders: GitFolders, prefix: string): Promise<ReadonlyMap<string, Oid>> {
  const refs = new Refs(folders);
  const found = new Map([...(await refs.packed())].filter(([ref]) => ref.startsWith(prefix)));
  const folder = path.join(folders.common, prefix);
  const loose = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of loose) {
    if (!entry.isFile()) continue;
    const ref = path.relative(folders.common, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    const oid = await refs.resolve(ref);
    if (oid !== null) found.set(ref, oid);
  }
  return found;
}

/** Git follows no more either. */
const maxLinks = 5;

class Refs {
  #packed: Promise<ReadonlyMap<string, Oid>> | undefined;

  constructor(private readonly folders: GitFolders) {}

  /** What a ref leads to, by its full name. */
  async resolve(ref: string, links = 0): Promise<Oid | null> {
    if (!isRef(ref) || links > maxLinks) return null;
    const { own, common } = this.folders;
    const text = await readFile(path.join(isOwn(ref) ? own : common, ref), 'utf8').catch(() => '');
    const linked = /^ref:\s*(\S+)\s*$/.exec(text)?.[1];
    if (linked !== undefined) return this.resolve(linked, links + 1);
    // FETCH_HEAD says more behind the id.
    const oid = /^[0-9a-f]{40}(?=\s|$)/.exec(text)?.[0];
    return oid ?? (await this.packed()).get(ref) ?? null;
  }

  /** Refs that git-pack-refs(1) has put together; one that has a file of its own since then is out of date here. */
  packed(): Promise<ReadonlyMap<string, Oid>> {
    this.#packed ??= packedRefs(this.folders.common);
    return this.#packed;
  }
}

/** Not the other files of a repository, and none outside of it (git-check-ref-format(1)). */
export function isRef(ref: string): boolean {
  const isWellFormed = ref.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.includes('..'));
  return isWellFormed && !/[\p{Cc}\\:?*[ ~^]/u.test(ref) && (ref.startsWith('refs/') || /^[A-Z][A-Z_-]*$/.test(ref));
}

/** Whether each work tree has it for itself. */
function isOwn(ref: string): boolean {
  return !ref.startsWith('refs/') || /^refs\/(bisect|worktree|rewritten)\//.test(ref);
}

/**
 * Those that stand together in one file of a repository (git-pack-refs(1)); none where there is no such file.
 * @throws the system's error when it cannot be read: whoever took it for empty would write it anew without them
 */
export async function packedRefs(common: string): Promise<ReadonlyMap<string, Oid>> {
  const text = await readFile(path.join(common, 'packed-refs'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return new Map([...text.matchAll(/^([0-9a-f]{40}) (\S+)$/gm)].map(([, oid = '', ref = '']) => [ref, oid]));
}
