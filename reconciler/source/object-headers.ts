// The headers of commits and tags: lines of a key and a value up to an empty one, where a line that begins with a blank
// goes on with the value above it.

/** A SHA-1 object id in lower-case hex. */
export type Oid = string;

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970, UTC. */
  readonly seconds: number;
}

export type ObjectFormatCode =
  | 'nul-byte'
  | 'no-message'
  | 'bad-header'
  | 'header-order'
  | 'bad-person'
  | 'duplicate-signature';

/** The object is none that Git itself would write. */
export class ObjectFormatError extends Error {
  override readonly name: string = 'ObjectFormatError';

  constructor(
    readonly code: ObjectFormatCode,
    message: string,
  ) {
    super(message);
  }
}

export interface Header {
  readonly key: string;
  /** Its lines, without the blank that begins all but the first. */
  readonly value: string;
  /** Where the header stands in the object, its last newline included. */
  readonly start: number;
  readonly end: number;
}

export interface Headers {
  readonly headers: readonly Header[];
  /** Behind the empty line. */
  readonly messageStart: number;
}

/** @throws {ObjectFormatError} */
export function readHeaders(content: Uint8Array): Headers {
  if (content.includes(0)) throw new ObjectFormatError('nul-byte', 'the object holds a NUL byte');
  const object = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const headers: Header[] = [];
  const blank = 0x20;
  const newline = 0x0a;
  for (let start = 0; object[start] !== newline; ) {
    let end = start;
    do {
      end = object.indexOf(newline, end) + 1;
      if (end === 0) throw new ObjectFormatError('no-message', 'no empty line parts the headers from the message');
    } while (object[end] === blank);
    headers.push(readHeader(object, start, end));
    start = end;
  }
  return { headers, messageStart: (headers.at(-1)?.end ?? 0) + 1 };
}

function readHeader(object: Buffer, start: number, end: number): Header {
  const [first = '', ...more] = object.toString('utf8', start, end - 1).split('\n ');
  const [, key, value] = /^([!-~]+) (.*)$/su.exec(first) ?? [];
  if (key === undefined || value === undefined) {
    throw new ObjectFormatError('bad-header', `the header ${JSON.stringify(first.slice(0, 40))} has no key and value`);
  }
  return { key, value: [value, ...more].join('\n'), start, end };
}

/**
 * What may stand only once or only in front must not come again.
 * @param others the headers behind those that stand in front
 * @param inFront keys of those
 * @throws {ObjectFormatError}
 */
export function refuseRepeated(others: readonly Header[], inFront: readonly string[]): void {
  const seen = new Set(inFront);
  for (const { key } of others) {
    if (seen.has(key)) {
      const code = key.startsWith('gpgsig') ? 'duplicate-signature' : 'header-order';
      throw new ObjectFormatError(code, `the header ${key} stands where it must not`);
    }
    if (key === 'encoding' || key === 'gpgsig' || key === 'gpgsig-sha256') seen.add(key);
    // Git leaves out of the payload whatever begins with gpgsig: nobody would have signed it.
    else if (key.startsWith('gpgsig')) throw new ObjectFormatError('bad-header', `${key} is no header of Git`);
  }
}

/** The object without its signature headers. `gpgsig-sha256` goes too: it signs the object's SHA-256 form. */
export function withoutSignatures(object: Uint8Array, headers: readonly Header[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const header of headers) {
    if (!header.key.startsWith('gpgsig')) continue;
    pieces.push(object.subarray(start, header.start));
    start = header.end;
  }
  return Buffer.concat([...pieces, object.subarray(start)]);
}

/** @throws {ObjectFormatError} */
export function objectId(header: Header | undefined, key: string): Oid {
  const value = expected(header, key);
  if (!/^[0-9a-f]{40}$/.test(value)) throw new ObjectFormatError('bad-header', `${key} is no object id`);
  return value;
}

/** @throws {ObjectFormatError} */
export function person(header: Header | undefined, key: string): Person {
  const match = /^([^<>\n]*?) ?<([^<>\n]*)> (0|[1-9]\d{0,14}) [+-]\d{4}$/.exec(expected(header, key));
  if (!match) throw new ObjectFormatError('bad-person', `${key} is not a name, an address in <> and a time`);
  const [, name = '', email = '', seconds] = match;
  return { name, email, seconds: Number(seconds) };
}

/** The value of a header that has to stand here. @throws {ObjectFormatError} */
export function expected(header: Header | undefined, key: string): string {
  if (header?.key === key) return header.value;
  throw new ObjectFormatError('header-order', `${key} is expected, ${header?.key ?? 'the message'} stands there`);
}

/** A message as text, by the header that names its encoding; as UTF-8 where that is not known. */
export function decodeMessage(bytes: Uint8Array, headers: readonly Header[]): string {
  const encoding = headers.find(({ key }) => key === 'encoding')?.value ?? 'utf-8';
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
