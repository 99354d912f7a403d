// The mirror that the demo's boot server gets its files from: `<url>/<sha256>`.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '../../schema/canonical.ts';

export interface AssetHost {
  readonly url: string;
  close(): Promise<void>;
}

/** @param files their paths by digest */
export async function serveAssets(files: ReadonlyMap<Digest, string>): Promise<AssetHost> {
  const server = createServer((request, response) => {
    const file = files.get((request.url ?? '').slice(1));
    if (file === undefined) response.writeHead(404).end();
    else send(file, response).catch(() => response.destroy());
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

async function send(file: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-length': (await stat(file)).size });
  await pipeline(createReadStream(file), response);
}
