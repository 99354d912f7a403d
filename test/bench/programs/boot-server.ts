// The boot service with nothing but its disk copy: no etcd, no reconciler.
import { pino } from 'pino';
import { type BootService, startBootService } from '../../../bootsvc/boot-service.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';
import { serveCalls, usage } from '../calls.ts';

export interface StartedServer {
  readonly dhcp: BootService['dhcp'];
  readonly http: BootService['http'];
  /** From the start of the process until it answers. */
  readonly startSeconds: number;
}

/** @param server its folder, and its name in the site */
async function start(server: { readonly folder: string; readonly name: string }): Promise<StartedServer> {
  const { dhcp, http } = await startBootService({
    ...server,
    version: 'bench',
    kv: new MemoryKv(),
    dhcp: { address: '127.0.0.1', port: 0, replyTo: 'source' },
    http: { address: '127.0.0.1', port: 0 },
    baseUrl: 'http://127.0.0.1:{port}',
    mirrors: [],
    // At the level of `berth boot`, and written as there.
    log: pino({ name: 'berth-boot', base: { server: server.name }, level: 'info' }),
    signal: new AbortController().signal,
  });
  return { dhcp, http, startSeconds: process.uptime() };
}

const methods = { start, usage: (_: null) => usage() };
export type BootServer = typeof methods;

serveCalls(methods);
