// Offset into the value of a YAML scalar → offset in the text that the scalar stands in.
import type { Scalar } from 'yaml';
import type { Spot } from './spots.ts';

/**
 * The styles of scalars (YAML 1.2.2 §7.3, §8.1) differ in what they make of white space: indentation, folding, line
 * breaks. All other characters they carry over in order, so the n-th of them in the value is the n-th in the text.
 * @param offset counts UTF-16 code units of the value
 * @returns where that character stands; for white space and past the end, right behind the last other one before it
 */
export function offsetInText(text: string, { start, end, scalar: value, style }: Spot, offset: number): number {
  if (typeof value !== 'string') return start;
  const before = value.slice(0, offset).replace(/[ \t\r\n]/g, '').length;
  const exact = offset < value.length && !isWhite(value.charAt(offset));
  let count = 0;
  let last: number | null = null;
  for (const mark of marks(text, start, end, style)) {
    if (exact && count === before) return mark.offset;
    if (count === before) break;
    last = mark.offset + mark.length;
    count++;
  }
  return last ?? start;
}

interface Mark {
  readonly offset: number;
  /** In the text; an escape is longer than the character that it makes. */
  readonly length: number;
}

/** Each code unit of the value that is no white space, where it stands in the text. */
function* marks(text: string, start: number, end: number, style: Scalar.Type | undefined): Generator<Mark> {
  switch (style) {
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return yield* plainMarks(text, text.indexOf('\n', start) + 1, end);
    case 'QUOTE_SINGLE':
      return yield* singleQuotedMarks(text, start + 1, end - 1);
    case 'QUOTE_DOUBLE':
      return yield* doubleQuotedMarks(text, start + 1, end - 1);
    default:
      return yield* plainMarks(text, start, end);
  }
}

function* plainMarks(text: string, start: number, end: number): Generator<Mark> {
  for (let offset = start; offset < end; offset++) {
    if (!isWhite(text.charAt(offset))) yield { offset, length: 1 };
  }
}

function* singleQuotedMarks(text: string, start: number, end: number): Generator<Mark> {
  for (let offset = start; offset < end; offset++) {
    const char = text.charAt(offset);
    const length = char === "'" ? 2 : 1;
    if (!isWhite(char)) yield { offset, length };
    offset += length - 1;
  }
}

function* doubleQuotedMarks(text: string, start: number, end: number): Generator<Mark> {
  const character = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|[\s\S])|[^\\]/y;
  for (let offset = start; offset < end; ) {
    character.lastIndex = offset;
    const [written = ' '] = character.exec(text) ?? [];
    for (let unit = 0; unit < unitsOf(written); unit++) yield { offset, length: written.length };
    offset += written.length;
  }
}

/** How many code units other than white space a character of a double-quoted scalar makes. */
function unitsOf(written: string): number {
  const code = /^\\[xuU](.+)$/.exec(written)?.[1];
  if (code !== undefined) {
    const made = String.fromCodePoint(Number.parseInt(code, 16));
    return isWhite(made) ? 0 : made.length;
  }
  return /^\\?[ \t\r\n]|^\\[ntr]$/.test(written) ? 0 : 1;
}

function isWhite(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}
