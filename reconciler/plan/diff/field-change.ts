// One value that differs between two blueprints, and how values are said.
import { canonicalJson } from '../../../schema/canonical.ts';

export interface FieldChange {
  /** A path of names with dots between. */
  readonly field: string;
  /** Null where it is new. */
  readonly from: string | null;
  /** Null where it is gone. */
  readonly to: string | null;
}

/** The change of a field, or nothing when it has none. */
export function changeOf(field: string, old: unknown, now: unknown): readonly FieldChange[] {
  const from = said(old);
  const to = said(now);
  return from === to ? [] : [{ field, from, to }];
}

/** Differences between two records of values, by name, each as `<prefix>.<name>`. */
export function diffRecords(
  prefix: string,
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): FieldChange[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return names.flatMap((name) => changeOf(`${prefix}.${name}`, ownOf(old, name), ownOf(now, name)));
}

/** Names are the engineers' own: `constructor` is one that every object has. */
export function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function said(value: unknown): string | null {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => said(item) ?? '').join(', ');
  return typeof value === 'string' ? value : canonicalJson(value);
}
