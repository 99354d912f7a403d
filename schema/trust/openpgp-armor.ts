// The outside of OpenPGP data: its armor and the headers of its packets (RFC 9580 §6 and §4.2). Read by ourselves and
// strictly, since the library that reads the packets also takes what stands around and between them.

/** The text or its bytes are not in order. */
export class OpenPgpFormatError extends Error {
  override readonly name = 'OpenPgpFormatError';
  readonly code = 'malformed';
}

export interface OpenPgpPacket {
  /** What kind of packet it is, see {@link packetTags}. */
  readonly tag: number;
  readonly body: Uint8Array;
}

/** RFC 9580 §5; only those that are met in keys and signatures. */
export const packetTags = {
  signature: 2,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
} as const;

export const openPgpArmorStart = '-----BEGIN PGP SIGNATURE-----';

/**
 * The bytes in a text that is one block of armor and nothing else.
 * @param label what the block is called, such as `PGP SIGNATURE`
 * @throws {OpenPgpFormatError}
 */
export function dearmor(text: string, label: string): Buffer {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.shift() !== `-----BEGIN ${label}-----` || lines.pop() !== `-----END ${label}-----`) {
    throw new OpenPgpFormatError(`it is not one block of ${label} armor and nothing else`);
  }
  const blank = lines.indexOf('');
  if (blank < 0 || !lines.slice(0, blank).every((line) => /^[A-Za-z][A-Za-z0-9-]*: ?[^\r]*$/.test(line))) {
    throw new OpenPgpFormatError('its armor has no empty line behind its headers');
  }
  const data = lines.slice(blank + 1);
  const checksum = data.at(-1)?.startsWith('=') ? data.pop() : undefined;
  const bytes = decodeBase64(data.join(''));
  if (checksum !== undefined && !decodeBase64(checksum.slice(1)).equals(crc24(bytes))) {
    throw new OpenPgpFormatError('its checksum is wrong');
  }
  return bytes;
}

/** Only what an encoder would write: no other characters, no bits left over. */
function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw new OpenPgpFormatError('it is no proper base64');
  return bytes;
}

/** RFC 9580 §6.1. */
function crc24(bytes: Uint8Array): Buffer {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? ((crc << 1) ^ 0x1864cfb) & 0xffffff : crc << 1;
  }
  return Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]);
}

/**
 * The packets in some bytes. Those of keys and signatures have a known length, so other ones are refused.
 * @throws {OpenPgpFormatError}
 */
export function packetsOf(bytes: Buffer): OpenPgpPacket[] {
  const packets: OpenPgpPacket[] = [];
  for (let start = 0; start < bytes.length; ) {
    const { tag, headerBytes, bodyBytes } = packetHeader(bytes, start);
    const bodyStart = start + headerBytes;
    start = bodyStart + bodyBytes;
    if (start > bytes.length) throw new OpenPgpFormatError('it is cut off');
    packets.push({ tag, body: bytes.subarray(bodyStart, start) });
  }
  return packets;
}

interface PacketHeader {
  readonly tag: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

function packetHeader(bytes: Buffer, start: number): PacketHeader {
  const [type = 0, first = 0, second = 0] = bytes.subarray(start);
  const wordAt = (offset: number): number => {
    if (start + offset + 4 > bytes.length) throw new OpenPgpFormatError('it is cut off');
    return bytes.readUInt32BE(start + offset);
  };
  if ((type & 0x80) === 0) throw new OpenPgpFormatError('it is no OpenPGP data');
  if ((type & 0x40) === 0) {
    const tag = (type >> 2) & 0x0f;
    switch (type & 3) {
      case 0:
        return { tag, headerBytes: 2, bodyBytes: first };
      case 1:
        return { tag, headerBytes: 3, bodyBytes: (first << 8) | second };
      case 2:
        return { tag, headerBytes: 5, bodyBytes: wordAt(1) };
      default:
        throw new OpenPgpFormatError('it holds a packet of no known length');
    }
  }
  const tag = type & 0x3f;
  if (first < 192) return { tag, headerBytes: 2, bodyBytes: first };
  if (first < 224) return { tag, headerBytes: 3, bodyBytes: ((first - 192) << 8) + second + 192 };
  if (first === 255) return { tag, headerBytes: 6, bodyBytes: wordAt(2) };
  throw new OpenPgpFormatError('it holds a packet in pieces');
}
