// DHCP packets as bytes, for the machines' side of the wire (RFC 2131 §2, RFC 2132 §2). This is on purpose not
// the server's codec: a mistake that both sides shared would never show.

/** Offsets of the fixed fields, in bytes. */
export const at = {
  op: 0,
  htype: 1,
  hlen: 2,
  hops: 3,
  xid: 4,
  secs: 8,
  flags: 10,
  yiaddr: 16,
  giaddr: 24,
  chaddr: 28,
  magic: 236,
  options: 240,
} as const;

export const magicCookie = 0x63825363;
export const bootRequest = 1;
export const bootReply = 2;
export const ethernet = 1;
export const macBytes = 6;
/** The one defined bit of `flags`: answer by broadcast (RFC 2131 §2). */
export const broadcastFlag = 0x8000;

export const optionCode = {
  pad: 0,
  dns: 6,
  requestedAddress: 50,
  leaseTime: 51,
  messageType: 53,
  serverId: 54,
  parameterList: 55,
  maxMessageSize: 57,
  vendorClass: 60,
  clientId: 61,
  bootFile: 67,
  userClass: 77,
  relayAgent: 82,
  clientArchitecture: 93,
  clientInterface: 94,
  clientUuid: 97,
  etherboot: 175,
  end: 255,
} as const;

export const messageType = { discover: 1, offer: 2, request: 3, ack: 5, nak: 6 } as const;

/** A packet that no client should make sense of. */
export class DhcpPacketError extends Error {
  readonly code = 'DHCP_PACKET_MALFORMED';
}

export interface DhcpOption {
  readonly code: number;
  readonly data: Buffer;
  /** Where its code byte stands in the packet. */
  readonly offset: number;
}

/** One option: code, length, data (at most 255 bytes). */
export function encodeOption(code: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([code, data.length]), data]);
}

/**
 * Read all options of a packet, in order, strictly: the magic cookie is there, each option ends inside the packet,
 * none comes twice, an end option closes them, and nothing but padding follows it.
 * @throws {DhcpPacketError} that says what is wrong
 */
export function readOptions(packet: Buffer): DhcpOption[] {
  if (packet.length <= at.options) throw new DhcpPacketError(`${packet.length} bytes are too few for options`);
  if (packet.readUInt32BE(at.magic) !== magicCookie) throw new DhcpPacketError('magic cookie is wrong');
  const options: DhcpOption[] = [];
  const seen = new Set<number>();
  let offset: number = at.options;
  while (offset < packet.length) {
    const code = packet.readUInt8(offset);
    if (code === optionCode.pad) {
      offset += 1;
      continue;
    }
    if (code === optionCode.end) {
      if (packet.subarray(offset + 1).some((byte) => byte !== 0)) {
        throw new DhcpPacketError('bytes other than padding follow the end option');
      }
      return options;
    }
    const dataStart = offset + 2;
    const dataEnd = dataStart + (dataStart <= packet.length ? packet.readUInt8(offset + 1) : Infinity);
    if (dataEnd > packet.length) throw new DhcpPacketError(`option ${code} runs past the end of the packet`);
    if (seen.has(code)) throw new DhcpPacketError(`option ${code} comes twice`);
    seen.add(code);
    options.push({ code, data: packet.subarray(dataStart, dataEnd), offset });
    offset = dataEnd;
  }
  throw new DhcpPacketError('end option is missing');
}

/** `52:54:00:0a:00:01` as six bytes. */
export function parseMac(mac: string): Buffer {
  const bytes = Buffer.from(mac.replaceAll(':', ''), 'hex');
  if (bytes.length !== macBytes) throw new RangeError(`${mac} is no MAC address`);
  return bytes;
}

/** Six bytes as `52:54:00:0a:00:01`. */
export function formatMac(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
