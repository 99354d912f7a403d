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
  const ordered = inCanonicalOrder(value);
  return ordered === undefined ? textOf(value) : JSON.stringify(ordered);
}

/**
 * The same data with its members in the order of the canonical form, as reading that form gives it. What is in order
 * already is not copied. Undefined where an object cannot keep the order: one that has a number for a name lists that
 * first.
 * @throws {TypeError} as {@link canonicalJson} does
 */
export function inCanonicalOrder<T>(value: T): T | undefined;
export function inCanonicalOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return scalar(value);
  return Array.isArray(value) ? listInOrder(value) : recordInOrder(value);
}

function listInOrder(list: readonly unknown[]): readonly unknown[] | undefined {
  let same = true;
  const items: unknown[] = [];
  for (const item of list) {
    const ordered = inCanonicalOrder(item);
    if (ordered === undefined) return undefined;
    if (ordered !== item) same = false;
    items.push(ordered);
  }
  return same ? list : items;
}

function recordInOrder(record: object): object | undefined {
  const names = namesOf(record);
  let same = true;
  let last = '';
  for (const name of names) {
    if (isOutOfOrder(name)) return undefined;
    if (name < last) same = false;
    last = name;
  }
  if (!same) names.sort();
  const ordered: Record<string, unknown> = {};
  for (const name of names) {
    const member = (record as Record<string, unknown>)[name];
    const inOrder = member === undefined ? undefined : inCanonicalOrder(member);
    if (inOrder !== member) same = false;
    if (inOrder !== undefined) ordered[name] = inOrder;
    else if (member === undefined) same = false;
    else return undefined;
  }
  return same ? record : ordered;
}

/** Names that objects list before all others; and the one that is no member when it is set. */
function isOutOfOrder(name: string): boolean {
  const first = name.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39 && /^\d+$/.test(name)) || name === '__proto__';
}

/** @throws {TypeError} when it is no plain data */
function namesOf(record: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype === Object.prototype || prototype === null) return Object.keys(record);
  throw new TypeError(`a ${record.constructor.name} has no canonical form: only plain data has`);
}

function scalar(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new TypeError(`${value} has no canonical form: only safe integers have`);
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    return value;
  }
  throw new TypeError(`${typeof value} has no canonical form`);
}

/** The canonical form of anything, member by member. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(scalar(value));
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  const members: string[] = [];
  for (const name of namesOf(value).sort()) {
    const member: unknown = (value as Record<string, unknown>)[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${textOf(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** SHA-256 of some bytes or of the UTF-8 form of a text. */
export function sha256(data: string | Uint8Array): Digest {
  return createHash('sha256').update(data).digest('hex');
}

/** Digest of the canonical form of a value. */
export function digestOf(value: unknown): Digest {
  return sha256(canonicalJson(value));
}
