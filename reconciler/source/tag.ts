// An annotated tag, read from the bytes of its object. Its signature stands at the end of its text and covers all that
// is in front of it (Git: gpg-interface.c, parse_signature).
import {
  decodeMessage,
  expected,
  type Header,
  ObjectFormatError,
  type Oid,
  objectId,
  type Person,
  person,
  readHeaders,
  refuseRepeated,
  withoutSignatures,
} from './object-headers.ts';
import { isObjectType, type ObjectType } from './stored-object.ts';

export interface Tag {
  /** What is tagged. */
  readonly object: Oid;
  readonly type: ObjectType;
  /** As the ref is called below refs/tags/, or was when the tag was made. */
  readonly name: string;
  readonly tagger: Person;
  /** Without the signature. */
  readonly message: string;
  /** The armor of its signature with whatever stands behind it; null when it has none. */
  readonly signature: string | null;
  /** The bytes that the signature covers. */
  readonly payload: Uint8Array;
}

/**
 * Read a tag, strictly: object, type, tag and tagger in this order, then other headers, then the message. The headers
 * `gpgsig` and `gpgsig-sha256`, with which Git signs the form of a tag under another hash, are no part of the payload.
 * @param content of the object, without Git's `tag <length>` in front
 * @throws {ObjectFormatError}
 */
export function parseTag(content: Uint8Array): Tag {
  const { headers, messageStart } = readHeaders(content);
  const [object, type, name, tagger, ...others] = headers;
  const tag = {
    object: objectId(object, 'object'),
    type: taggedType(type),
    name: tagName(name),
    tagger: person(tagger, 'tagger'),
  };
  refuseRepeated(others, ['object', 'type', 'tag', 'tagger']);
  refuseUnclear(others);
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const signatureStart = findSignature(text, messageStart);
  return {
    ...tag,
    message: decodeMessage(content.subarray(messageStart, signatureStart), others),
    signature: signatureStart === content.length ? null : text.toString('utf8', signatureStart),
    payload: withoutSignatures(content.subarray(0, signatureStart), others),
  };
}

function taggedType(header: Header | undefined): ObjectType {
  const type = expected(header, 'type');
  if (isObjectType(type)) return type;
  throw new ObjectFormatError('bad-header', 'type is no type of object');
}

/** What Git would take as the name of a ref, at a glance: nothing that hides, parts or reorders text. */
function tagName(header: Header | undefined): string {
  const name = expected(header, 'tag');
  if (/^[^\s\p{C}~^:?*[\\]+$/u.test(name)) return name;
  throw new ObjectFormatError('bad-header', 'tag is no name of a tag');
}

/** Where Git would take something else as signed than what is read here. */
function refuseUnclear(others: readonly Header[]): void {
  // Git looks for the signature in the headers too.
  const armor = others.find(({ key }) => key.startsWith('-----BEGIN'));
  if (armor) throw new ObjectFormatError('bad-header', 'a signature stands among the headers');
  // Of two such headers in a row Git leaves the first one in the payload.
  if (others.filter(({ key }) => key.startsWith('gpgsig')).length > 1) {
    throw new ObjectFormatError('duplicate-signature', 'a tag has one header with a signature at the most');
  }
}

/** The beginnings of armor that Git knows, OpenPGP's, X.509's and SSH's. */
const armorStarts = [
  '-----BEGIN PGP SIGNATURE-----',
  '-----BEGIN PGP MESSAGE-----',
  '-----BEGIN SIGNED MESSAGE-----',
  '-----BEGIN SSH SIGNATURE-----',
].map((line) => Buffer.from(line));

/** Where the last line of the message begins that starts a signature; the end of the object when there is none. */
function findSignature(object: Buffer, messageStart: number): number {
  let found = object.length;
  for (let start = messageStart; start < object.length; ) {
    if (armorStarts.some((armor) => armor.equals(object.subarray(start, start + armor.length)))) found = start;
    const newline = object.indexOf('\n', start);
    if (newline < 0) break;
    start = newline + 1;
  }
  return found;
}
