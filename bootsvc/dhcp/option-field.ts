// A whole set of options and its bytes: several fields and instances on the way in (RFC 2132 §9.3, RFC 3396), what fits
// into the client's buffer on the way out.
import {
  type MessageType,
  type Option,
  type OptionName,
  type Options,
  type OtherOptions,
  optionByCode,
  optionTable,
} from './options.ts';
import { DhcpPacketError } from './packet-error.ts';

/** The options of one message. */
export interface OptionSet {
  readonly options: Options & { readonly messageType: MessageType };
  readonly otherOptions: OtherOptions;
}

/** A field of a message: bytes[start, end). */
export interface Field {
  readonly start: number;
  readonly end: number;
}

const pad = 0;
const endOfField = 255;
/** What one instance of an option holds; a longer value goes on in the next one (RFC 3396). */
const instanceBytes = 255;
const fileHoldsOptions = 1;
const snameHoldsOptions = 2;
const noOptions: OtherOptions = new Map();

/** Never left out for want of room. */
const essential: ReadonlySet<OptionName | undefined> = new Set<OptionName>([
  'messageType',
  'serverId',
  'leaseSeconds',
  'vendorClass',
  'bootFile',
]);

/**
 * Read the options of a message from its options field and, where option 52 says so, from its file and sname fields.
 * A field that ends without the end option is taken as whole. The values may be views of bytes.
 * @throws {DhcpPacketError} `truncated-option`, `option-value` or `message-type`
 */
export function decodeOptions(bytes: Buffer, options: Field, file: Field, sname: Field): OptionSet {
  const instances: Instance[] = [];
  readField(bytes, options, instances);
  const overload = overloadOf(instances);
  if ((overload & fileHoldsOptions) !== 0) readField(bytes, file, instances);
  if ((overload & snameHoldsOptions) !== 0) readField(bytes, sname, instances);
  return decodeValues(joinInstances(instances));
}

/** Whether option 52 says that the file field, the sname field, holds options. */
export function overloadedFields({ overload = 0 }: Options): { readonly file: boolean; readonly sname: boolean } {
  return { file: (overload & fileHoldsOptions) !== 0, sname: (overload & snameHoldsOptions) !== 0 };
}

