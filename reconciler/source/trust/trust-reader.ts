// The trust set of a commit, from the files in its folder trust/.
import { signersPath } from '../../../schema/trust/trusted-keys.ts';
import type { Commit, Oid } from '../commit.ts';
import { folderAt, folderMode, type GitObjects } from '../objects.ts';
import { siteLimits } from '../site-files.ts';
import { readable } from './readable.ts';
import { refuse, short } from './refusal.ts';
import { readTrustSet, SignersError } from './signers.ts';
import type { TrustSet } from './trust-set.ts';

const folder = 'trust';
/** More files and folders than any site has keys, and no more than a reader can hold. */
const maxEntries = 1_000;
const maxBytes = 16 << 20;

export class TrustReader {
  /** By the id of the folder: most commits share one. */
  readonly #known = new Map<Oid, TrustSet>();

  constructor(private readonly objects: GitObjects) {}

  /**
   * Whom a commit trusts.
   * @param judged the commit that is refused when that cannot be read
   * @throws {Refused} `trust-unreadable` among others
   */
  async at(oid: Oid, { tree }: Commit, judged: Oid): Promise<TrustSet> {
    const hint = `mend ${signersPath} and push again`;
    const trust = await readable(judged, () => folderAt(this.objects, tree, folder));
    if (trust === null) return refuse(judged, 'trust-unreadable', `commit ${short(oid)} has no ${signersPath}`, hint);
    const known = this.#known.get(trust);
    if (known) return known;
    try {
      const files = await readable(judged, () => filesBelow(this.objects, trust));
      const read = await readTrustSet(files);
      this.#known.set(trust, read);
      return read;
    } catch (error) {
      if (!(error instanceof SignersError)) throw error;
      return refuse(judged, 'trust-unreadable', `at commit ${short(oid)}: ${error.message}`, hint);
    }
  }
}

/** The files of the folder trust/, by their paths from the top of the site repo. */
export async function filesBelow(objects: GitObjects, trust: Oid): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let entries = 0;
  let bytes = 0;
  const enter = async (path: string, tree: Oid): Promise<void> => {
    for (const { name, mode, oid } of await objects.tree(tree)) {
      const at = `${path}/${name}`;
      entries += 1;
      if (entries > maxEntries || at.length > siteLimits.pathBytes) throw new SignersError(`${folder}/ is too large`);
      if (mode === folderMode) await enter(at, oid);
      else if (mode === '100644' || mode === '100755') {
        const content = await objects.blob(oid);
        bytes += content.length;
        if (content.length > siteLimits.fileBytes) throw new SignersError(`${at} is too large`);
        if (bytes > maxBytes) throw new SignersError(`${folder}/ is too large`);
        files.set(at, content);
      }
    }
  };
  await enter(folder, trust);
  return files;
}
