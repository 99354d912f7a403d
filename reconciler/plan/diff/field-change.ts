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

const none: readonly FieldChange[] = [];

/** The change of a field, or nothing when it has none. */
export function changeOf(field: string, old: unknown, now: unknown): readonly FieldChange[] {
  // Most fields of most machines stay as they are: nothing is written for them.
  if (isSame(old, now)) return none;
  const from = said(old);
  const to = said(now);
  return from === to ? none : [{ field, from, to }];
}

/** Whether values that are plain, or lists of plain ones, are the same. Others may be, too. */
function isSame(old: unknown, now: unknown): boolean {
  if (old === now) return true;
  return Array.isArray(old) && Array.isArray(now) && isSameList(old, now);
}

export function isSameList(old: readonly unknown[], now: readonly unknown[]): boolean {
  return old.length === now.length && old.every((item, index) => item === now[index]);
}

/** Differences between two records of values, by name, each as `<prefix>.<name>`. */
export function diffRecords(
  prefix: string,
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): readonly FieldChange[] {
  const [oldNames, newNames] = [Object.keys(old), Object.keys(now)];
  if (isSameList(oldNames, newNames) && newNames.every((name) => isSame(old[name], now[name]))) return none;
  const names = [...new Set([...oldNames, ...newNames])].sort();
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
