// IPv4 addresses and networks as unsigned 32-bit numbers, which is what the address formula counts in.
import { Address4 } from 'ip-address';

/** An IPv4 address as an unsigned 32-bit number. */
export type Ipv4 = number;

export interface Network {
  readonly first: Ipv4;
  readonly last: Ipv4;
  readonly prefixLength: number;
}

/** Read dotted decimal without leading zeros; null when the text is anything else. */
export function parseIpv4(text: string): Ipv4 | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text) || !Address4.isValid(text)) return null;
  return Number(new Address4(text).bigInt());
}

/** Read `a.b.c.d/n`; null when the text is anything else or host bits are set. */
export function parseNetwork(text: string): Network | null {
  const match = /^([\d.]+)\/(\d|[12]\d|3[0-2])$/.exec(text);
  const first = match?.[1] === undefined ? null : parseIpv4(match[1]);
  const prefixLength = Number(match?.[2]);
  if (first === null) return null;
  const size = 2 ** (32 - prefixLength);
  return first % size === 0 ? { first, last: first + size - 1, prefixLength } : null;
}

/** Like {@link parseIpv4} for text that a schema has already checked. */
export function ipv4(text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === null) throw new RangeError(`${text} is no IPv4 address`);
  return address;
}

/** Like {@link parseNetwork} for text that a schema has already checked. */
export function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (parsed === null) throw new RangeError(`${text} is no IPv4 network`);
  return parsed;
}

/** Dotted decimal. An address past the end of the address space is a programming error. */
export function formatIpv4(address: Ipv4): string {
  if (!Number.isInteger(address) || address < 0 || address > 0xffffffff) {
    throw new RangeError(`${address} is outside the IPv4 address space`);
  }
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Whether the address lies in the network. */
export function contains(net: Network, address: Ipv4): boolean {
  return address >= net.first && address <= net.last;
}

/** Whether the two networks share an address. */
export function overlaps(a: Network, b: Network): boolean {
  return a.first <= b.last && b.first <= a.last;
}
