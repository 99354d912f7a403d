// How fast the boot service sends a boot image, and what that costs; nginx in the same run where it is installed.
import path from 'node:path';
import { standInPin, writeStandInAssets } from '../../vdc/assets.ts';
import type { Usage } from './calls.ts';
import type { Row, Table } from './figures.ts';
import { Nginx, nginxVersion } from './nginx.ts';
import type { Program } from './program.ts';
import type { BootServer } from './programs/boot-server.ts';
import type { HttpLoadProgram, HttpRun } from './programs/http-load.ts';
import type { Workshop } from './workshop.ts';

const imageBytes = 256 << 20;
const clientCounts = [1, 8] as const;
const warmUpSeconds = 1;
const seconds = 4;

/** A server that has the image. */
interface ImageServer {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  usage(): Usage | Promise<Usage>;
}

interface Sample extends HttpRun {
  readonly column: string;
  readonly serverCpuSeconds: number;
  readonly serverPeakBytes: number;
}

export async function measureImage(workshop: Workshop): Promise<Table> {
  const bootFolder = await workshop.bootFolder();
  const pin = standInPin('https://assets.example.com/bench/image', imageBytes);
  const assets = path.join(bootFolder.folder, 'assets');
  await writeStandInAssets(assets, [pin]);
  const client = workshop.start<HttpLoadProgram>('http-load');

  const server = workshop.start<BootServer>('boot-server');
  const { http } = await server.call('start', bootFolder);
  const usage = () => server.call('usage', null);
  const ours = { name: 'berth', port: http.port, path: `/assets/${pin.sha256}/image`, usage };
  const samples = await load(client, ours, pin.sha256);
  await server.stop();

  const version = nginxVersion();
  if (version !== null) {
    const nginx = workshop.own(await Nginx.start(assets, await workshop.folder('nginx')));
    const peer = { name: 'nginx', port: nginx.port, path: `/${pin.sha256}`, usage: () => nginx.usage() };
    samples.push(...(await load(client, peer, pin.sha256)));
  }
  const row = (label: string, unit: Row['unit'], figure: (sample: Sample) => number): Row => {
    return { label, unit, values: samples.map(figure) };
  };
  return {
    title: `image: a file of ${imageBytes >> 20} MiB over HTTP, loopback, in the page cache`,
    columns: samples.map(({ column }) => column),
    rows: [
      row('throughput', 'GB/s', (run) => run.bytes / 1e9 / run.seconds),
      row('server CPU for a GB', 's/GB', (run) => run.serverCpuSeconds / (run.bytes / 1e9)),
      row('server CPU, of one core', '%', (run) => (run.serverCpuSeconds / run.seconds) * 100),
      row('client CPU, of one core', '%', (run) => (run.clientCpuSeconds / run.seconds) * 100),
      row('peak memory of the server', 'MB', ({ serverPeakBytes }) => serverPeakBytes / 1e6),
    ],
    notes: [
      'Where the client uses all of its core, the server could do more.',
      version === null ? 'nginx is not installed: there is no peer to compare with.' : `The peer is nginx ${version}.`,
    ],
  };
}

async function load(client: Program<HttpLoadProgram>, server: ImageServer, sha256: string): Promise<Sample[]> {
  const { name, port, path } = server;
  const digest = await client.call('digest', { port, path });
  if (digest !== sha256) throw new Error(`${name} sends other bytes: their digest is ${digest}`);
  const samples: Sample[] = [];
  for (const clients of clientCounts) {
    await client.call('run', { port, path, clients, seconds: warmUpSeconds });
    const before = await server.usage();
    const run = await client.call('run', { port, path, clients, seconds });
    const after = await server.usage();
    samples.push({
      ...run,
      column: `${name}, ${clients === 1 ? '1 client' : `${clients} clients`}`,
      serverCpuSeconds: after.cpuSeconds - before.cpuSeconds,
      serverPeakBytes: after.peakBytes,
    });
  }
  return samples;
}
