// The boot service's DHCP under load from a client process: exchanges per second, loss, latency, cost.
import { formatNumber, type Row, type Table } from './figures.ts';
import type { BootServer } from './programs/boot-server.ts';
import type { DhcpLoadProgram, DhcpRun } from './programs/dhcp-load.ts';
import type { Workshop } from './workshop.ts';

/** Exchanges under way at any time: one shows the latency, many show the throughput. */
const atOnce = [1, 16, 64] as const;
const warmUpSeconds = 2;
const seconds = 5;

interface Sample extends DhcpRun {
  readonly serverCpuSeconds: number;
}

export async function measureDhcp(workshop: Workshop): Promise<Table> {
  const bootFolder = await workshop.bootFolder();
  const client = workshop.start<DhcpLoadProgram>('dhcp-load');
  const machines = await client.call('prepare', bootFolder);
  const server = workshop.start<BootServer>('boot-server');
  const { dhcp, startSeconds } = await server.call('start', bootFolder);
  const idle = await server.call('usage', null);
  const { port } = dhcp;
  // A machine has one exchange under way.
  const loads = atOnce.filter((outstanding) => outstanding <= machines);
  await client.call('run', { port, outstanding: Math.max(...loads), seconds: warmUpSeconds });
  const samples: Sample[] = [];
  for (const outstanding of loads) {
    const before = await server.call('usage', null);
    const run = await client.call('run', { port, outstanding, seconds });
    const after = await server.call('usage', null);
    if (run.exchanges === 0) throw new Error('no exchange came to its end');
    samples.push({ ...run, serverCpuSeconds: after.cpuSeconds - before.cpuSeconds });
  }
  const { peakBytes } = await server.call('usage', null);
  const row = (label: string, unit: Row['unit'], figure: (sample: Sample) => number): Row => {
    return { label, unit, values: samples.map(figure) };
  };
  return {
    title: `dhcp: DISCOVER, OFFER, REQUEST, ACK of ${formatNumber(machines)} machines through relay agents, loopback`,
    columns: loads.map((outstanding) => `${outstanding} at a time`),
    rows: [
      row('exchanges', '1/s', (run) => run.exchanges / run.seconds),
      row('lost', '', ({ lost }) => lost),
      row('latency p50', 's', ({ p50Seconds }) => p50Seconds),
      row('latency p99', 's', ({ p99Seconds }) => p99Seconds),
      row('server CPU per exchange', 's', (run) => run.serverCpuSeconds / run.exchanges),
      row('server CPU, of one core', '%', (run) => (run.serverCpuSeconds / run.seconds) * 100),
      row('client CPU, of one core', '%', (run) => (run.clientCpuSeconds / run.seconds) * 100),
    ],
    notes: [
      'Where one side uses all of its core, the other could do more.',
      `The server answered ${startSeconds.toFixed(2)} s after its process began, from its disk copy, etcd away.`,
      `Its peak memory was ${megabytes(idle.peakBytes)} then, and ${megabytes(peakBytes)} in the end.`,
    ],
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
