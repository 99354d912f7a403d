// A commit, read from the bytes of its object. The payload that was signed is cut out byte for byte as Git cuts it
// (commit.c, parse_buffer_signed_by_header): whatever is shown of a commit must be what its signature covers.
import {
  decodeMessage,
  type Oid,
  objectId,
  type Person,
  person,
  readHeaders,
  refuseRepeated,
  withoutSignatures,
} from './object-headers.ts';

export { ObjectFormatError, type Oid, type Person } from './object-headers.ts';

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

/**
 * Read a commit, strictly: tree, parents, author and committer in this order, then other headers, then the message.
 * Headers that are not known are covered by the signature and otherwise ignored, as in Git.
 * @param object content of the object, without Git's `commit <length>` in front
 * @throws {ObjectFormatError}
 */
export function parseCommit(object: Uint8Array): Commit {
  const { headers, messageStart } = readHeaders(object);
  const [tree, ...rest] = headers;
  const parents = rest.slice(
    0,
    rest.findIndex(({ key }) => key !== 'parent'),
  );
  const [author, committer, ...others] = rest.slice(parents.length);
  refuseRepeated(others, ['tree', 'parent', 'author', 'committer']);
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
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  const parents: Oid[] = [];
  if (!/^tree [0-9a-f]{40}\n$/.test(bytes.toString('latin1', 0, 46))) return parents;
  // Line by line: one expression over very many of them would be more than the stack holds.
  for (let at = 46; ; at += 48) {
    const [, parent] = /^parent ([0-9a-f]{40})\n$/.exec(bytes.toString('latin1', at, at + 48)) ?? [];
    if (parent === undefined) return parents;
    parents.push(parent);
  }
}

/** First line of the message, fit for a terminal: control characters and invisible ones that reorder text are gone. */
export function subjectOf(commit: Commit): string {
  const line = commit.message.trimStart().split('\n', 1)[0] ?? '';
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd').trimEnd();
}
