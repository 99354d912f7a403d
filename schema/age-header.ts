// The header of a file that is sealed with age (C2SP age.md "File format"): whom it is sealed to, and whether the file
// is whole. What is in it stays closed: no key is needed for any of this.

/** One recipient's part of the header. Its body, the wrapped key of the file, is left out. */
export interface AgeStanza {
  /** `X25519`, `ssh-ed25519`, `scrypt`, … */
  readonly type: string;
  readonly args: readonly string[];
  readonly bodyBytes: number;
}

export interface AgeHeader {
  readonly stanzas: readonly AgeStanza[];
  readonly armored: boolean;
}

/** Fit for messages: it says what is wrong with the file, after its name and a colon. */
export class AgeHeaderError extends Error {
  override readonly name = 'AgeHeaderError';
  readonly code = 'malformed-age';
}

const versionLine = 'age-encryption.org/v1';
const armorStart = '-----BEGIN AGE ENCRYPTED FILE-----';
const armorEnd = '-----END AGE ENCRYPTED FILE-----';

/** Of a payload: its nonce, what each chunk holds at most, and the tag behind each chunk. */
const nonceBytes = 16;
const chunkBytes = 64 * 1024;
const tagBytes = 16;

/** Whether some bytes begin as a file sealed with age does, binary or armored. */
export function looksSealed(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  return start.startsWith(`${versionLine}\n`) || new RegExp(`^${armorStart}\r?\n`).test(start);
}

/**
 * Read the header of a whole sealed file, binary or armored.
 * @throws {AgeHeaderError} when it is none, or is cut off
 */
export function parseAgeHeader(file: Uint8Array): AgeHeader {
  const armored = Buffer.from(file.subarray(0, 64)).toString('latin1').trimStart().startsWith(armorStart);
  const bytes = armored ? withoutArmor(file) : file;
  const lines = new HeaderLines(bytes);
  if (lines.next() !== versionLine) throw new AgeHeaderError(`it does not begin with ${versionLine}`);
  const stanzas: AgeStanza[] = [];
  for (let line = lines.next(); ; line = lines.next()) {
    if (line.startsWith('-> ')) stanzas.push(stanza(line, lines));
    else if (/^--- [A-Za-z0-9+/]{43}$/.test(line)) break;
    else throw new AgeHeaderError('a line of its header is neither a recipient nor the end');
  }
  if (stanzas.length === 0) throw new AgeHeaderError('it is sealed to nobody');
  checkPayload(bytes.length - lines.position);
  return { stanzas, armored };
}

function stanza(line: string, lines: HeaderLines): AgeStanza {
  const [type = '', ...args] = line.slice('-> '.length).split(' ');
  if (![type, ...args].every((argument) => /^[!-~]+$/.test(argument))) {
    throw new AgeHeaderError('a recipient in its header has an argument that is none');
  }
  const fullLine = 64;
  let characters = 0;
  for (;;) {
    const body = lines.next();
    if (body.length > fullLine || !isBase64(body)) throw new AgeHeaderError('a recipient in its header is damaged');
    characters += body.length;
    if (body.length < fullLine) break;
  }
  const bodyBytes = Math.floor((characters * 3) / 4);
  checkKnownStanza(type, args, bodyBytes);
  return { type, args, bodyBytes };
}

/** Those of keys that recipients may have: a share of 32 bytes, and the key of the file with a tag. */
function checkKnownStanza(type: string, args: readonly string[], bodyBytes: number): void {
  const shapes: Readonly<Record<string, RegExp>> = {
    X25519: /^[A-Za-z0-9+/]{43}$/,
    'ssh-ed25519': /^[A-Za-z0-9+/]{6} [A-Za-z0-9+/]{43}$/,
  };
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape && (!shape.test(args.join(' ')) || bodyBytes !== 32)) {
    throw new AgeHeaderError(`the recipient of type ${type} in its header is damaged`);
  }
}

/** Canonical base64 without padding. */
function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === text;
}

/** @param length in bytes, of all that follows the header */
function checkPayload(length: number): void {
  const sealed = length - nonceBytes;
  const last = sealed % (chunkBytes + tagBytes);
  // Only a file that is empty has a chunk of nothing.
  if (sealed < tagBytes || (last > 0 && last <= tagBytes && sealed > tagBytes)) {
    throw new AgeHeaderError('it is cut off');
  }
}

/** Lines of a header, which are ASCII and end in a line feed. */
class HeaderLines {
  /** Where the next line begins. */
  position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  next(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new AgeHeaderError('it is cut off in its header');
    const line = Buffer.from(this.bytes.subarray(this.position, end)).toString('latin1');
    this.position = end + 1;
    return line;
  }
}

/** RFC 7468 §3, strict but for white space around the whole: lines of 64 characters, only the last one shorter. */
function withoutArmor(file: Uint8Array): Uint8Array {
  const lines = Buffer.from(file).toString('latin1').trim().split(/\r?\n/);
  if (lines.shift() !== armorStart) throw new AgeHeaderError('its armor does not begin as it should');
  if (lines.pop() !== armorEnd) throw new AgeHeaderError(`it is cut off: its last line is not ${armorEnd}`);
  const isWhole = lines.every((line, index) => (index < lines.length - 1 ? line.length === 64 : line.length <= 64));
  const base64 = lines.join('');
  const bytes = Buffer.from(base64, 'base64');
  if (!isWhole || bytes.toString('base64') !== base64) throw new AgeHeaderError('its armor is damaged');
  return bytes;
}
