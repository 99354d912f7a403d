// What a ToR's relay agent does to packets that pass through it (RFC 2131 §2, RFC 3046). Pure.
import { formatIpv4, ipv4 } from '../schema/ipv4.ts';
import {
  at,
  bootReply,
  DhcpPacketError,
  encodeOption,
  formatMac,
  macBytes,
  optionCode,
  readOptions,
} from './dhcp-packet.ts';

/** Where on the ToR a client is plugged in. */
export interface RelaySegment {
  /** The ToR's address on the client's side. */
  readonly giaddr: string;
  /** Sub-option 1: the port. */
  readonly circuitId: string;
  /** Sub-option 2: the ToR. */
  readonly remoteId: string;
}

const subOption = { circuitId: 1, remoteId: 2 } as const;

/** The relay agent information option as the agent adds it, and wants it back. */
function agentInformation(segment: RelaySegment): Buffer {
  return Buffer.concat([
    encodeOption(subOption.circuitId, Buffer.from(segment.circuitId, 'utf8')),
    encodeOption(subOption.remoteId, Buffer.from(segment.remoteId, 'utf8')),
  ]);
}

/**
 * A client's packet as it goes to the server: one hop more, giaddr set, option 82 as the last one (RFC 3046 §2.1).
 * @throws {DhcpPacketError} when it is no well-formed DHCP packet of a client
 */
export function relayToServer(packet: Buffer, segment: RelaySegment): Buffer {
  const last = readOptions(packet).at(-1);
  const end = last === undefined ? at.options : last.offset + 2 + last.data.length;
  const relayed = Buffer.concat([
    packet.subarray(0, end),
    encodeOption(optionCode.relayAgent, agentInformation(segment)),
    Buffer.from([optionCode.end]),
  ]);
  relayed.writeUInt8(packet.readUInt8(at.hops) + 1, at.hops);
  relayed.writeUInt32BE(ipv4(segment.giaddr), at.giaddr);
  return relayed;
}

/** Whom an answer is for, by giaddr and chaddr; null when it is too short or no answer at all. */
export function addresseeOf(packet: Buffer): { readonly giaddr: string; readonly mac: string } | null {
  if (packet.length <= at.options || packet.readUInt8(at.op) !== bootReply) return null;
  return {
    giaddr: formatIpv4(packet.readUInt32BE(at.giaddr)),
    mac: formatMac(packet.subarray(at.chaddr, at.chaddr + macBytes)),
  };
}

/**
 * An answer as it goes to the client: without option 82, which has to have come back as it was sent (RFC 3046 §2.2).
 * @throws {DhcpPacketError} when it has not, or the packet is malformed
 */
export function relayToClient(packet: Buffer, segment: RelaySegment): Buffer {
  const echoed = readOptions(packet).find((option) => option.code === optionCode.relayAgent);
  if (echoed === undefined) throw new DhcpPacketError('relay agent information (option 82) did not come back');
  if (!echoed.data.equals(agentInformation(segment))) {
    throw new DhcpPacketError('relay agent information (option 82) came back changed');
  }
  return Buffer.concat([packet.subarray(0, echoed.offset), packet.subarray(echoed.offset + 2 + echoed.data.length)]);
}
