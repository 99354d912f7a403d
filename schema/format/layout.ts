// A YAML document as it is laid out: its values in their order, each with the comments and blank lines at it. Comments
// belong to an entry, so that they go where it goes.

/** A comment on a line of its own. */
export interface Remark {
  /** From `#` to the end of the line. */
  readonly text: string;
  /** Whether a blank line stands above it. */
  readonly blankBefore: boolean;
}

/** A member of a map or of a list. */
export interface Entry {
  /** Comments above it. */
  readonly remarks: readonly Remark[];
  /** Whether a blank line stands above it, below its remarks. */
  readonly blankBefore: boolean;
  /** Null in a list. */
  readonly key: ScalarValue | null;
  /** The comment at the end of its line; more than one where it goes on below, in the same column. */
  readonly trailing: readonly string[];
  readonly value: Value;
}

export type Value = ScalarValue | BlockTextValue | CollectionValue | NoValue;

/** None, single or double. */
export type Quote = '' | "'" | '"';

/** A scalar in one of the flow styles (YAML 1.2.2 §7.3). */
export interface ScalarValue {
  readonly kind: 'scalar';
  /** Its characters, without quotes and folds. */
  readonly text: string;
  /** What it stands in; without, it may be something else than text. */
  readonly quote: Quote;
  /** Over several lines. */
  readonly folded: boolean;
}

/** A text in one of the block styles (YAML 1.2.2 §8.1). */
export interface BlockTextValue {
  readonly kind: 'block-text';
  readonly style: '|' | '>';
  readonly chomping: '' | '-' | '+';
  /** Without the indentation of the block; empty lines at its end only where `+` makes them count. */
  readonly lines: readonly string[];
}

export interface CollectionValue {
  readonly kind: 'map' | 'list';
  /** In flow style (YAML 1.2.2 §7.4), which here means on one line. */
  readonly flow: boolean;
  readonly entries: readonly Entry[];
  /** Comments below its last entry. */
  readonly end: readonly Remark[];
}

/** Null of which nothing is written. */
export interface NoValue {
  readonly kind: 'nothing';
}

export interface DocumentLayout {
  /** Comments about the document as a whole, at its top. */
  readonly head: readonly Remark[];
  readonly blankAfterHead: boolean;
  /** Null where the document holds comments alone. */
  readonly root: CollectionValue | null;
}
