// The DHCP packets of a booting machine, byte for byte as OVMF and iPXE send them, and the reading of answers.
import { formatIpv4, ipv4 } from '../schema/ipv4.ts';
import {
  at,
  bootReply,
  bootRequest,
  broadcastFlag,
  type DhcpOption,
  DhcpPacketError,
  encodeOption,
  ethernet,
  formatMac,
  macBytes,
  magicCookie,
  messageType,
  optionCode,
  parseMac,
  readOptions,
} from './dhcp-packet.ts';

/** Who speaks: the UEFI firmware (HTTP boot), or the iPXE that it has loaded. */
export type BootClient = 'firmware' | 'ipxe';

export interface DhcpClient {
  readonly program: BootClient;
  readonly mac: string;
  /** SMBIOS UUID in its usual text form. */
  readonly uuid: string;
}

/** The OFFER that a REQUEST takes up. */
export interface Selection {
  readonly serverId: string;
  readonly address: string;
}

/** Vendor class in OFFER and ACK that makes them an HTTP boot answer (UEFI 2.10 §24.7). */
const httpVendorClass = 'HTTPClient';

/** OVMF 2022.11, as seen on the wire. */
const firmwareParameters = [
  1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 235, 67, 97,
];
const ipxeParameters = [
  1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203,
];
/** iPXE's own options: it sits on a virtio card, is version 1.0.0, and has eight features (DNS to SRP), each at 1. */
const ipxeFeatures = Buffer.from('b105011af41000eb030100001701011301011101011501011201012401012701011b0101', 'hex');
const maxMessageSize = Buffer.from([0x05, 0xc0]);

/**
 * A DISCOVER, or with a selection the REQUEST for it (RFC 2131 §4.4.1), as it leaves the machine: not yet relayed.
 * @param client who speaks, from which card
 * @param xid transaction id, unsigned 32 bits
 * @param elapsedSeconds since the exchange began; a REQUEST repeats that of its DISCOVER
 */
export function writeClientPacket(
  client: DhcpClient,
  xid: number,
  elapsedSeconds: number,
  selection: Selection | null,
): Buffer {
  const header = Buffer.alloc(at.options);
  header.writeUInt8(bootRequest, at.op);
  header.writeUInt8(ethernet, at.htype);
  header.writeUInt8(macBytes, at.hlen);
  header.writeUInt32BE(xid, at.xid);
  header.writeUInt16BE(elapsedSeconds, at.secs);
  header.writeUInt16BE(flagsOf(client), at.flags);
  parseMac(client.mac).copy(header, at.chaddr);
  header.writeUInt32BE(magicCookie, at.magic);
  const options = client.program === 'firmware' ? firmwareOptions(client, selection) : ipxeOptions(client, selection);
  return Buffer.concat([header, ...options, Buffer.from([optionCode.end])]);
}

function firmwareOptions(client: DhcpClient, selection: Selection | null): Buffer[] {
  return [
    typeOption(selection),
    ...selectionOptions(selection),
    encodeOption(optionCode.maxMessageSize, maxMessageSize),
    encodeOption(optionCode.parameterList, Buffer.from(firmwareParameters)),
    encodeOption(optionCode.clientUuid, uuidOption(client.uuid)),
    encodeOption(optionCode.clientInterface, Buffer.from([1, 3, 0])),
    encodeOption(optionCode.clientArchitecture, Buffer.from([0, 16])),
    encodeOption(optionCode.vendorClass, Buffer.from('HTTPClient:Arch:00016:UNDI:003000', 'ascii')),
  ];
}

function ipxeOptions(client: DhcpClient, selection: Selection | null): Buffer[] {
  return [
    typeOption(selection),
    encodeOption(optionCode.maxMessageSize, maxMessageSize),
    encodeOption(optionCode.clientArchitecture, Buffer.from([0, 7])),
    encodeOption(optionCode.clientInterface, Buffer.from([1, 3, 16])),
    encodeOption(optionCode.vendorClass, Buffer.from('PXEClient:Arch:00007:UNDI:003010', 'ascii')),
    encodeOption(optionCode.userClass, Buffer.from('iPXE', 'ascii')),
    encodeOption(optionCode.parameterList, Buffer.from(ipxeParameters)),
    encodeOption(optionCode.etherboot, ipxeFeatures),
    encodeOption(optionCode.clientId, Buffer.concat([Buffer.from([ethernet]), parseMac(client.mac)])),
    encodeOption(optionCode.clientUuid, uuidOption(client.uuid)),
    ...selectionOptions(selection),
  ];
}

function typeOption(selection: Selection | null): Buffer {
  return encodeOption(
    optionCode.messageType,
    Buffer.from([selection === null ? messageType.discover : messageType.request]),
  );
}

function selectionOptions(selection: Selection | null): Buffer[] {
  if (selection === null) return [];
  return [
    encodeOption(optionCode.serverId, addressBytes(selection.serverId)),
    encodeOption(optionCode.requestedAddress, addressBytes(selection.address)),
  ];
}

