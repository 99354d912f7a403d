// What this run of the program remembers of sites, and what earlier runs have.
import { programVersion } from '../program.ts';
import { cacheFolder, DiskCache } from '../source/disk-cache.ts';
import { SiteCache } from '../source/site-cache.ts';

let cache: SiteCache | undefined;

/** Made when it is first asked for. For commands of people and checks: the agent and the boot service have none. */
export function runCache(): SiteCache {
  cache ??= new SiteCache(openDisk());
  return cache;
}

function openDisk(): DiskCache | null {
  const folder = cacheFolder(process.env);
  if (folder === null || programVersion === null) return null;
  const disk = DiskCache.open({ folder, version: programVersion });
  disk?.sweep();
  return disk;
}
