// berth diff: what differs between two Git refs of a site repo, or a ref and the files on disk.
import { statSync } from 'node:fs';
import type { Place } from '../../schema/diagnostic.ts';
import { diffSites, isSame, type SiteDifference, type SiteVersion } from '../plan/diff/sites.ts';
import { type DifferenceOptions, differenceJson, differenceMarkdown, differenceText } from '../plan/show/difference.ts';
import { openLocal } from '../source/local.ts';
import { formatOf, underProgress } from './plan.ts';
import { filesAt, filesOnDisk, type Wanted } from './plan-wanted.ts';
import { runCache } from './run-cache.ts';
import { checkFolder, placeIn } from './site-folder.ts';
import { colours } from './terminal.ts';

export interface DiffOptions {
  readonly format?: string;
  /** Short for the format json. */
  readonly json?: boolean;
  /** Whether diffs of Kubernetes objects are shown to their end. */
  readonly full?: boolean;
}

const formats: Readonly<Record<string, (difference: SiteDifference, options: DifferenceOptions) => string>> = {
  text: (difference, options) => differenceText(difference, { ...options, palette: colours(process.stdout) }),
  json: (difference) => JSON.stringify(differenceJson(difference), null, 2),
  markdown: differenceMarkdown,
};

const same = 0;
const failed = 1;
const different = 2;

/** @param second another ref, or the folder if there is none: then `first` is compared with the files on disk */
export async function diff(
  first: string,
  second: string | undefined,
  dir: string | undefined,
  options: DiffOptions,
): Promise<number> {
  const show = formatOf(formats, options);
  const isFolder = dir === undefined && second !== undefined && isFolderOnDisk(second);
  const folder = dir ?? (isFolder && second !== undefined ? second : '.');
  checkFolder(folder);
  const made = await underProgress(show !== formats.json, 'comparing', async () => {
    const repository = await openLocal(folder, runCache());
    const before = await filesAt(repository, first);
    const after = second === undefined || isFolder ? await filesOnDisk(folder) : await filesAt(repository, second);
    const difference = diffSites(versionOf(before), versionOf(after));
    return { difference, heading: `${before.title} → ${after.title}` };
  });
  if (!made) return failed;
  process.stdout.write(`${show(made.difference, { heading: made.heading, full: options.full ?? false })}\n`);
  return isSame(made.difference) ? same : different;
}

function isFolderOnDisk(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function versionOf({ compiled, where }: Wanted): SiteVersion {
  return { compiled, placeIn: (place: Place) => placeIn(place, where) };
}
