// Bech32 (BIP 173): how age writes its keys. Reads only; without the limit of 90 characters, as age has it.

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const checksumLength = 6;
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

export interface Bech32 {
  /** What stands before the last `1`, in lower case. */
  readonly prefix: string;
  readonly bytes: Uint8Array;
}

/** Null when it is none: a character that has no place there, cases mixed, a checksum that does not hold. */
export function readBech32(text: string): Bech32 | null {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return null;
  const separator = lower.lastIndexOf('1');
  const prefix = lower.slice(0, Math.max(separator, 0));
  const values = [...lower.slice(separator + 1)].map((character) => alphabet.indexOf(character));
  if (!/^[!-~]+$/.test(prefix) || values.length < checksumLength || values.includes(-1)) return null;
  if (checksum([...expanded(prefix), ...values]) !== 1) return null;
  const bytes = toBytes(values.slice(0, -checksumLength));
  return bytes && { prefix, bytes };
}

/** The prefix as the checksum sees it: the high bits of its characters, a zero, the low ones. */
function expanded(prefix: string): readonly number[] {
  const codes = [...Buffer.from(prefix, 'latin1')];
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function checksum(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of generators.entries()) if ((top >>> bit) & 1) sum ^= generator;
  }
  return sum;
}

/** Groups of five bits → of eight; null when what is left over is as long as a group, or no zeros. */
function toBytes(groups: readonly number[]): Uint8Array | null {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const group of groups) {
    value = ((value << 5) | group) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 0xff);
  }
  const rest = value & ((1 << bits) - 1);
  return bits >= 5 || rest !== 0 ? null : Uint8Array.from(bytes);
}
