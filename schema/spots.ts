// Where every value of a document stands in its text. The nodes of the YAML library know that too, but take twenty
// times the memory of the data: this is what is kept of them.
import { isMap, isScalar, isSeq, type ParsedNode, type Scalar } from 'yaml';

/** Offsets count UTF-16 code units from the start of the text. */
export interface Spot {
  /** Of the key; of the value where it has none. */
  readonly key: number;
  /** Of the value; of its key where nothing is written. */
  readonly start: number;
  /** Of what follows the value. */
  readonly end: number;
  /** The value, and how it is written, where it is a scalar. */
  readonly scalar: unknown;
  readonly style: Scalar.Type | undefined;
  /** The values in this one, by key or index. */
  readonly inside: ReadonlyMap<string | number, Spot>;
}

const nothing: Spot['inside'] = new Map();

/** The spot of a value that has been read without faults, and of all that is in it. */
export function spotOf(node: ParsedNode | null, key = node?.range[0] ?? 0): Spot {
  const [start, end] = node?.range ?? [key, key];
  const { value, type } = isScalar(node) ? node : {};
  return { key, start, end, scalar: value, style: type, inside: inside(node) };
}

function inside(node: ParsedNode | null): Spot['inside'] {
  if (isMap(node)) {
    // Strict reading has let through no key but text.
    return new Map(node.items.map(({ key, value }) => [(key as Scalar<string>).value, spotOf(value, key.range[0])]));
  }
  return isSeq(node) ? new Map(node.items.map((item, index) => [index, spotOf(item)])) : nothing;
}

/** The spot at a path of keys and indexes, or the nearest one above it. */
export function spotAt(top: Spot, path: readonly (string | number)[]): Spot {
  let found = top;
  for (const step of path) {
    const next = found.inside.get(step);
    if (!next) break;
    found = next;
  }
  return found;
}
