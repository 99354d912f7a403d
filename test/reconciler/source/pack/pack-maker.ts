// Packs made by hand, proper or not.
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** An entry as it stands in a pack. */
export type PackEntry = Buffer;

export const entryTypes = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;

/** @param sizeBytes what its header says, if that is not the truth */
export function plain(type: keyof typeof entryTypes, bytes: Uint8Array, sizeBytes = bytes.length): PackEntry {
  return Buffer.concat([header(entryTypes[type], sizeBytes), deflateSync(bytes)]);
}

/** Made of the entry that begins so many bytes further up. */
export function offsetDelta(distance: number, delta: Uint8Array): PackEntry {
  const digits = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    digits.unshift((rest % 128) | 0x80);
  }
  return Buffer.concat([header(6, delta.length), Buffer.from(digits), deflateSync(delta)]);
}

/** Made of the object of a name. */
export function objectDelta(oid: string, delta: Uint8Array): PackEntry {
  return Buffer.concat([header(7, delta.length), Buffer.from(oid, 'hex'), deflateSync(delta)]);
}

function header(type: number, sizeBytes: number): Buffer {
  const bytes = [(type << 4) | (sizeBytes % 16)];
  for (let rest = Math.floor(sizeBytes / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 0x80, rest % 128);
  }
  return Buffer.from(bytes);
}

export type DeltaCommand =
  | { readonly copy: readonly [offset: number, length: number] }
  | { readonly insert: string | Uint8Array };

/** @param resultBytes what it says to make, if that is not the truth */
export function delta(baseBytes: number, commands: readonly DeltaCommand[], resultBytes?: number): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  for (const command of commands) {
    if ('insert' in command) {
      const bytes = Buffer.from(command.insert);
      pieces.push(Buffer.from([bytes.length]), bytes);
      length += bytes.length;
    } else {
      const [offset, size] = command.copy;
      const numbers = Buffer.alloc(8);
      numbers.writeUInt32LE(offset, 0);
      numbers.writeUInt32LE(size, 4);
      pieces.push(Buffer.from([0xff]), numbers.subarray(0, 7));
      length += size;
    }
  }
  return Buffer.concat([size(baseBytes), size(resultBytes ?? length), ...pieces]);
}

function size(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 0x80, rest % 128);
  }
  return Buffer.from(bytes);
}

/** @param count what its header says, if that is not the truth */
export function packOf(entries: readonly PackEntry[], count = entries.length): Buffer {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...entries]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

export function objectId(type: keyof typeof entryTypes, bytes: Uint8Array): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}
