// A layout → its text: two spaces of indentation, lists indented below their key, flow style where it fits the line.
import type { BlockTextValue, CollectionValue, DocumentLayout, Entry, Remark, ScalarValue, Value } from './layout.ts';
import { scalarText } from './scalar-text.ts';

export const lineWidth = 120;

/** The text of documents, `---` between them; it ends in a newline. */
export function printLayouts(documents: readonly DocumentLayout[]): string {
  const texts = documents.map((document) =>
    documentLines(document)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return texts.join('---\n');
}

function documentLines({ head, blankAfterHead, root }: DocumentLayout): readonly string[] {
  const top = remarkLines(head, 0);
  if (top[0] === '') top.shift();
  if (!root) return top;
  if (root.entries.length === 0) return [...top, emptyText(root), ...remarkLines(root.end, 0)];
  return [...top, ...(blankAfterHead && top.length > 0 ? [''] : []), ...blockLines(root, 0)];
}

/** @param below what stands above the first entry, so that a blank line may stand between */
function blockLines({ entries, end }: CollectionValue, indent: number, below: readonly string[] = []): string[] {
  const lines: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const above = [...remarkLines(entry.remarks, indent), ...(entry.blankBefore ? [''] : [])];
    if (index === 0 && below.length === 0 && above[0] === '') above.shift();
    lines.push(...above, ...entryLines(entry, indent));
  }
  lines.push(...remarkLines(end, indent));
  return lines;
}

function remarkLines(remarks: readonly Remark[], indent: number): string[] {
  return remarks.flatMap(({ text, blankBefore }) => [...(blankBefore ? [''] : []), pad(indent) + text]);
}

function entryLines(entry: Entry, indent: number): string[] {
  const { key, value } = entry;
  const head = pad(indent) + (key === null ? '-' : `${scalarText(key, false)}:`);
  switch (value.kind) {
    case 'nothing':
      return withTrailing([head], entry);
    case 'scalar':
      return withTrailing(scalarLines(head, value, indent + 2), entry);
    case 'block-text':
      return [...withTrailing([`${head} ${blockHeader(value)}`], entry), ...blockTextLines(value, indent + 2)];
    default: {
      const flow = value.flow || value.entries.length === 0 ? flowText(value) : null;
      if (flow !== null && (head.length + 1 + flow.length <= lineWidth || value.entries.length === 0)) {
        return withTrailing([`${head} ${flow}`], entry);
      }
      const inner = blockLines(value, indent + 2, entry.trailing);
      const [first] = value.entries;
      // The first entry of a list's member stands beside its dash.
      const beside = key === null && entry.trailing.length === 0 && first?.remarks.length === 0;
      if (beside) return [`${head} ${inner[0]?.slice(indent + 2)}`, ...inner.slice(1)];
      return [...withTrailing([head], entry), ...inner];
    }
  }
}

/** The lines of an entry with its comment at the end; where that goes on, below itself. */
function withTrailing(lines: readonly string[], { trailing }: Entry): string[] {
  const [comment, ...more] = trailing;
  const last = lines.at(-1) ?? '';
  if (comment === undefined) return [...lines];
  return [...lines.slice(0, -1), `${last} ${comment}`, ...more.map((text) => pad(last.length + 1) + text)];
}

function scalarLines(head: string, scalar: ScalarValue, indent: number): readonly string[] {
  const line = `${head} ${scalarText(scalar, false)}`;
  return scalar.folded && line.length > lineWidth ? fold(line, head.length, indent) : [line];
}

/** Break a line at single spaces behind the head of an entry, which reading undoes (YAML 1.2.2 §6.5). */
function fold(line: string, headLength: number, indent: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(headLength + 1).split(/(?<=[^\s\\]) (?=[^\s#:?-])/)) {
    const start = lines.length === 0 ? headLength + 1 : indent;
    if (current !== '' && start + current.length + 1 + word.length > lineWidth) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  lines.push(current);
  return lines.map((text, index) => (index === 0 ? line.slice(0, headLength + 1) : pad(indent)) + text);
}

/** The indentation is said where the text begins with spaces, since it cannot be seen there. */
function blockHeader({ style, chomping, lines }: BlockTextValue): string {
  const first = lines.find((line) => line !== '') ?? '';
  return style + (first.startsWith(' ') ? '2' : '') + chomping;
}

function blockTextLines({ lines }: BlockTextValue, indent: number): string[] {
  return lines.map((line) => (line === '' ? '' : pad(indent) + line));
}

/** A value on one line; null when it holds comments or a block of text. */
function flowText(value: Value): string | null {
  switch (value.kind) {
    case 'nothing':
      return 'null';
    case 'scalar':
      return scalarText(value, true);
    case 'block-text':
      return null;
    default: {
      const parts: string[] = [];
      for (const { remarks, trailing, key, value: member } of value.entries) {
        const text = remarks.length + trailing.length > 0 ? null : flowText(member);
        if (text === null) return null;
        parts.push(key === null ? text : `${scalarText(key, true)}: ${text}`);
      }
      if (value.end.length > 0) return null;
      if (parts.length === 0) return emptyText(value);
      return value.kind === 'map' ? `{ ${parts.join(', ')} }` : `[${parts.join(', ')}]`;
    }
  }
}

function emptyText({ kind }: CollectionValue): string {
  return kind === 'map' ? '{}' : '[]';
}

function pad(columns: number): string {
  return ' '.repeat(columns);
}
