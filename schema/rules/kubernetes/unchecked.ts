// Reads what no schema has checked: all that a Kubernetes object holds beside its names.
import type { ValuePath } from '../../document.ts';

/** The value at a path, undefined where there is none. */
export function valueAt(value: unknown, ...path: ValuePath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** The same for text. */
export function textAt(value: unknown, ...path: ValuePath): string | undefined {
  const text = valueAt(value, ...path);
  return typeof text === 'string' ? text : undefined;
}

/** The members of a list, none where there is no list. */
export function listAt(value: unknown, ...path: ValuePath): readonly unknown[] {
  const list = valueAt(value, ...path);
  return Array.isArray(list) ? list : [];
}
