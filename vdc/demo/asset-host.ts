// The mirror that the demo's boot server gets its files from: `<url>/<sha256>`.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '../../schema/canonical.ts';

export interface AssetHost {
  readonly url: string;
  close(): Promise<void>;
}

/** @param files their paths by digest */
export async function serveAssets(files: ReadonlyMap<Digest, string>): Promise<AssetHost> {
  const server = createServer(async (request, response) => {
    const file = files.get((request.url ?? '').slice(1));
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': (await stat(file)).size });
    await pipeline(createReadStream(file), response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
