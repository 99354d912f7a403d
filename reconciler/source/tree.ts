// The files of a site repo at a commit.
import type { SiteFiles } from '../../schema/load.ts';
import { type Oid, parseCommit } from './commit.ts';
import { folderAt, folderMode, type GitObjects, type TreeEntry } from './objects.ts';
import { collectSiteFiles, type SiteEntry } from './site-files.ts';

/**
 * Read all files of a site repo as a commit has them.
 * @param folder of the site repo in its Git repository, for those that are not at the top; no files if it is missing
 * @throws {SiteFilesError} when the tree holds what no site repo may hold
 * @throws {ObjectFormatError | TreeFormatError | GitObjectError}
 */
export async function readTree(objects: GitObjects, commit: Oid, folder = ''): Promise<SiteFiles> {
  const { tree } = parseCommit(await objects.commit(commit));
  const top = await folderAt(objects, tree, folder);
  return top === null ? new Map() : collectSiteFiles(await entriesOf(objects, top));
}

async function entriesOf(objects: GitObjects, tree: Oid): Promise<SiteEntry[]> {
  return (await objects.tree(tree)).map((entry) => siteEntry(objects, entry));
}

function siteEntry(objects: GitObjects, { name, mode, oid }: TreeEntry): SiteEntry {
  switch (mode) {
    case folderMode:
      return { kind: 'folder', name, list: () => entriesOf(objects, oid) };
    case '100644':
    case '100755':
      return { kind: 'file', name, executable: mode === '100755', read: () => objects.blob(oid) };
    case '120000':
      return { kind: 'symlink', name };
    case '160000':
      return { kind: 'submodule', name };
    default:
      return { kind: 'special-file', name };
  }
}
