// A single etcd member on loopback, with its data in the work folder.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { freePorts } from '../free-ports.ts';
import { Program, ProgramError } from './program.ts';

export interface EtcdProcess {
  readonly program: Program;
  readonly endpoint: string;
}

const startMs = 20_000;

/** Start etcd; resolves when it answers. @throws {ProgramError} when it does not */
export async function startEtcd(folder: string, logFile: string, signal: AbortSignal): Promise<EtcdProcess> {
  const [clientPort, peerPort] = await freePorts(2);
  const endpoint = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  const program = new Program({
    name: 'etcd',
    command: [
      'etcd',
      ...['--name', 'demo', '--data-dir', path.join(folder)],
      ...['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `demo=${peer}`],
    ],
    logFile,
  });
  try {
    await Promise.race([program.failure(), answers(endpoint, signal)]);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return { program, endpoint };
}

async function answers(endpoint: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + startMs;
  while (performance.now() < deadline) {
    const healthy = await request(`${endpoint}/health`, { signal }).then(
      async ({ statusCode, body }) => (await body.text()).includes('true') && statusCode === 200,
      () => false,
    );
    if (healthy) return;
    await delay(50, undefined, { signal });
  }
  throw new ProgramError(`etcd does not answer at ${endpoint}`);
}