/** One instance of an option where it stands: its payload is bytes[start, end). */
interface Instance {
  readonly code: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

function readField(bytes: Buffer, field: Field, into: Instance[]): void {
  let at = field.start;
  while (at < field.end) {
    const code = bytes.readUInt8(at);
    at += 1;
    if (code === pad) continue;
    if (code === endOfField) return;
    const start = at + 1;
    if (start > field.end) throw new DhcpPacketError('truncated-option', `option ${code}`);
    at = start + bytes.readUInt8(at);
    if (at > field.end) throw new DhcpPacketError('truncated-option', `option ${code}`);
    into.push({ code, bytes, start, end: at });
  }
}

function overloadOf(instances: readonly Instance[]): number {
  const { code, decode } = optionTable.overload;
  for (const { code: found, bytes, start, end } of instances) {
    if (found === code) return decode(bytes, start, end) ?? 0;
  }
  return 0;
}

/** RFC 3396: the instances of an option are the pieces of one value. Hardly any message has such, so this looks first. */
function joinInstances(instances: readonly Instance[]): readonly Instance[] {
  const seen = new Uint8Array(256);
  let repeated = false;
  for (const { code } of instances) {
    if (seen[code] === 1) repeated = true;
    seen[code] = 1;
  }
  if (!repeated) return instances;

  const piecesByCode = new Map<number, Buffer[]>();
  for (const { code, bytes, start, end } of instances) {
    const pieces = piecesByCode.get(code);
    if (pieces === undefined) piecesByCode.set(code, [bytes.subarray(start, end)]);
    else pieces.push(bytes.subarray(start, end));
  }
  return Array.from(piecesByCode, ([code, pieces]) => {
    const bytes = Buffer.concat(pieces);
    return { code, bytes, start: 0, end: bytes.length };
  });
}

function decodeValues(instances: readonly Instance[]): OptionSet {
  const options: Record<string, unknown> = {};
  let others: Map<number, Buffer> | undefined;
  for (const { code, bytes, start, end } of instances) {
    const { name, decode } = optionByCode(code);
    if (name === undefined) {
      others ??= new Map();
      others.set(code, bytes.subarray(start, end));
      continue;
    }
    const value = decode(bytes, start, end);
    if (value !== undefined) options[name] = value;
    else if (name !== 'messageType') throw new DhcpPacketError('option-value', `option ${code}, ${name}`);
  }
  if (options.messageType === undefined) throw new DhcpPacketError('message-type');
  // Each member was decoded by the row of its own name, which is where the type of that member comes from.
  return { options: options as OptionSet['options'], otherOptions: others ?? noOptions };
}

/** An option on its way out. */
interface Outgoing {
  readonly option: Option;
  readonly value: unknown;
  readonly payloadBytes: number;
  /** With the code and the length of each instance. */
  readonly totalBytes: number;
}

/**
 * Write options in the order of their members, then the others, then option 82 (RFC 3046 §2.2: it goes last), then the
 * end option. When that is longer than limitBytes, options that are not essential are left out, the last ones first, as
 * a client lists what it wants in the order of its preference (RFC 2132 §9.8). Option 82 takes no part in the count: the
 * relay takes it out before the client sees the message.
 * @throws {DhcpPacketError} `too-long` when the essential ones alone do not fit
 */
export function encodeOptions({ options, otherOptions }: OptionSet, limitBytes: number): Buffer {
  const outgoing: Outgoing[] = [];
  for (const name of Object.keys(options) as OptionName[]) {
    if (name !== 'relayAgent') outgoing.push(outgoingOption(optionTable[name].code, options[name]));
  }
  for (const [code, payload] of otherOptions) outgoing.push(outgoingOption(code, payload));
  const kept = fitting(outgoing, limitBytes - 1);
  const { relayAgent } = options;
  if (relayAgent !== undefined) kept.push(outgoingOption(optionTable.relayAgent.code, relayAgent));

  const bytes = Buffer.allocUnsafe(totalBytes(kept) + 1);
  let at = 0;
  for (const option of kept) at = writeOption(option, bytes, at);
  bytes.writeUInt8(endOfField, at);
  return bytes;
}

function outgoingOption(code: number, value: unknown): Outgoing {
  const option = optionByCode(code);
  const payloadBytes = option.sizeOf(value);
  const instances = Math.max(1, Math.ceil(payloadBytes / instanceBytes));
  return { option, value, payloadBytes, totalBytes: payloadBytes + 2 * instances };
}

function totalBytes(outgoing: readonly Outgoing[]): number {
  let sum = 0;
  for (const option of outgoing) sum += option.totalBytes;
  return sum;
}

/** The options that are sent when limitBytes are to be had for them. */
function fitting(outgoing: Outgoing[], limitBytes: number): Outgoing[] {
  if (totalBytes(outgoing) <= limitBytes) return outgoing;
  let room = limitBytes - totalBytes(outgoing.filter(({ option }) => essential.has(option.name)));
  if (room < 0) throw new DhcpPacketError('too-long');
  return outgoing.filter(({ option, totalBytes }) => {
    if (essential.has(option.name)) return true;
    if (totalBytes > room) return false;
    room -= totalBytes;
    return true;
  });
}

/** Write one option, cut into instances when it is long; where the next one starts. */
function writeOption({ option, value, payloadBytes }: Outgoing, bytes: Buffer, start: number): number {
  if (payloadBytes <= instanceBytes) {
    bytes.writeUInt8(option.code, start);
    bytes.writeUInt8(payloadBytes, start + 1);
    option.encode(value, bytes, start + 2);
    return start + 2 + payloadBytes;
  }
  const payload = Buffer.allocUnsafe(payloadBytes);
  option.encode(value, payload, 0);
  let at = start;
  for (let from = 0; from < payloadBytes; from += instanceBytes) {
    const piece = payload.subarray(from, from + instanceBytes);
    bytes.writeUInt8(option.code, at);
    bytes.writeUInt8(piece.length, at + 1);
    bytes.set(piece, at + 2);
    at += 2 + piece.length;
  }
  return at;
}
