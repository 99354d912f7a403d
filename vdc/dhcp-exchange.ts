// DISCOVER, OFFER, REQUEST, ACK through a relay port, with the repetitions of real clients (RFC 2131 §3.1, §4.1).
import { randomInt } from 'node:crypto';
import { BootFailure } from './boot-failure.ts';
import {
  type DhcpClient,
  type Reply,
  readReply,
  type Selection,
  whyNotBootable,
  writeClientPacket,
} from './dhcp-client.ts';
import { DhcpPacketError } from './dhcp-packet.ts';
import type { RelayPort } from './relay.ts';

/** Seconds that a client waits after each time it sends: OVMF gives up after 60, iPXE after 15. */
const patienceSeconds = { firmware: [4, 8, 16, 32], ipxe: [1, 2, 4, 8] } as const;

/** A client that is refused this often stops asking. */
const maxNaks = 4;

export interface Lease {
  readonly address: string;
  readonly serverId: string;
  readonly bootUrl: string;
}

/** Something that came from the server and did not help. */
export interface Setback {
  readonly kind: 'answer-ignored' | 'nak';
  readonly reason: string;
}

export interface DhcpExchange {
  readonly client: DhcpClient;
  readonly port: RelayPort;
  /** 1 is the pace of real clients; 0.01 makes 4 s of waiting 40 ms. */
  readonly timeScale: number;
  readonly onSetback: (setback: Setback) => void;
  readonly signal: AbortSignal;
}

/**
 * Get an address and a boot URL. The first OFFER that will do is taken; a NAK starts all over.
 * @throws {BootFailure} DHCP_NO_ANSWER or DHCP_NAK
 * @throws the signal's reason when it aborts
 */
export async function obtainLease(exchange: DhcpExchange): Promise<Lease> {
  const beganMs = performance.now();
  for (let naks = 0; naks < maxNaks; naks += 1) {
    const xid = randomInt(2 ** 32);
    const elapsedSeconds = Math.floor((performance.now() - beganMs) / 1000);
    const offer = await ask(exchange, xid, elapsedSeconds, null);
    const answer = await ask(exchange, xid, elapsedSeconds, offer);
    if (answer.type === 'ack') return answer;
    exchange.onSetback({ kind: 'nak', reason: `${answer.serverId} refused ${offer.address}` });
  }
  throw new BootFailure('DHCP_NAK', `the server refused what it had offered ${maxNaks} times`);
}

type Answer = Lease & { readonly type: Reply['type'] };

/** Send a DISCOVER, or with a selection its REQUEST, again and again until an answer of the right type comes. */
async function ask(
  exchange: DhcpExchange,
  xid: number,
  elapsedSeconds: number,
  selection: Selection | null,
): Promise<Answer> {
  const { client, port, signal } = exchange;
  const packet = writeClientPacket(client, xid, elapsedSeconds, selection);
  for (const seconds of patienceSeconds[client.program]) {
    port.send(packet);
    const deadlineMs = performance.now() + seconds * 1000 * exchange.timeScale;
    for (;;) {
      const inbound = await port.receive(Math.max(0, deadlineMs - performance.now()), signal);
      if (inbound === null) break;
      const judged = inbound.kind === 'reply' ? judge(inbound.packet, client, xid, selection) : inbound.reason;
      if (typeof judged !== 'string') return judged;
      exchange.onSetback({ kind: 'answer-ignored', reason: judged });
    }
  }
  const asked = selection === null ? 'DISCOVER' : `REQUEST of ${selection.address}`;
  throw new BootFailure('DHCP_NO_ANSWER', `no usable answer to the ${asked} of ${client.mac}`);
}

/** The answer, or why it is none for this client at this moment. */
function judge(packet: Buffer, client: DhcpClient, xid: number, selection: Selection | null): Answer | string {
  let reply: Reply;
  try {
    reply = readReply(packet, client, xid);
  } catch (error) {
    if (error instanceof DhcpPacketError) return error.message;
    throw error;
  }
  const { type, address, serverId, bootUrl } = reply;
  const name = type.toUpperCase();
  if ((type === 'offer') !== (selection === null)) return `${name} is out of turn`;
  if (selection !== null && serverId !== selection.serverId) return `${name} comes from another server, ${serverId}`;
  if (type === 'nak') return { type, address, serverId, bootUrl: '' };
  if (selection !== null && address !== selection.address) return `${name} gives ${address}, not ${selection.address}`;
  const problem = whyNotBootable(reply, client.program);
  if (problem !== null || bootUrl === null) return `${name}: ${problem}`;
  return { type, address, serverId, bootUrl };
}
