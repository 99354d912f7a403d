// Sources of tests in which ▸ stands before each place that something must be found at.
import type { Place } from '../../schema/diagnostic.ts';

const mark = '▸';

export interface MarkedSource {
  /** Without the marks. */
  readonly source: string;
  /** Of the marks, in their order, as `line:column`. */
  readonly places: readonly string[];
}

export function marked(text: string): MarkedSource {
  const [first = '', ...rest] = text.split(mark);
  let source = first;
  const places: string[] = [];
  for (const part of rest) {
    const lines = source.split('\n');
    places.push(`${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`);
    source += part;
  }
  return { source, places };
}

export function placeText({ line, column }: Place): string {
  return `${line}:${column}`;
}
