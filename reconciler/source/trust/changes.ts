// Which files differ between two trees. Folders that are the same in both are not entered.
import type { Oid } from '../commit.ts';
import { folderMode, type GitObjects, type TreeEntry, TreeFormatError } from '../objects.ts';

/**
 * A few small trees that name each other many times over can spell out more files than there are atoms, or fewer files so
 * far down that the folders on the way are too many, or their paths too long.
 */
const maxChanges = 200_000;
const maxCharacters = 32 << 20;
const maxPathLength = 4096;

/**
 * The paths of all files whose content, mode or presence differs, sorted. A folder without any file, which Git itself
 * never writes, counts as a path ending in `/`.
 * @throws {TreeFormatError} also when there are more than any site has
 */
export async function changedPaths(objects: GitObjects, before: Oid, after: Oid): Promise<string[]> {
  const comparison = new Comparison(objects);
  await comparison.folder('', before, after);
  return comparison.changes.sort();
}

class Comparison {
  readonly changes: string[] = [];
  private folders = 0;
  private characters = 0;

  constructor(private readonly objects: GitObjects) {}

  /** @param folder empty, or a path ending in `/` */
  async folder(folder: string, before: Oid | null, after: Oid | null): Promise<void> {
    if (before === after) return;
    this.folders += 1;
    if (folder.length > maxPathLength) throw new TreeFormatError('folders are nested too deep');
    if (this.folders > maxChanges) throw new TreeFormatError(`more than ${maxChanges} folders differ`);
    const [old, now] = [await entriesOf(this.objects, before), await entriesOf(this.objects, after)];
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [left, right] = [old.get(name), now.get(name)];
      if (left?.oid === right?.oid && left?.mode === right?.mode) continue;
      const path = folder + name;
      const [leftFolder, rightFolder] = [folderOid(left), folderOid(right)];
      if ((left && leftFolder === null) || (right && rightFolder === null)) this.change(path);
      if (leftFolder !== null || rightFolder !== null) await this.folder(`${path}/`, leftFolder, rightFolder);
    }
    if (folder !== '' && old.size + now.size === 0) this.change(folder);
  }

  private change(path: string): void {
    this.changes.push(path);
    this.characters += path.length;
    if (this.changes.length > maxChanges) throw new TreeFormatError(`more than ${maxChanges} files differ`);
    if (this.characters > maxCharacters) throw new TreeFormatError('the paths of the files that differ are too long');
  }
}

async function entriesOf(objects: GitObjects, tree: Oid | null): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = tree === null ? [] : await objects.tree(tree);
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function folderOid(entry: TreeEntry | undefined): Oid | null {
  return entry?.mode === folderMode ? entry.oid : null;
}
