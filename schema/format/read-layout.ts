// The tokens of a YAML text → its layout. Tokens hold every comment and line break once, where it stands; the nodes
// that are made from them do not.
import { type CST, Parser } from 'yaml';
import type { DocumentLayout, Entry, Remark, ScalarValue, Value } from './layout.ts';
import { blockTextOf, LayoutError, scalarOf } from './read-scalar.ts';

/**
 * The layout of each document of a text. What stands around a document that holds nothing goes to the next one.
 * @param text free of faults (see parseYaml), with `\n` as line break and without byte order mark
 * @throws {LayoutError} when a document is neither map nor list
 */
export function readLayouts(text: string): readonly DocumentLayout[] {
  const reader = new LayoutReader(text);
  for (const token of new Parser().parse(text)) reader.read(token);
  return reader.finish();
}

interface OpenRemark extends Remark {
  readonly column: number;
}

interface OpenEntry extends Entry {
  remarks: readonly Remark[];
  blankBefore: boolean;
  readonly trailing: string[];
  value: Value | OpenCollection;
}

interface OpenCollection {
  readonly kind: 'map' | 'list';
  readonly flow: boolean;
  /** Where its entries begin, in block style. */
  readonly column: number;
  readonly entries: OpenEntry[];
  readonly end: Remark[];
}

class LayoutReader {
  private readonly documents: (DocumentLayout & { readonly root: OpenCollection })[] = [];
  /** Comments that belong to nothing yet. */
  private pending: OpenRemark[] = [];
  /** Whether a blank line has been read since the last comment or value. */
  private blank = false;
  /** Whether anything stands on this line before what is read next. */
  private lineUsed = false;
  /** Whose comment one at the end of this line is. */
  private current: OpenEntry | null = null;
  /** Where the comment at the end of the line above stands; -1 where there is none. */
  private trailingColumn = -1;

  constructor(private readonly text: string) {}

  /** Read what stands at the top of a stream: a document, or something between two. */
  read(token: CST.Token): void {
    if (token.type === 'document') this.document(token);
    else if (token.type === 'doc-end') this.gap([token, ...(token.end ?? [])]);
    else this.gap([token]);
  }

  finish(): readonly DocumentLayout[] {
    const rest = this.take();
    const last = this.documents.at(-1);
    if (!last) return rest.length === 0 ? [] : [{ head: rest, blankAfterHead: false, root: null }];
    last.root.end.push(...rest);
    return this.documents;
  }

  private document({ start, value, end }: CST.Document): void {
    this.current = null;
    this.gap(start);
    const holder = entryOf(null);
    if (value) this.value(holder, value);
    this.gap(end ?? []);
    this.current = null;
    const root = holder.value;
    if (root.kind === 'nothing') return;
    if (!isCollection(root)) throw new LayoutError('a document that is neither map nor list');
    while (this.pending[0] && this.settle(root, this.pending[0]));
    root.end.push(...holder.remarks, ...holder.trailing.map((text) => ({ text, blankBefore: false })), ...this.take());
    this.documents.push(documentOf(root));
  }

  private value(holder: OpenEntry, token: CST.Token): void {
    switch (token.type) {
      case 'block-map':
      case 'block-seq':
        return this.blockCollection(holder, token);
      case 'flow-collection':
        return this.flowCollection(holder, token);
      case 'block-scalar':
        return this.blockScalar(holder, token);
      default:
        holder.value = scalarOf(token);
        // Null has no characters.
        if (holder.value.text === '' && holder.value.quote === '') holder.value = { kind: 'nothing' };
        this.lineUsed = true;
        this.gap(endOf(token));
    }
  }

  private blockCollection(holder: OpenEntry, token: CST.BlockMap | CST.BlockSequence): void {
    const kind = token.type === 'block-map' ? 'map' : 'list';
    const column = this.columnOf(token.offset);
    const collection: OpenCollection = { kind, flow: false, column, entries: [], end: [] };
    holder.value = collection;
    for (const { start, key, sep, value } of token.items) {
      const indicator = start.findIndex(({ type }) => type === 'seq-item-ind' || type === 'explicit-key-ind');
      const before = indicator < 0 ? start.length : indicator;
      this.gap(start.slice(0, before));
      // Comments at the end have an item of their own.
      if (indicator < 0 && !key && !sep && !value) continue;
      const last = collection.entries.at(-1);
      while (this.pending[0] && this.pending[0].column > column) {
        if (!this.settle(last?.value, this.pending[0])) break;
      }
      const entry = this.begin(collection, key);
      this.gap(start.slice(before));
      this.inside(entry, key, sep, value);
    }
  }

