// May these people together make that change? Pure: a trust set, a path and those who stand for the commit.
import type { TrustSet } from './trust-set.ts';

/** The part of a trust set that is asked here. */
export type Rules = Pick<TrustSet, 'whoMayChange' | 'demandsOn' | 'membersOf'>;

/** What was found about one path that a commit touches. */
export interface PathVerdict {
  readonly path: string;
  readonly fault: 'path-not-allowed' | 'threshold-missed' | null;
  /** Those who stand for the commit and count here. */
  readonly by: readonly string[];
  /** How many it takes. */
  readonly needed: number;
  /** The group that they must be of; null: it takes those who may change the path. */
  readonly group: string | null;
  /** All who would count. */
  readonly among: readonly string[];
}

/**
 * Judge one path. Somebody who may change it must stand for it, and so many as each threshold that covers it asks for.
 * @returns the first thing that is missing; else the highest of the demands
 */
export function judgePath(trust: Rules, path: string, standing: ReadonlySet<string>): PathVerdict {
  const may = trust.whoMayChange(path);
  const verdict = (among: ReadonlySet<string>, needed: number, group: string | null, code: 'path' | 'threshold') => {
    const by = [...standing].filter((name) => among.has(name));
    const missed = code === 'path' ? ('path-not-allowed' as const) : ('threshold-missed' as const);
    return { path, fault: by.length < needed ? missed : null, by, needed, group, among: [...among] };
  };
  let highest = verdict(may, 1, null, 'path');
  for (const { signatures, group } of trust.demandsOn(path)) {
    if (highest.fault !== null) return highest;
    const asked = verdict(group === null ? may : trust.membersOf(group), signatures, group, 'threshold');
    if (asked.fault !== null || asked.needed > highest.needed) highest = asked;
  }
  return highest;
}

/** What is missing, in words. @param signer of the commit */
export function describePath({ path, fault, by, needed, group, among }: PathVerdict, signer: string): string {
  const file = JSON.stringify(path);
  if (fault === 'path-not-allowed') return `${file}, which ${signer} may not change`;
  const whom = group === null ? 'signers who may change it' : `members of ${group}`;
  const have = by.length === 0 ? 'nobody' : by.join(', ');
  return `${file}, which takes ${needed} ${whom} (${among.join(', ')}); ${have} stands for it`;
}