/** OVMF asks for a broadcast, for it has no address to be found by; iPXE takes unicast. */
function flagsOf(client: DhcpClient): number {
  return client.program === 'firmware' ? broadcastFlag : 0;
}

/** Type 0 and the UUID with its first three fields little-endian, as SMBIOS keeps it (RFC 4578 §2.3). */
function uuidOption(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).swap32();
  bytes.subarray(4, 8).swap16();
  return Buffer.concat([Buffer.from([0]), bytes]);
}

function addressBytes(address: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(ipv4(address));
  return bytes;
}

/** What a client has understood of an answer. */
export interface Reply {
  readonly type: 'offer' | 'ack' | 'nak';
  /** yiaddr. */
  readonly address: string;
  readonly serverId: string;
  readonly vendorClass: string | null;
  readonly bootUrl: string | null;
  readonly hasDns: boolean;
  readonly leaseSeconds: number | null;
}

/**
 * Read an answer to a client's packet, as the relay agent hands it on.
 * @throws {DhcpPacketError} when it is malformed, meant for somebody else, or not what RFC 2131 table 3 allows
 */
export function readReply(packet: Buffer, client: DhcpClient, xid: number): Reply {
  const options = new Map(readOptions(packet).map((option) => [option.code, option]));
  const demand = (holds: boolean, problem: string): void => {
    if (!holds) throw new DhcpPacketError(problem);
  };
  demand(packet.readUInt8(at.op) === bootReply, `op is ${packet.readUInt8(at.op)}, not 2 (BOOTREPLY)`);
  demand(packet.readUInt8(at.htype) === ethernet && packet.readUInt8(at.hlen) === macBytes, 'not for Ethernet');
  demand(packet.readUInt32BE(at.xid) === xid, 'xid is of another exchange');
  const mac = formatMac(packet.subarray(at.chaddr, at.chaddr + macBytes));
  demand(mac === client.mac, `chaddr is ${mac}, not ${client.mac}`);

  const type = typeOf(options.get(optionCode.messageType));
  const flags = packet.readUInt16BE(at.flags);
  const address = formatIpv4(packet.readUInt32BE(at.yiaddr));
  const serverId = options.get(optionCode.serverId);
  if (serverId === undefined)
    throw new DhcpPacketError(`${type.toUpperCase()} lacks the server identifier (option 54)`);
  if (type === 'nak') {
    // RFC 2131 §4.3.2: the relay agent could not reach a client whose address is wrong in any other way.
    demand(flags === broadcastFlag, 'NAK through a relay agent lacks the broadcast flag');
    demand(address === '0.0.0.0', 'NAK carries an address');
  } else {
    demand(flags === flagsOf(client), `flags 0x${flags.toString(16)} are not those that were asked with`);
    demand(address !== '0.0.0.0', `${type.toUpperCase()} carries no address`);
  }
  const leaseTime = options.get(optionCode.leaseTime);
  return {
    type,
    address,
    serverId: formatIpv4(readNumber(serverId)),
    vendorClass: options.get(optionCode.vendorClass)?.data.toString('latin1') ?? null,
    bootUrl: options.get(optionCode.bootFile)?.data.toString('latin1') ?? null,
    hasDns: options.has(optionCode.dns),
    leaseSeconds: leaseTime === undefined ? null : readNumber(leaseTime),
  };
}

function typeOf(option: DhcpOption | undefined): Reply['type'] {
  const type = option?.data.length === 1 ? option.data.readUInt8() : undefined;
  switch (type) {
    case messageType.offer:
      return 'offer';
    case messageType.ack:
      return 'ack';
    case messageType.nak:
      return 'nak';
    default:
      throw new DhcpPacketError(`message type (option 53) ${type ?? 'is missing'} is no answer`);
  }
}

function readNumber(option: DhcpOption): number {
  if (option.data.length !== 4) throw new DhcpPacketError(`option ${option.code} is not four bytes long`);
  return option.data.readUInt32BE();
}

/** Why a client cannot boot from an OFFER or ACK, which it then takes for not received; null when it can. */
export function whyNotBootable(reply: Reply, program: BootClient): string | null {
  if (program === 'firmware' && !(reply.vendorClass ?? '').startsWith(httpVendorClass)) {
    return `vendor class (option 60) is ${reply.vendorClass ?? 'missing'}, not ${httpVendorClass}`;
  }
  if (reply.bootUrl === null) return 'boot file name (option 67) is missing';
  const url = /^[\x21-\x7e]+$/.test(reply.bootUrl) && URL.canParse(reply.bootUrl) ? new URL(reply.bootUrl) : null;
  if (url?.protocol !== 'http:') return `boot file name (option 67) is no http URL: ${JSON.stringify(reply.bootUrl)}`;
  if (!/^[\d.]+$/.test(url.hostname) && !reply.hasDns) {
    return `${url.hostname} cannot be resolved: no DNS server (option 6)`;
  }
  return null;
}
