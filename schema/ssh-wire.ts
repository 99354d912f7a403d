// The SSH wire format (RFC 4251 §5): length-prefixed strings, big-endian numbers. Keys and signatures are made of it.

/** Bytes that are not what the format says. */
export class SshWireError extends Error {
  readonly code = 'ssh-wire';
  override readonly name = 'SshWireError';
}

/** Takes values off the front of some bytes; whoever is done calls {@link end}, so that nothing rides along unread. */
export class SshWireReader {
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** The next `length` bytes, as they are. */
  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.bytes.length) throw new SshWireError('the bytes end in the middle of a value');
    const taken = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  uint32(): number {
    return Buffer.from(this.take(4)).readUInt32BE();
  }

  /** `string`: arbitrary bytes. */
  string(): Uint8Array {
    return this.take(this.uint32());
  }

  /** A `string` that holds a name in printable US-ASCII. */
  name(): string {
    const bytes = this.string();
    if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) throw new SshWireError('a name holds unprintable bytes');
    return Buffer.from(bytes).toString('latin1');
  }

  /** `mpint` that must not be negative: its magnitude, most significant byte first, without leading zeros. */
  magnitude(): Uint8Array {
    const bytes = this.string();
    if ((bytes[0] ?? 0) & 0x80) throw new SshWireError('a number is negative');
    const first = bytes.findIndex((byte) => byte !== 0);
    return first < 0 ? new Uint8Array() : bytes.subarray(first);
  }

  end(): void {
    if (this.offset !== this.bytes.length) throw new SshWireError('there are bytes behind the last value');
  }
}

/** Encode bytes or US-ASCII text as a wire `string`. */
export function sshString(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
