// What differs between two versions of a document of the site repo, value by value.
import { canonicalJson } from '../../../schema/canonical.ts';
import type { Place } from '../../../schema/diagnostic.ts';
import type { SiteDocumentFile, ValuePath } from '../../../schema/document.ts';
import type { Reason } from '../action.ts';
import { changeOf, ownOf } from './field-change.ts';
import { declared } from './site.ts';

type Document = SiteDocumentFile<unknown>;

/** Where a document is found, for places that can be opened. */
export interface Version {
  readonly document: Document | undefined;
  readonly placeIn: (place: Place) => Place;
}

interface Members {
  readonly [name: string]: { readonly step: string | number; readonly value: unknown };
}

/**
 * Every value that differs, named by the way to it: keys of maps, names of members of lists. What comes or goes as a
 * whole is one difference. Places are those of the newer version, and of the older one for what is gone.
 * @param prefix stands before each name
 * @param leftOut top-level members that are not looked at
 */
export function diffDocument(
  prefix: string,
  before: Version,
  after: Version,
  leftOut: readonly string[] = [],
): readonly Reason[] {
  const walk = (names: readonly string[], paths: Paths, old: unknown, now: unknown): readonly Reason[] => {
    if (old === now) return [];
    const [oldMembers, newMembers] = [membersOf(old), membersOf(now)];
    if (!oldMembers || !newMembers) {
      const field = [prefix, ...names].filter((name) => name !== '').join('.');
      const place = now === undefined ? placeOf(before, paths.old) : placeOf(after, paths.now);
      return changeOf(field, shown(old), shown(now)).map((change) => ({ ...change, place }));
    }
    const all = new Set([...Object.keys(newMembers), ...Object.keys(oldMembers)]);
    return [...all].flatMap((name) => {
      if (names.length === 0 && leftOut.includes(name)) return [];
      const [from, to] = [ownOf(oldMembers, name), ownOf(newMembers, name)];
      const inside = { old: [...paths.old, from?.step ?? name], now: [...paths.now, to?.step ?? name] };
      return walk([...names, name], inside, from?.value, to?.value);
    });
  };
  return walk([], { old: [], now: [] }, before.document?.value, after.document?.value);
}

interface Paths {
  readonly old: ValuePath;
  readonly now: ValuePath;
}

function placeOf({ document, placeIn }: Version, path: ValuePath): Place | null {
  return document ? placeIn(document.placeOf(...path)) : null;
}

/** Members of a map by their keys, of a list of maps by what names them; null for what is compared as a whole. */
function membersOf(value: unknown): Members | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return members(Object.entries(value).map(([name, item]) => [name, name, item]));
  const named = value.map((item: unknown, step) => [nameOf(item), step, item] as const);
  const names = named.map(([name]) => name);
  if (names.includes(null) || new Set(names).size < names.length) return null;
  return members(named.map(([name, step, item]) => [name ?? '', step, item]));
}

function members(entries: readonly (readonly [string, string | number, unknown])[]): Members {
  return Object.fromEntries(entries.map(([name, step, value]) => [name, { step, value }]));
}

function nameOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null;
  const { name, serial } = item as { readonly name?: unknown; readonly serial?: unknown };
  const found = name ?? serial;
  return typeof found === 'string' ? found : null;
}

function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return declared;
  return value.map((item: unknown) => (typeof item === 'string' ? item : canonicalJson(item)));
}