  private flowCollection(holder: OpenEntry, token: CST.FlowCollection): void {
    const kind = token.start.type === 'flow-map-start' ? 'map' : 'list';
    const collection: OpenCollection = { kind, flow: true, column: 0, entries: [], end: [] };
    holder.value = collection;
    this.lineUsed = true;
    this.current = null;
    for (const { start, key, sep, value } of token.items) {
      this.gap(start);
      if (!key && !sep && !value) continue;
      const entry = this.begin(collection, kind === 'map' ? key : null);
      if (kind === 'map' || !sep) this.inside(entry, kind === 'map' ? key : null, sep, value);
      else {
        // A map of one pair, without its braces (YAML 1.2.2 §7.4.1).
        const pair: OpenCollection = { kind: 'map', flow: true, column: 0, entries: [], end: [] };
        entry.value = pair;
        this.inside(this.begin(pair, key), key, sep, value);
      }
    }
    const [close, ...after] = token.end;
    if (collection.entries.length > 0) collection.end.push(...this.take());
    else holder.remarks = [...holder.remarks, ...this.take()];
    this.blank = false;
    this.current = holder;
    this.gap(close ? [close, ...after] : after);
  }

  /** An entry that has begun: its key, what stands between, its value. */
  private inside(
    entry: OpenEntry,
    key: CST.Token | null | undefined,
    sep: readonly CST.SourceToken[] | undefined,
    value: CST.Token | undefined,
  ): void {
    this.gap(key ? endOf(key) : []);
    this.gap(sep ?? []);
    if (value) this.value(entry, value);
  }

  private blockScalar(holder: OpenEntry, token: CST.BlockScalar): void {
    this.gap(token.props);
    const value = blockTextOf(token);
    holder.value = value;
    this.lineUsed = token.source !== '' && !token.source.endsWith('\n');
    this.blank = value.chomping !== '+' && /(^|\n)[ \t]*\n$/.test(token.source);
  }

  /** Take note of what is no value. */
  private gap(tokens: readonly CST.Token[]): void {
    for (const token of tokens) {
      switch (token.type) {
        case 'space':
          break;
        case 'newline':
          if (!this.lineUsed) this.blank = true;
          this.lineUsed = false;
          break;
        case 'comment':
          this.comment(token);
          this.lineUsed = true;
          break;
        default:
          this.lineUsed = true;
      }
    }
  }

  private comment({ source, offset }: CST.SourceToken): void {
    const text = source.trimEnd();
    const column = this.columnOf(offset);
    const goesOn = !this.lineUsed && !this.blank && column === this.trailingColumn;
    const trailing = goesOn || (this.lineUsed && this.current?.trailing.length === 0);
    if (this.current && trailing) {
      this.current.trailing.push(text);
      this.trailingColumn = column;
      return;
    }
    this.trailingColumn = -1;
    this.pending.push({ text, column, blankBefore: this.blank });
    this.blank = false;
  }

  private begin(collection: OpenCollection, key: CST.Token | null | undefined): OpenEntry {
    const entry = entryOf(key ? scalarOf(key) : null);
    entry.remarks = this.take();
    entry.blankBefore = this.blank;
    collection.entries.push(entry);
    this.blank = false;
    this.lineUsed = true;
    this.current = entry;
    this.trailingColumn = -1;
    return entry;
  }

  /** Give a comment to the innermost of the collections that end with a value and are indented no deeper than it. */
  private settle(value: Value | OpenCollection | undefined, { text, column, blankBefore }: OpenRemark): boolean {
    const home = innermost(value, column);
    if (!home) return false;
    home.end.push({ text, blankBefore });
    this.pending.shift();
    return true;
  }

  private take(): Remark[] {
    const taken = this.pending.map(({ text, blankBefore }) => ({ text, blankBefore }));
    this.pending = [];
    return taken;
  }

  private columnOf(offset: number): number {
    return offset - (offset === 0 ? 0 : this.text.lastIndexOf('\n', offset - 1) + 1);
  }
}

function entryOf(key: ScalarValue | null): OpenEntry {
  return { remarks: [], blankBefore: false, key, trailing: [], value: { kind: 'nothing' } };
}

function isCollection(value: Value | OpenCollection): value is OpenCollection {
  return 'column' in value;
}

function innermost(value: Value | OpenCollection | undefined, column: number): OpenCollection | null {
  if (!value || !isCollection(value) || value.flow || value.column > column) return null;
  return innermost(value.entries.at(-1)?.value, column) ?? value;
}

/**
 * Comments at the top are about the document. Of several paragraphs, the last one is about the first entry where it
 * stands right above it.
 */
function documentOf(root: OpenCollection): DocumentLayout & { readonly root: OpenCollection } {
  const [first] = root.entries;
  if (!first) return { head: [], blankAfterHead: false, root };
  const { remarks, blankBefore } = first;
  const lastParagraph = remarks.findLastIndex((remark, index) => index > 0 && remark.blankBefore);
  const cut = blankBefore || lastParagraph < 0 ? remarks.length : lastParagraph;
  first.remarks = remarks.slice(cut);
  first.blankBefore = false;
  return { head: remarks.slice(0, cut), blankAfterHead: blankBefore || cut < remarks.length, root };
}

function endOf(token: CST.Token): readonly CST.SourceToken[] {
  return ('end' in token && Array.isArray(token.end) ? token.end : []) as readonly CST.SourceToken[];
}
