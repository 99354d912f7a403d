// What this run of the program remembers of sites, and what earlier runs have.
import { programVersion } from '../program.ts';
import { cacheFolder, DiskCache } from '../source/disk-cache.ts';
import { SiteCache } from '../source/site-cache.ts';

let cache: SiteCache | undefined;

/** Made when it is first asked for. For commands of people and checks: the agent and the boot service have none. */
export function runCache(): SiteCache {
  cache ??= openCache();
  return cache;
}

function openCache(): SiteCache {
  const disk = openDisk();
  const opened = new SiteCache(disk);
  // When everything has been said, whatever came of the command; whoever interrupts it loses no more than time.
  if (disk) process.once('exit', () => leave(opened, disk));
  return opened;
}

function openDisk(): DiskCache | null {
  const folder = cacheFolder(process.env);
  return folder === null || programVersion === null ? null : DiskCache.open({ folder, version: programVersion });
}

function leave(opened: SiteCache, disk: DiskCache): void {
  try {
    opened.flush();
    disk.sweep();
  } catch {
    // Not even a fault of the cache makes a command fail.
  }
}
