// A folder as a Git tree has it, from which another one is made by putting a file in: what stays the same is shared.
import type { Oid } from '../../reconciler/source/commit.ts';
import type { GitPack } from './git-pack.ts';

export interface FileEntry {
  readonly mode: '100644' | '100755';
  readonly oid: Oid;
}

export class GitFolder {
  static readonly empty = new GitFolder(new Map());
  #oid: Oid | null = null;

  private constructor(private readonly entries: ReadonlyMap<string, FileEntry | GitFolder>) {}

  /** This folder with a file or a folder at a path, in place of what was there. */
  with(path: string, entry: FileEntry | GitFolder): GitFolder {
    const [name = '', ...below] = path.split('/');
    const old = this.entries.get(name);
    const folder = old instanceof GitFolder ? old : GitFolder.empty;
    return new GitFolder(
      new Map(this.entries).set(name, below.length === 0 ? entry : folder.with(below.join('/'), entry)),
    );
  }

  /** What stands in this folder under a name, which must be there. */
  entry(name: string): FileEntry | GitFolder {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new RangeError(`there is no ${name}`);
    return entry;
  }

  /** Put the trees of this folder and of all below it into a pack; the id of its own. */
  storeIn(pack: GitPack): Oid {
    this.#oid ??= pack.add('tree', this.#treeObject(pack));
    return this.#oid;
  }

  /** Git sorts by bytes, folders as if a slash stood behind their names. */
  #treeObject(pack: GitPack): Buffer {
    const lines = [...this.entries].map(([name, entry]) => {
      const isFolder = entry instanceof GitFolder;
      const [mode, oid] = isFolder ? ['40000', entry.storeIn(pack)] : [entry.mode, entry.oid];
      const line = Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
      return { order: Buffer.from(isFolder ? `${name}/` : name), line };
    });
    lines.sort((a, b) => Buffer.compare(a.order, b.order));
    return Buffer.concat(lines.map(({ line }) => line));
  }
}
