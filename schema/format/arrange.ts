// A layout as written → as it should be: keys in the order of the schema, tables a line for each member.
import type { CollectionValue, DocumentLayout, Entry, Value } from './layout.ts';
import type { Shape } from './shape.ts';

export function arrange(document: DocumentLayout, shape: Shape): DocumentLayout {
  const { root } = document;
  return root ? { ...document, root: arrangeCollection(root, shape) } : document;
}

function arrangeCollection(collection: CollectionValue, shape: Shape): CollectionValue {
  const isMap = collection.kind === 'map';
  const entries = collection.entries.map((entry) => {
    const inner = entry.key === null ? shape.item() : shape.member(entry.key.text);
    return { ...entry, value: arrangeValue(entry.value, inner, shape.table) };
  });
  return { ...collection, entries: isMap ? inOrder(entries, shape.keys) : entries };
}

function arrangeValue(value: Value, shape: Shape, inTable: boolean): Value {
  if (value.kind !== 'map' && value.kind !== 'list') return value;
  const arranged = arrangeCollection(value, shape);
  return inTable ? { ...arranged, flow: true } : arranged;
}

function inOrder(entries: readonly Entry[], keys: readonly string[]): readonly Entry[] {
  const rank = new Map(keys.map((key, index) => [key, index]));
  const rankOf = ({ key }: Entry): number => (key && rank.get(key.text)) ?? keys.length;
  return [...entries].sort((a, b) => rankOf(a) - rankOf(b));
}
