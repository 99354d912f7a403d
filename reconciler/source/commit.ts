// A commit, read from the bytes of its object. The payload that was signed is cut out byte for byte as Git cuts it
// (commit.c, parse_buffer_signed_by_header): whatever is shown of a commit must be what its signature covers.

/** A SHA-1 object id in lower-case hex. */
export type Oid = string;

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970, UTC. */
  readonly seconds: number;
}

export interface Commit {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  /** The armor of its signature, SSH or OpenPGP; null when it has none. */
  readonly signature: string | null;
  /** The bytes that the signature covers: the object without its signature headers. */
  readonly payload: Uint8Array;
}

export type CommitFormatErrorCode =
  | 'nul-byte'
  | 'no-message'
  | 'bad-header'
  | 'header-order'
  | 'bad-person'
  | 'duplicate-signature';

/** The object is none that Git itself would write as a commit. */
export class CommitFormatError extends Error {
  override readonly name = 'CommitFormatError';

  constructor(
    readonly code: CommitFormatErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Read a commit, strictly: tree, parents, author and committer in this order, then other headers, then the message.
 * Headers that are not known are covered by the signature and otherwise ignored, as in Git.
 * @param object content of the object, without Git's `commit <length>` in front
 * @throws {CommitFormatError}
 */
export function parseCommit(object: Uint8Array): Commit {
  if (object.includes(0)) throw new CommitFormatError('nul-byte', 'the commit holds a NUL byte');
  const { headers, messageStart } = readHeaders(Buffer.from(object.buffer, object.byteOffset, object.byteLength));
  const [tree, ...rest] = headers;
  const parents = rest.slice(
    0,
    rest.findIndex(({ key }) => key !== 'parent'),
  );
  const [author, committer, ...others] = rest.slice(parents.length);
  refuseKnown(others);
  return {
    tree: objectId(tree, 'tree'),
    parents: parents.map((parent) => objectId(parent, 'parent')),
    author: person(author, 'author'),
    committer: person(committer, 'committer'),
    message: decodeMessage(object.subarray(messageStart), others),
    signature: others.find(({ key }) => key === 'gpgsig')?.value ?? null,
    payload: withoutSignatures(object, others),
  };
}

/** The parents alone, of a commit of which nothing else is asked. Bytes that are no commit have none. */
export function parentsOf(object: Uint8Array): Oid[] {
  const text = Buffer.from(object.buffer, object.byteOffset, object.byteLength).toString('latin1');
  const head = /^tree [0-9a-f]{40}\n((?:parent [0-9a-f]{40}\n)*)/.exec(text);
  return [...(head?.[1] ?? '').matchAll(/[0-9a-f]{40}/g)].map(([oid]) => oid);
}

/** First line of the message, fit for a terminal: control characters and invisible ones that reorder text are gone. */
export function subjectOf(commit: Commit): string {
  const line = commit.message.trimStart().split('\n', 1)[0] ?? '';
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd').trimEnd();
}

interface Header {
  readonly key: string;
  /** Its lines, without the blank that begins all but the first. */
  readonly value: string;
  /** Where the header stands in the object, its last newline included. */
  readonly start: number;
  readonly end: number;
}

function readHeaders(object: Buffer): { readonly headers: readonly Header[]; readonly messageStart: number } {
  const headers: Header[] = [];
  const blank = 0x20;
  const newline = 0x0a;
  for (let start = 0; object[start] !== newline; ) {
    let end = start;
    do {
      end = object.indexOf(newline, end) + 1;
      if (end === 0) throw new CommitFormatError('no-message', 'no empty line parts the headers from the message');
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
    throw new CommitFormatError('bad-header', `the header ${JSON.stringify(first.slice(0, 40))} has no key and value`);
  }
  return { key, value: [value, ...more].join('\n'), start, end };
}

/** What may stand only once or only in front must not come again. */
function refuseKnown(others: readonly Header[]): void {
  const seen = new Set(['tree', 'parent', 'author', 'committer']);
  for (const { key } of others) {
    if (seen.has(key)) {
      const code = key.startsWith('gpgsig') ? 'duplicate-signature' : 'header-order';
      throw new CommitFormatError(code, `the header ${key} stands where it must not`);
    }
    if (key === 'encoding' || key === 'gpgsig' || key === 'gpgsig-sha256') seen.add(key);
    // Git leaves out of the payload whatever begins with gpgsig: nobody would have signed it.
    else if (key.startsWith('gpgsig')) throw new CommitFormatError('bad-header', `${key} is no header of Git`);
  }
}

/** The object without its signature headers. `gpgsig-sha256` goes too: it signs the object's SHA-256 form. */
function withoutSignatures(object: Uint8Array, headers: readonly Header[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const header of headers) {
    if (!header.key.startsWith('gpgsig')) continue;
    pieces.push(object.subarray(start, header.start));
    start = header.end;
  }
  return Buffer.concat([...pieces, object.subarray(start)]);
}

function objectId(header: Header | undefined, key: string): Oid {
  const value = expected(header, key);
  if (!/^[0-9a-f]{40}$/.test(value)) throw new CommitFormatError('bad-header', `${key} is no object id`);
  return value;
}

function person(header: Header | undefined, key: string): Person {
  const match = /^([^<>\n]*?) ?<([^<>\n]*)> (0|[1-9]\d{0,14}) [+-]\d{4}$/.exec(expected(header, key));
  if (!match) throw new CommitFormatError('bad-person', `${key} is not a name, an address in <> and a time`);
  const [, name = '', email = '', seconds] = match;
  return { name, email, seconds: Number(seconds) };
}

function expected(header: Header | undefined, key: string): string {
  if (header?.key === key) return header.value;
  throw new CommitFormatError('header-order', `${key} is expected, ${header?.key ?? 'the message'} stands there`);
}

function decodeMessage(bytes: Uint8Array, headers: readonly Header[]): string {
  const encoding = headers.find(({ key }) => key === 'encoding')?.value ?? 'utf-8';
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
