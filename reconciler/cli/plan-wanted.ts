// What `berth plan` plans: a site, and where the files that it was read from are found.
import { type Origin, originsOf } from '../plan/origin.ts';
import type { Plan } from '../plan/plan.ts';
import type { CompiledSite } from '../source/accept.ts';
import { compileFiles, orPrint, placeIn, readSiteFolder } from './site-folder.ts';

export interface Wanted {
  readonly compiled: CompiledSite;
  readonly commit: string;
  /** As `placeIn` takes it. */
  readonly where: string;
  /** What it is called in the plan's heading. */
  readonly title: string;
}

/** A plan, and what it is a plan of. */
export interface Made {
  readonly plan: Plan;
  readonly heading: string;
}

/** Stands for a commit where the files on disk are planned. */
const workingTree = '0'.repeat(40);

/** The files on disk, or null after their findings were printed. */
export async function filesOnDisk(folder: string): Promise<Wanted | null> {
  const compiled = orPrint(await compileFiles(readSiteFolder(folder)), folder);
  const title = folder === '.' ? 'the files in this folder' : `the files in ${folder}`;
  return compiled && { compiled, commit: workingTree, where: folder, title };
}

/** Reasons with places that can be opened from where the user stands. */
export function originIn({ compiled, where }: Wanted): Origin {
  const origin = originsOf(compiled.site);
  return (serial, field) => {
    const place = origin(serial, field);
    return place && placeIn(place, where);
  };
}
