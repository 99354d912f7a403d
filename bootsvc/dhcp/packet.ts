// DHCP messages and their bytes (RFC 2131 §2). Knows no socket, no machine and no policy.
import type { Ipv4 } from '../../schema/ipv4.ts';
import { decodeOptions, encodeOptions, type Field, type OptionSet, overloadedFields } from './option-field.ts';
import { DhcpPacketError } from './packet-error.ts';

/** A DHCP message of an Ethernet client. The members have the names of RFC 2131 table 1. */
export interface Packet extends OptionSet {
  /** Clients send requests (BOOTREQUEST), servers replies (BOOTREPLY). */
  readonly op: 'request' | 'reply';
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  /** The broadcast flag: the client cannot receive unicast yet. The other flag bits are reserved, and dropped. */
  readonly broadcast: boolean;
  readonly ciaddr: Ipv4;
  readonly yiaddr: Ipv4;
  readonly siaddr: Ipv4;
  readonly giaddr: Ipv4;
  /** The hardware address from chaddr, lower case with colons. */
  readonly mac: string;
  /** Empty when the field holds options. */
  readonly sname: string;
  /** Empty when the field holds options. */
  readonly file: string;
}

/** The longest message that every client takes: 576 bytes of datagram (RFC 2131 §2) less the headers of IP and UDP. */
export const defaultLimitBytes = 548;

const operations = { request: 1, reply: 2 } as const;
const ethernet = 1;
const macBytes = 6;
const broadcastFlag = 0x8000;
const magicCookie = 0x63825363;
/** The length that relays and old clients expect at least (RFC 1542 §2.1). */
const minimumBytes = 300;

const macField = { start: 28, end: 34 };
const snameField = { start: 44, end: 108 };
const fileField = { start: 108, end: 236 };
const magicCookieAt = 236;
const optionsAt = 240;

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Read a message. The result may hold views of bytes.
 * @throws {DhcpPacketError} when the bytes are no message of an Ethernet client
 */
export function decodePacket(bytes: Buffer): Packet {
  if (bytes.length < optionsAt) throw new DhcpPacketError('short', `${bytes.length} bytes`);
  const operation = bytes.readUInt8(0);
  if (operation !== operations.request && operation !== operations.reply) throw new DhcpPacketError('op');
  if (bytes.readUInt8(1) !== ethernet) throw new DhcpPacketError('hardware-type');
  if (bytes.readUInt8(2) !== macBytes) throw new DhcpPacketError('hardware-length');
  if (bytes.readUInt32BE(magicCookieAt) !== magicCookie) throw new DhcpPacketError('magic-cookie');

  const optionsField = { start: optionsAt, end: bytes.length };
  const { options, otherOptions } = decodeOptions(bytes, optionsField, fileField, snameField);
  const overloaded = overloadedFields(options);
  return {
    op: operation === operations.request ? 'request' : 'reply',
    hops: bytes.readUInt8(3),
    xid: bytes.readUInt32BE(4),
    secs: bytes.readUInt16BE(8),
    broadcast: (bytes.readUInt16BE(10) & broadcastFlag) !== 0,
    ciaddr: bytes.readUInt32BE(12),
    yiaddr: bytes.readUInt32BE(16),
    siaddr: bytes.readUInt32BE(20),
    giaddr: bytes.readUInt32BE(24),
    mac: readMac(bytes),
    sname: overloaded.sname ? '' : readText(bytes, snameField),
    file: overloaded.file ? '' : readText(bytes, fileField),
    options,
    otherOptions,
  };
}

/**
 * Write a message, padded to 300 bytes. Options that the client can do without are left out when the message would be
 * longer than limitBytes (option 82 apart, see encodeOptions).
 * @throws {DhcpPacketError} `too-long` when sname, file or the options that matter do not fit
 */
export function encodePacket(packet: Packet, limitBytes: number = defaultLimitBytes): Buffer {
  const options = encodeOptions(packet, limitBytes - optionsAt);
  const bytes = Buffer.allocUnsafe(Math.max(minimumBytes, optionsAt + options.length)).fill(0);
  bytes.writeUInt8(operations[packet.op], 0);
  bytes.writeUInt8(ethernet, 1);
  bytes.writeUInt8(macBytes, 2);
  bytes.writeUInt8(packet.hops, 3);
  bytes.writeUInt32BE(packet.xid, 4);
  bytes.writeUInt16BE(packet.secs, 8);
  bytes.writeUInt16BE(packet.broadcast ? broadcastFlag : 0, 10);
  bytes.writeUInt32BE(packet.ciaddr, 12);
  bytes.writeUInt32BE(packet.yiaddr, 16);
  bytes.writeUInt32BE(packet.siaddr, 20);
  bytes.writeUInt32BE(packet.giaddr, 24);
  writeMac(packet.mac, bytes);
  writeText(packet.sname, bytes, snameField);
  writeText(packet.file, bytes, fileField);
  bytes.writeUInt32BE(magicCookie, magicCookieAt);
  bytes.set(options, optionsAt);
  return bytes;
}

function readMac(bytes: Buffer): string {
  let mac = '';
  for (let at = macField.start; at < macField.end; at += 1) {
    if (mac !== '') mac += ':';
    mac += hexOfByte[bytes.readUInt8(at)];
  }
  return mac;
}

function writeMac(mac: string, bytes: Buffer): void {
  for (let at = macField.start, digits = 0; at < macField.end; at += 1, digits += 3) {
    bytes.writeUInt8(Number.parseInt(mac.slice(digits, digits + 2), 16), at);
  }
}

/** Text up to the first NUL, or the whole field. */
function readText(bytes: Buffer, { start, end }: Field): string {
  if (bytes[start] === 0) return '';
  const nul = bytes.indexOf(0, start);
  return bytes.toString('latin1', start, nul === -1 ? end : Math.min(nul, end));
}

function writeText(text: string, bytes: Buffer, { start, end }: Field): void {
  if (text === '') return;
  if (text.length > end - start) throw new DhcpPacketError('too-long', `"${text}" in a field of ${end - start} bytes`);
  bytes.write(text, start, 'latin1');
}
