// The UDP sockets of the DHCP server: bytes in, bytes out, and every message accounted for.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { DhcpTables } from '../../renderers/dhcp.ts';
import { formatIpv4, ipv4 } from '../../schema/ipv4.ts';
import type { DropReason } from './drop.ts';
import { decodePacket, encodePacket, type Packet } from './packet.ts';
import { DhcpPacketError, type DhcpPacketErrorCode } from './packet-error.ts';
import { type Arrival, type Destination, type Reply, respond } from './respond.ts';

export interface DhcpServerOptions {
  /** Address to listen on. Broadcasts of a local link only come in on 0.0.0.0. */
  readonly address: string;
  /** UDP port, 67 in a data center; 0 for one that the kernel picks. */
  readonly port: number;
  /**
   * This server's own address on a link whose machines have no relay in between. Broadcasts go out by it, through a
   * socket of its own: from 0.0.0.0 they would leave by the default route. Without it, only relays are served.
   */
  readonly linkAddress?: string;
  /**
   * Where answers to relays go. `giaddr` is what RFC 2131 §4.1 says: port 67 of the relay. `source` is where the packet
   * came from: for relays behind NAT, or without an address and a port 67 of their own, as on loopback.
   */
  readonly replyTo: 'giaddr' | 'source';
  /** The tables in force, asked for each message; null while there are none. */
  readonly tables: () => DhcpTables | null;
  /** Told of every message once it is dealt with. What it throws is ignored. */
  readonly onExchange?: (exchange: DhcpExchange) => void;
  /** Stops the server. */
  readonly signal: AbortSignal;
}

/** What became of a message, for metrics and logs. */
export type DhcpExchange =
  | { readonly kind: 'answered'; readonly source: Source; readonly request: Packet; readonly reply: Reply }
  | { readonly kind: 'dropped'; readonly source: Source; readonly request: Packet; readonly reason: DropReason }
  | { readonly kind: 'malformed'; readonly source: Source; readonly code: DhcpPacketErrorCode }
  /** No fault of the client: the reply could not be made or sent, or a socket is ill (source is null then). */
  | { readonly kind: 'failed'; readonly source: Source | null; readonly error: Error };

/** Where a message came from. */
export interface Source {
  readonly address: string;
  readonly port: number;
}

export interface DhcpServer {
  /** The address and the port that it listens on. */
  readonly address: string;
  readonly port: number;
  /** Settles when the signal has stopped it and its sockets are closed. */
  readonly closed: Promise<void>;
}

/** Enough for the first seconds of a site that powers up at once; the kernel cuts it to its own limit. */
const receiveBufferBytes = 4 * 1024 * 1024;
const everyone = '255.255.255.255';

/**
 * Open the sockets and answer until the signal says to stop. No message, however broken, ends it.
 * @throws {Error} with the `code` of the system call when a socket cannot be opened
 */
export async function serveDhcp(options: DhcpServerOptions): Promise<DhcpServer> {
  const { signal, linkAddress } = options;
  signal.throwIfAborted();
  const arrival: Arrival = { linkAddress: linkAddress === undefined ? null : ipv4(linkAddress) };
  const shared = linkAddress !== undefined;
  const socket = await openSocket(options.address, options.port, shared);
  const { address, port } = socket.address();
  const linkSocket = linkAddress === undefined ? null : await openLinkSocket(linkAddress, port, socket);
  const sockets = linkSocket === null ? [socket] : [socket, linkSocket];
  for (const each of sockets) {
    each.on('message', receive);
    each.on('error', (error) => report({ kind: 'failed', source: null, error }));
  }
  const closed = Promise.all(sockets.map(untilClosed)).then(() => undefined);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { address, port, closed };

  function stop(): void {
    for (const each of sockets) each.close();
  }

  function receive(bytes: Buffer, source: Source): void {
    try {
      const exchange = answer(bytes, source, options.tables, arrival);
      if (exchange.kind === 'answered') send(exchange);
      else report(exchange);
    } catch (error) {
      report({ kind: 'failed', source, error: asError(error) });
    }
  }

  function send(exchange: Extract<DhcpExchange, { kind: 'answered' }>): void {
    const { reply, source } = exchange;
    const target = targetOf(reply.destination, source, options.replyTo);
    const by = target.address === everyone ? (linkSocket ?? socket) : socket;
    by.send(encodePacket(reply.packet, reply.limitBytes), target.port, target.address, (error) => {
      report(error === null ? exchange : { kind: 'failed', source, error });
    });
  }

  function report(exchange: DhcpExchange): void {
    try {
      options.onExchange?.(exchange);
    } catch {
      // A defect of whoever counts must not cost a machine its answer.
    }
  }
}

/** The socket that broadcasts leave by. When it cannot be opened, the one already open is closed too. */
async function openLinkSocket(linkAddress: string, port: number, open: Socket): Promise<Socket> {
  try {
    const socket = await openSocket(linkAddress, port, true);
    socket.setBroadcast(true);
    return socket;
  } catch (error) {
    open.close();
    throw error;
  }
}

async function openSocket(address: string, port: number, shared: boolean): Promise<Socket> {
  const socket = createSocket({
    type: 'udp4',
    reuseAddr: shared,
    recvBufferSize: receiveBufferBytes,
    // Only literal addresses are sent to: spare each packet the resolver that node asks otherwise.
    lookup: (host, _options, callback) => callback(null, host, 4),
  });
  try {
    const listening = once(socket, 'listening');
    socket.bind(port, address);
    await listening;
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Unlike `once` of node:events, which would reject on an error before that. */
function untilClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', resolve);
  });
}

/** Bytes → what to answer, or why nothing. */
function answer(bytes: Buffer, source: Source, tablesOf: () => DhcpTables | null, arrival: Arrival): DhcpExchange {
  const request = tryDecode(bytes);
  if (request instanceof DhcpPacketError) return { kind: 'malformed', source, code: request.code };
  const tables = tablesOf();
  if (tables === null) return { kind: 'dropped', source, request, reason: 'no-generation' };
  const reply = respond(request, tables, arrival);
  if ('drop' in reply) return { kind: 'dropped', source, request, reason: reply.drop };
  return { kind: 'answered', source, request, reply };
}

function tryDecode(bytes: Buffer): Packet | DhcpPacketError {
  try {
    return decodePacket(bytes);
  } catch (error) {
    if (error instanceof DhcpPacketError) return error;
    throw error;
  }
}

function targetOf({ kind, address, port }: Destination, source: Source, replyTo: 'giaddr' | 'source'): Source {
  switch (kind) {
    case 'relay':
      return replyTo === 'source' ? source : { address: formatIpv4(address), port };
    case 'client':
      return { address: formatIpv4(address), port };
    // A frame to a client without an address takes a packet socket. RFC 2131 §4.1 allows to broadcast instead.
    case 'link':
    case 'broadcast':
      return { address: everyone, port };
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
