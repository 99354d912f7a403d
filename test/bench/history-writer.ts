// Writes commits of a site repo, each of them signed, without a working copy: objects go straight into a pack.
import type { Oid } from '../../reconciler/source/commit.ts';
import type { SiteFile, SiteFiles } from '../../schema/load.ts';
import type { CommitSigner } from './commit-signers.ts';
import { GitFolder } from './git-folder.ts';
import { GitPack } from './git-pack.ts';

/** Where a branch ends. */
export interface Tip {
  readonly oid: Oid;
  readonly top: GitFolder;
}

export interface Author {
  readonly name: string;
  readonly signer: CommitSigner;
}

/** Changes the text of a file. */
export type Change = (text: string) => string;

export const firstCommitSeconds = Date.UTC(2020, 0, 1) / 1000;
const secondsBetweenCommits = 2 * 60 * 60;

export class HistoryWriter {
  readonly pack = new GitPack();
  readonly #files: Map<string, SiteFile>;
  #commits = 0;

  /** @param files that the first commit brings */
  constructor(files: SiteFiles) {
    this.#files = new Map(files);
  }

  async begin(author: Author): Promise<Tip> {
    const top = [...this.#files].reduce((folder, [path, file]) => this.#put(folder, path, file), GitFolder.empty);
    return this.#commit([], top, author, 'Begin the site');
  }

  /** Change files as they were written last, on whatever branch. */
  async edit(tip: Tip, author: Author, changes: ReadonlyMap<string, Change>): Promise<Tip> {
    let { top } = tip;
    for (const [path, change] of changes) {
      const file = this.#files.get(path);
      if (file === undefined) throw new RangeError(`the site has no ${path}`);
      const bytes = Buffer.from(change(Buffer.from(file.bytes).toString()));
      top = this.#put(top, path, { ...file, bytes });
    }
    return this.#commit([tip], top, author, `Change ${[...changes.keys()].join(' and ')}`);
  }

  /** Merge a branch that alone has changed some of the folders, and nothing else. */
  async merge(tip: Tip, branch: Tip, author: Author, folders: readonly string[]): Promise<Tip> {
    const top = folders.reduce((merged, name) => merged.with(name, branch.top.entry(name)), tip.top);
    return this.#commit([tip, branch], top, author, 'Merge a branch');
  }

  #put(folder: GitFolder, path: string, file: SiteFile): GitFolder {
    this.#files.set(path, file);
    return folder.with(path, { mode: file.executable ? '100755' : '100644', oid: this.pack.add('blob', file.bytes) });
  }

  async #commit(parents: readonly Tip[], top: GitFolder, { name, signer }: Author, subject: string): Promise<Tip> {
    const seconds = firstCommitSeconds + this.#commits * secondsBetweenCommits;
    this.#commits += 1;
    const person = `${name} <${name}@example.org> ${seconds} +0000`;
    const ancestry = [`tree ${top.storeIn(this.pack)}`, ...parents.map(({ oid }) => `parent ${oid}`)];
    const headers = [...ancestry, `author ${person}`, `committer ${person}`].join('\n');
    const message = `\n\n${subject}\n`;
    const signature = await signer.sign(Buffer.from(headers + message));
    const signed = `${headers}\ngpgsig ${signature.trimEnd().replaceAll('\n', '\n ')}${message}`;
    return { oid: this.pack.add('commit', Buffer.from(signed)), top };
  }
}
