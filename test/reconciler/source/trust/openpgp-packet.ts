// OpenPGP packets taken apart and put together again, for signatures and keys that gpg would not make.
export interface TestPacket {
  readonly tag: number;
  readonly body: Buffer;
}

/** The bytes in an armor. */
export function unarmored(armor: string): Buffer {
  const lines = armor.trim().split('\n');
  const data = lines.slice(lines.indexOf('') + 1, -1).filter((line) => !line.startsWith('='));
  return Buffer.from(data.join(''), 'base64');
}

/** Bytes in an armor; without a checksum, which may be left out (RFC 9580 §6.1). */
export function armored(bytes: Uint8Array, label = 'PGP SIGNATURE'): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `${[`-----BEGIN ${label}-----`, '', ...lines, `-----END ${label}-----`].join('\n')}\n`;
}

/** Packets in the form in which gpg writes keys and signatures, with lengths of one or two bytes. */
export function packets(bytes: Buffer): TestPacket[] {
  const found: TestPacket[] = [];
  for (let start = 0; start < bytes.length; ) {
    const type = bytes.readUInt8(start);
    const wide = (type & 3) === 1;
    const length = wide ? bytes.readUInt16BE(start + 1) : bytes.readUInt8(start + 1);
    const bodyStart = start + (wide ? 3 : 2);
    start = bodyStart + length;
    found.push({ tag: (type >> 2) & 15, body: bytes.subarray(bodyStart, start) });
  }
  return found;
}

export function packetBytes(all: readonly TestPacket[]): Buffer {
  const length = (bytes: number): number[] => (bytes < 256 ? [bytes] : [bytes >> 8, bytes & 255]);
  const header = ({ tag, body }: TestPacket): number[] => {
    return [0x80 | (tag << 2) | (body.length < 256 ? 0 : 1), ...length(body.length)];
  };
  return Buffer.concat(all.flatMap((packet) => [Buffer.from(header(packet)), packet.body]));
}

/** The packets in an armor, changed. */
export function repacked(armor: string, change: (all: TestPacket[]) => readonly TestPacket[], label?: string): string {
  return armored(packetBytes(change(packets(unarmored(armor)))), label);
}

/** A signature packet of version 4 without the subpackets that it does not sign, but with these bytes in their place. */
export function withUnsigned({ tag, body }: TestPacket, unsigned: Uint8Array): TestPacket {
  const start = 6 + body.readUInt16BE(4);
  const end = start + 2 + body.readUInt16BE(start);
  const length = Buffer.from([unsigned.length >> 8, unsigned.length & 255]);
  return { tag, body: Buffer.concat([body.subarray(0, start), length, unsigned, body.subarray(end)]) };
}

/** Subpacket 16: the key id of who has signed, as it stands in the last 16 digits of a fingerprint. */
export function issuer(fingerprint: string): Buffer {
  return Buffer.concat([Buffer.from([9, 16]), Buffer.from(fingerprint.slice(-16), 'hex')]);
}
