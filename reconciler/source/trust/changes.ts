// Which files differ between two trees. Folders that are the same in both are not entered.
import type { Oid } from '../commit.ts';
import { folderMode, type GitObjects, type TreeEntry, TreeFormatError } from '../objects.ts';

/** A few small trees that name each other many times over can spell out more files than there are atoms. */
const maxChanges = 200_000;
const maxPathLength = 4096;

/**
 * The paths of all files whose content, mode or presence differs, sorted. A folder without any file, which Git itself
 * never writes, counts as a path ending in `/`.
 * @throws {TreeFormatError} also when there are more than any site has
 */
export async function changedPaths(objects: GitObjects, before: Oid, after: Oid): Promise<string[]> {
  const changes: string[] = [];
  await compare(objects, '', before, after, changes);
  return changes.sort();
}

async function compare(
  objects: GitObjects,
  folder: string,
  before: Oid | null,
  after: Oid | null,
  changes: string[],
): Promise<void> {
  if (before === after) return;
  if (folder.length > maxPathLength) throw new TreeFormatError('folders are nested too deep');
  if (changes.length > maxChanges) throw new TreeFormatError(`more than ${maxChanges} files differ`);
  const [old, now] = [await entriesOf(objects, before), await entriesOf(objects, after)];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [left, right] = [old.get(name), now.get(name)];
    if (left?.oid === right?.oid && left?.mode === right?.mode) continue;
    const path = folder + name;
    const [leftFolder, rightFolder] = [folderOid(left), folderOid(right)];
    if ((left && leftFolder === null) || (right && rightFolder === null)) changes.push(path);
    if (leftFolder !== null || rightFolder !== null) {
      await compare(objects, `${path}/`, leftFolder, rightFolder, changes);
    }
  }
  if (folder !== '' && old.size + now.size === 0) changes.push(folder);
}

async function entriesOf(objects: GitObjects, tree: Oid | null): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = tree === null ? [] : await objects.tree(tree);
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function folderOid(entry: TreeEntry | undefined): Oid | null {
  return entry?.mode === folderMode ? entry.oid : null;
}
