// What is rendered for one machine, then and now: a unified diff of each part, without secrets.

import type { Parts } from '../rendered/machine.ts';
import { redactTogether } from '../secrets/redact.ts';
import { diffLines } from './text.ts';

export interface PartDiff {
  /** `DHCP answer`, `Ignition file /etc/motd`, … */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Hunks of a unified diff, without its two lines of heading. */
  readonly lines: readonly string[];
}

/** The parts that differ, in their order; those that are gone come last. @param before null where there was nothing */
export function diffParts(before: Parts | null, after: Parts | null): readonly PartDiff[] {
  const names = [...new Set([...(after?.keys() ?? []), ...(before?.keys() ?? [])])];
  const differing = names.filter((name) => before?.get(name) !== after?.get(name));
  // Whole texts: of a key that is cut in two by a hunk, neither half would be known for what it is. And all of them at
  // once: what was a password may have moved to where nothing says that it is one.
  const safe = redactTogether(differing.flatMap((name) => [before?.get(name) ?? null, after?.get(name) ?? null]));
  return differing.map((name, index) => {
    const change = !before?.has(name) ? 'added' : after?.has(name) ? 'changed' : 'removed';
    return { name, change, lines: diffLines(safe[2 * index] ?? null, safe[2 * index + 1] ?? null) };
  });
}
