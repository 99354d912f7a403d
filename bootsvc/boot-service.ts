// The boot service, put together: it follows the target, answers DHCP and HTTP from memory, and tells what it serves.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Kv } from '../schema/state/kv.ts';
import { Presence } from '../schema/state/presence.ts';
import { records } from '../schema/state/records.ts';
import { AssetStore } from './assets/store.ts';
import { type DhcpExchange, serveDhcp } from './dhcp/socket.ts';
import { type FollowEvent, Follower } from './follow.ts';
import { openHttpServer, serveRoutes } from './http/server.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { ReportQueue } from './report-queue.ts';

export interface SocketAddress {
  readonly address: string;
  /** 0 for one that the kernel picks. */
  readonly port: number;
}

export interface BootServiceOptions {
  /** Name of this boot server in site.yaml. */
  readonly name: string;
  readonly version: string;
  readonly kv: Kv;
  /** Folder for assets, the disk copy, and reports that etcd does not have yet. */
  readonly folder: string;
  readonly dhcp: SocketAddress & {
    readonly replyTo: 'giaddr' | 'source';
    /** Own address on a link without a relay. */
    readonly linkAddress?: string;
  };
  readonly http: SocketAddress;
  /** Base of the URLs that machines are given, {port} standing for the HTTP port; null for the server's node address. */
  readonly baseUrl: string | null;
  readonly mirrors: readonly string[];
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface BootService {
  readonly dhcp: SocketAddress;
  readonly http: SocketAddress;
  /** Settles when the signal has stopped the service and its sockets are closed. */
  readonly closed: Promise<void>;
}

const presenceTtlSeconds = 10;

/** Start serving. @throws {Error} when a socket or the folder cannot be opened */
export async function startBootService(options: BootServiceOptions): Promise<BootService> {
  const { name, kv, folder, log, signal } = options;
  const metrics = createMetrics();
  const assets = await AssetStore.open(path.join(folder, 'assets'), signal);
  const reports = await ReportQueue.open(kv, folder, (error) => log.warn({ err: error }, 'reports wait for etcd'));
  const presence = new Presence({
    kv,
    kind: records.observedServer,
    ttlSeconds: presenceTtlSeconds,
    onTrouble: (error) => log.warn({ err: error }, 'etcd is away'),
  });
  // The socket first: machines are given URLs with its port.
  const server = await openHttpServer(options.http.address, options.http.port).catch(async (error) => {
    await reports.close();
    throw error;
  });
  const { port: httpPort } = server.address() as AddressInfo;
  const baseUrl = options.baseUrl?.replace('{port}', String(httpPort)) ?? null;
  const identity = { name, baseUrl, httpPort };
  const follower = new Follower({ kv, server: identity, assets, folder, mirrors: options.mirrors, onEvent });
  serveRoutes(server, { serverName: name, follower, assets, reports, metrics, log });
  const dhcp = await serveDhcp({
    ...options.dhcp,
    tables: () => follower.current?.dhcp ?? null,
    onExchange: (exchange) => countExchange(exchange, metrics, log),
    signal,
  }).catch(async (error) => {
    await Promise.all([closeServer(), reports.close()]);
    throw error;
  });
  await follower.resume();
  tellPresence();
  const loops = [follower.run(signal), reports.run(signal), presence.run(signal)];
  const closed = Promise.all([...loops, dhcp.closed, closeWhenAborted()]).then(() => undefined);
  return { dhcp, http: { address: options.http.address, port: httpPort }, closed };

  function onEvent(event: FollowEvent): void {
    switch (event.event) {
      case 'served': {
        const { generation, commit, root } = event.generation.target;
        metrics.generation.set(generation);
        log.info({ generation, commit, root, from: event.from }, 'serving');
        tellPresence();
        return;
      }
      case 'fetched':
        log.info({ asset: event.pin.name, sha256: event.pin.sha256, url: event.url }, 'asset fetched');
        return;
      case 'refused':
        metrics.refusals.inc();
        metrics.generation.set(follower.current?.target.generation ?? 0);
        log.error({ generation: event.target?.generation ?? null, err: event.error }, 'generation not served');
        tellPresence();
        return;
      case 'trouble':
        log.warn({ err: event.error }, 'trouble');
    }
  }

  function tellPresence(): void {
    const { refusal } = follower;
    const target = follower.current?.target;
    presence.set({
      name,
      generation: target?.generation ?? 0,
      root: target?.root ?? null,
      assets: [...assets.digests()],
      url: baseUrl ?? `http://${options.http.address}:${httpPort}`,
      version: options.version,
      ...(refusal === null ? {} : { refused: refusal }),
      at: new Date().toISOString(),
    });
  }

  async function closeWhenAborted(): Promise<void> {
    if (!signal.aborted) await once(signal, 'abort');
    await closeServer();
  }

  async function closeServer(): Promise<void> {
    const closing = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closing;
  }
}

function countExchange(exchange: DhcpExchange, metrics: Metrics, log: Logger): void {
  switch (exchange.kind) {
    case 'answered': {
      const { request, reply } = exchange;
      metrics.dhcpMessages.inc({ type: request.options.messageType, outcome: reply.packet.options.messageType });
      log.debug(
        { mac: request.mac, type: request.options.messageType, answer: reply.packet.options.messageType },
        'dhcp',
      );
      return;
    }
    case 'dropped':
      metrics.dhcpMessages.inc({ type: exchange.request.options.messageType, outcome: exchange.reason });
      log.debug(
        { mac: exchange.request.mac, type: exchange.request.options.messageType, reason: exchange.reason },
        'dhcp',
      );
      return;
    case 'malformed':
      metrics.dhcpMessages.inc({ type: 'malformed', outcome: exchange.code });
      log.debug({ from: exchange.source.address, code: exchange.code }, 'dhcp');
      return;
    case 'failed':
      metrics.dhcpMessages.inc({ type: 'failed', outcome: 'failed' });
      log.warn({ err: exchange.error }, 'dhcp');
  }
}
