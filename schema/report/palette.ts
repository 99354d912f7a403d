// What colours there are, and text without any. Whether a stream gets them is for whoever writes to it to decide.

/** Dresses a text; the text stays readable without it. */
export type Paint = (text: string) => string;

export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

const asItIs: Paint = (text) => text;

/** Every text as it is. */
export const plain: Palette = {
  bold: asItIs,
  dim: asItIs,
  red: asItIs,
  green: asItIs,
  yellow: asItIs,
  cyan: asItIs,
};

/**
 * Select Graphic Rendition, ECMA-48 §8.3.117. Each ends only what it began, so that one paint may lie inside another:
 * `bold(red('x'))` and `red(bold('x') + 'y')` are as they read.
 */
const rendition =
  (begin: number, end: number): Paint =>
  (text) =>
    text === '' ? '' : `\u001b[${begin}m${text}\u001b[${end}m`;

/** The colours that every terminal has, in the shades that its user chose. */
export const ansi: Palette = {
  bold: rendition(1, 22),
  dim: rendition(2, 22),
  red: rendition(31, 39),
  green: rendition(32, 39),
  yellow: rendition(33, 39),
  cyan: rendition(36, 39),
};
