// The tokens of scalars → what they hold, and how they are written.
import { CST } from 'yaml';
import type { BlockTextValue, ScalarValue } from './layout.ts';

/** The text has a layout that none of the site repo's documents has. */
export class LayoutError extends Error {
  readonly code = 'yaml-layout';
  override readonly name = 'LayoutError';
}

/** @throws {LayoutError} when the token is no scalar in a flow style */
export function scalarOf(token: CST.Token): ScalarValue {
  const scalar = CST.resolveAsScalar(token);
  if (!scalar) throw new LayoutError(`a ${token.type} in place of a scalar`);
  const folded = 'source' in token && token.source.includes('\n');
  const quote = token.type === 'scalar' ? '' : token.type === 'single-quoted-scalar' ? "'" : '"';
  return { kind: 'scalar', text: scalar.value, quote, folded };
}

/** YAML 1.2.2 §8.1.1: the header says the style, how the end is kept, and possibly the indentation. */
export function blockTextOf(token: CST.BlockScalar): BlockTextValue {
  const header = token.props.find(({ type }) => type === 'block-scalar-header');
  const source = header && 'source' in header ? header.source : '|';
  const style = source.startsWith('>') ? '>' : '|';
  const chomping = source.includes('+') ? '+' : source.includes('-') ? '-' : '';
  const lines = token.source.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const digit = /[1-9]/.exec(source)?.[0];
  const firstText = lines.find((line) => line.trim() !== '') ?? '';
  const indent = digit === undefined ? firstText.length - firstText.trimStart().length : token.indent + Number(digit);
  const text = lines.map((line) => line.slice(Math.min(indent, line.search(/[^ ]|$/))));
  while (chomping !== '+' && text.at(-1) === '') text.pop();
  return { kind: 'block-text', style, chomping, lines: text };
}
