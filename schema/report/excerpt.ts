// One line of a file as it is shown under a finding, and where in it the caret stands.
import { printable } from './printable.ts';

export interface Excerpt {
  /** The line without tabs and control characters; cut where it is long, with `…` for what is missing. */
  readonly text: string;
  /** How many columns of a terminal stand before the place. */
  readonly caretColumns: number;
}

const tabColumns = 4;
/** Of a long line this many UTF-16 code units are shown before the place, and as many after it. */
const contextUnits = 80;

/**
 * @param line without its line break
 * @param column of the place, from 1, in UTF-16 code units; the end of the line stands for what is beyond it
 */
export function excerptOf(line: string, column: number): Excerpt {
  const place = Math.min(Math.max(column - 1, 0), line.length);
  const from = wholeCharacter(line, line.length > 2 * contextUnits ? Math.max(0, place - contextUnits) : 0);
  const to = wholeCharacter(line, line.length > 2 * contextUnits ? place + contextUnits : line.length);
  let text = from > 0 ? '…' : '';
  let columns = text.length;
  let caretColumns = columns;
  let offset = from;
  for (const character of line.slice(from, to)) {
    const shown = character === '\t' ? ' '.repeat(tabColumns - (columns % tabColumns)) : printable(character);
    text += shown;
    columns += columnsOf(shown);
    offset += character.length;
    if (offset <= place) caretColumns = columns;
  }
  return { text: to < line.length ? `${text}…` : text, caretColumns };
}

/** The offset, or the one before it where that one stands inside a surrogate pair. */
function wholeCharacter(line: string, offset: number): number {
  return /^[\udc00-\udfff]/.test(line.slice(offset, offset + 1)) ? offset - 1 : offset;
}

/** Characters that stand on the one before them. */
const combining = /^(?:\p{Mn}|\p{Me}|\u200d)$/u;
/** East Asian letters and emoji, to which terminals give two columns. */
const wide = /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Hang}\p{Emoji_Presentation}\uff01-\uff60]$/u;

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}
