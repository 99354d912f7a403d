// A boot service with a small site in force, and a client of it: what the tests of its endpoints stand on.
import { MemoryKv } from '../../../schema/state/memory.ts';
import { compiled, publishSite, smallSite, smallSiteAssets } from '../../small-site.ts';
import { Origin, ServedSite, temporaryFolder } from '../lab.ts';
import { HttpClient } from './client.ts';

export const site = await smallSite();
export const first = compiled(site);
export const files = smallSiteAssets(first);

export interface Bench {
  readonly kv: MemoryKv;
  readonly served: ServedSite;
  readonly client: HttpClient;
  /** Where the service keeps its files. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Start a service that has nothing in force, or the first generation. */
export async function startBench({ published = true } = {}): Promise<Bench> {
  const kv = new MemoryKv();
  const { folder, remove } = temporaryFolder();
  const origin = await Origin.start(files);
  const served = await ServedSite.start({ kv, folder, mirrors: [origin.url] });
  const client = new HttpClient(served.httpPort);
  if (published) {
    await publishSite(kv, first);
    await served.serves(1);
  }
  return {
    kv,
    served,
    client,
    folder,
    close: async () => {
      client.close();
      await served.stop();
      await origin.stop();
      remove();
    },
  };
}
