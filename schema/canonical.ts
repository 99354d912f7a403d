// Canonical JSON and the digest over it: the identity of everything that is kept by content.
import { createHash } from 'node:crypto';

/** A SHA-256 digest in lower-case hex. */
export type Digest = string;

/** Plain data, as JSON carries it. `undefined` members are left out. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Serialise with members sorted by UTF-16 code unit and no white space (RFC 8785; numbers are integers here).
 * @throws {TypeError} on a number that is no safe integer, since its text could differ between writers; on anything else
 *   that JSON does not carry, such as a Map or a Date
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new TypeError(`a ${value.constructor.name} has no canonical form: only plain data has`);
    }
    const members: string[] = [];
    for (const key of Object.keys(value).sort()) {
      const member: unknown = (value as Record<string, unknown>)[key];
      if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
    }
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new TypeError(`${value} has no canonical form: only safe integers have`);
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    return JSON.stringify(value);
  }
  throw new TypeError(`${typeof value} has no canonical form`);
}

/** SHA-256 of some bytes or of the UTF-8 form of a text. */
export function sha256(data: string | Uint8Array): Digest {
  return createHash('sha256').update(data).digest('hex');
}

/** Digest of the canonical form of a value. */
export function digestOf(value: unknown): Digest {
  return sha256(canonicalJson(value));
}
