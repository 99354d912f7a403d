// The DHCP options that berth reads or writes: one table, one row each. Adding an option is adding a row.
import type { Ipv4 } from '../../schema/ipv4.ts';

/** How one kind of value stands in the payload of an option. */
interface Codec<T> {
  /** Read the payload bytes[start, end); undefined when it has another form. What comes back may be a view of bytes. */
  decode(bytes: Buffer, start: number, end: number): T | undefined;
  /** Length of the payload in bytes. */
  sizeOf(value: T): number;
  /** Write the payload to where it starts; there is room for it. */
  encode(value: T, bytes: Buffer, start: number): void;
}

/** DHCP message types by their number in option 53 (RFC 2132 §9.6). */
const messageTypes = [null, 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM'] as const;

export type MessageType = Exclude<(typeof messageTypes)[number], null>;

const uint8 = unsigned(1);
const uint16 = unsigned(2);
const uint32 = unsigned(4);
const address: Codec<Ipv4> = uint32;
const addresses: Codec<readonly Ipv4[]> = listOf(4);

/** Every option that has a name here; any other is kept as raw bytes. RFC 2132 where no other is given. */
export const optionTable = {
  subnetMask: { code: 1, ...address },
  routers: { code: 3, ...addresses },
  dns: { code: 6, ...addresses },
  hostName: { code: 12, ...text() },
  domainName: { code: 15, ...text() },
  broadcastAddress: { code: 28, ...address },
  ntp: { code: 42, ...addresses },
  vendorSpecific: { code: 43, ...raw() },
  requestedAddress: { code: 50, ...address },
  leaseSeconds: { code: 51, ...uint32 },
  /** Bit 0: the file field holds options; bit 1: the sname field does. */
  overload: { code: 52, ...uint8 },
  messageType: { code: 53, ...messageType() },
  serverId: { code: 54, ...address },
  parameterRequestList: { code: 55, ...listOf(1) },
  /** Words for people in a NAK or DECLINE. */
  message: { code: 56, ...text() },
  maximumMessageBytes: { code: 57, ...uint16 },
  /** T1, from when on a client renews. */
  renewalSeconds: { code: 58, ...uint32 },
  /** T2, from when on a client asks any server. */
  rebindingSeconds: { code: 59, ...uint32 },
  vendorClass: { code: 60, ...text() },
  clientId: { code: 61, ...raw() },
  tftpServerName: { code: 66, ...text() },
  /** A file name, or the URL of UEFI HTTP boot (UEFI 2.10 §24.7). */
  bootFile: { code: 67, ...text() },
  /** RFC 3004. */
  userClasses: { code: 77, ...userClasses() },
  /** RFC 3046; raw, since a server has to give it back byte for byte. */
  relayAgent: { code: 82, ...raw() },
  /** RFC 4578 §2.1: processor architecture types of IANA's list, the best one first. */
  architectures: { code: 93, ...listOf(2) },
  /** RFC 4578 §2.2: UNDI type and revision. */
  networkInterface: { code: 94, ...raw() },
  /** RFC 4578 §2.3: type byte 0, then the SMBIOS UUID. */
  machineId: { code: 97, ...raw() },
  /** iPXE's own encapsulated options, its feature bits among them. */
  ipxe: { code: 175, ...raw() },
} as const;

export type OptionName = keyof typeof optionTable;

type ValueOf<Row> = Row extends Codec<infer T> ? T : never;

/** Options by name. The order of the members is the order in the packet. */
export type Options = { readonly [Name in OptionName]?: ValueOf<(typeof optionTable)[Name]> };

/** Options that the table has no row for: their payloads by code. */
export type OtherOptions = ReadonlyMap<number, Buffer>;

/** A row of the table whose value type is not known where it is used. */
export interface Option extends Codec<unknown> {
  readonly code: number;
  /** Undefined for an option that has no row. */
  readonly name?: OptionName;
}

const optionsByCode: Option[] = Array.from({ length: 256 }, (_, code) => ({ code, ...raw() }));
for (const name of Object.keys(optionTable) as OptionName[]) {
  const row: Option = optionTable[name];
  optionsByCode[row.code] = { ...row, name };
}

/** The row of an option code; a row of raw bytes without a name for a code that the table does not have. */
export function optionByCode(code: number): Option {
  const option = optionsByCode[code];
  if (option === undefined) throw new RangeError(`${code} is no option code`);
  return option;
}

function unsigned(sizeBytes: 1 | 2 | 4): Codec<number> {
  return {
    decode: (bytes, start, end) => (end - start === sizeBytes ? bytes.readUIntBE(start, sizeBytes) : undefined),
    sizeOf: () => sizeBytes,
    encode: (value, bytes, start) => {
      bytes.writeUIntBE(value, start, sizeBytes);
    },
  };
}

/** Numbers of one size, one after the other. An empty list is read too: it says as much as none. */
function listOf(sizeBytes: 1 | 2 | 4): Codec<readonly number[]> {
  return {
    decode: (bytes, start, end) => {
      if ((end - start) % sizeBytes !== 0) return undefined;
      const values: number[] = [];
      for (let at = start; at < end; at += sizeBytes) values.push(bytes.readUIntBE(at, sizeBytes));
      return values;
    },
    sizeOf: (values) => values.length * sizeBytes,
    encode: (values, bytes, start) => {
      let at = start;
      for (const value of values) at = bytes.writeUIntBE(value, at, sizeBytes);
    },
  };
}

/** Text in Latin-1, so that no byte is lost. Clients may end it with NULs, which do not count (RFC 2132 §2). */
function text(): Codec<string> {
  return {
    decode: (bytes, start, end) => {
      let last = end;
      while (last > start && bytes[last - 1] === 0) last -= 1;
      return bytes.toString('latin1', start, last);
    },
    sizeOf: (value) => value.length,
    encode: (value, bytes, start) => {
      bytes.write(value, start, 'latin1');
    },
  };
}

function raw(): Codec<Buffer> {
  return {
    decode: (bytes, start, end) => bytes.subarray(start, end),
    sizeOf: (value) => value.length,
    encode: (value, bytes, start) => {
      bytes.set(value, start);
    },
  };
}

function messageType(): Codec<MessageType> {
  return {
    decode: (bytes, start, end) =>
      end - start === 1 ? (messageTypes[bytes.readUInt8(start)] ?? undefined) : undefined,
    sizeOf: () => 1,
    encode: (value, bytes, start) => {
      bytes.writeUInt8(messageTypes.indexOf(value), start);
    },
  };
}

/** RFC 3004: classes with a length byte each. iPXE and others send one bare text instead, which is taken as one class. */
function userClasses(): Codec<readonly string[]> {
  return {
    decode: (bytes, start, end) => {
      const classes: string[] = [];
      let at = start;
      while (at < end) {
        const next = at + 1 + bytes.readUInt8(at);
        if (next > end) return end - start > 255 ? undefined : [bytes.toString('latin1', start, end)];
        classes.push(bytes.toString('latin1', at + 1, next));
        at = next;
      }
      return classes;
    },
    sizeOf: (classes) => classes.reduce((size, name) => size + 1 + name.length, 0),
    encode: (classes, bytes, start) => {
      let at = start;
      for (const name of classes) {
        at = bytes.writeUInt8(name.length, at);
        at += bytes.write(name, at, 'latin1');
      }
    },
  };
}
