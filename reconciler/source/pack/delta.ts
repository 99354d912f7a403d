// The delta of a packed object: what is made of another object by copying pieces of it and inserting bytes
// (gitformat-pack(5), "Deltified representation").
import { PackFormatError } from './format-error.ts';

/** Sizes that a delta begins with. @throws {PackFormatError} */
export function deltaSizes(delta: Uint8Array): { readonly base: number; readonly result: number } {
  const [base, at] = size(delta, 0);
  return { base, result: size(delta, at)[0] };
}

/** @throws {PackFormatError} when the delta does not fit the base, or makes something of another size than it says */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Buffer {
  const [baseBytes, afterBase] = size(delta, 0);
  const [resultBytes, start] = size(delta, afterBase);
  if (baseBytes !== base.length) throw new PackFormatError('a delta is of another object than its base');
  const result = Buffer.allocUnsafe(resultBytes);
  let filled = 0;
  for (let at = start; at < delta.length; ) {
    const command = byte(delta, at);
    at += 1;
    if (command & 0x80) {
      let offset = 0;
      let length = 0;
      for (let bit = 0; bit < 4; bit += 1) if (command & (1 << bit)) offset += byte(delta, at++) * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit += 1) if (command & (0x10 << bit)) length += byte(delta, at++) * 2 ** (8 * bit);
      if (length === 0) length = 0x10000;
      if (offset + length > base.length) throw new PackFormatError('a delta copies from beyond its base');
      if (filled + length > resultBytes) throw new PackFormatError('a delta makes more than it says');
      result.set(base.subarray(offset, offset + length), filled);
      filled += length;
    } else {
      if (command === 0) throw new PackFormatError('a delta holds a command that Git does not know');
      if (at + command > delta.length) throw new PackFormatError('a delta is cut off');
      if (filled + command > resultBytes) throw new PackFormatError('a delta makes more than it says');
      result.set(delta.subarray(at, at + command), filled);
      at += command;
      filled += command;
    }
  }
  if (filled !== resultBytes) throw new PackFormatError('a delta makes less than it says');
  return result;
}

/** A number in groups of seven bits, the lowest first; and where it ends. */
function size(delta: Uint8Array, start: number): readonly [value: number, end: number] {
  let value = 0;
  for (let at = start, shift = 0; shift < 49; at += 1, shift += 7) {
    const next = byte(delta, at);
    value += (next & 0x7f) * 2 ** shift;
    if (next < 0x80) return [value, at + 1];
  }
  throw new PackFormatError('a size in a delta is out of bounds');
}

function byte(bytes: Uint8Array, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new PackFormatError('a delta is cut off');
  return value;
}
