// Lines as Git sends them: four hex digits of length, themselves included, and what they announce. A length of 0 is a
// flush, which ends a section (gitprotocol-common(5)).
import { RepositoryError } from '../repository-error.ts';

/** Null is a flush. */
export type PktLine = Buffer | null;

export const flushPkt: Buffer = Buffer.from('0000');

export function pktLine(text: string): Buffer {
  const length = Buffer.byteLength(text) + 4;
  return Buffer.from(`${length.toString(16).padStart(4, '0')}${text}`);
}

/**
 * The lines of an answer, as they come in. One that announces an error of the server is thrown as such.
 * @throws {RepositoryError} `corrupt`, `server-error`
 */
export async function* pktLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PktLine> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + 4 <= rest.length) {
      const length = lengthOf(rest.toString('latin1', at, at + 4));
      if (length > 0 && at + length > rest.length) break;
      if (length === 0) yield null;
      else yield said(rest.subarray(at + 4, at + length));
      at += Math.max(4, length);
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new RepositoryError('corrupt', 'what the server sends is cut off');
}

function lengthOf(digits: string): number {
  const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (length === 0 || length >= 4) return length;
  throw new RepositoryError('server-error', 'the server does not answer as a Git server does');
}

function said(line: Buffer): Buffer {
  if (line.toString('latin1', 0, 4) !== 'ERR ') return line;
  throw new RepositoryError('server-error', `the server says: ${quoted(line.subarray(4))}`);
}

/** Words of a server, fit for a log. */
export function quoted(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8').trim().slice(0, 200);
  return JSON.stringify(text);
}
