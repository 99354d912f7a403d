// What is rendered for one machine, then and now: a unified diff of each part, without secrets.
import { diffLines } from './diff-text.ts';
import { redact } from './redact.ts';
import type { Parts } from './rendered.ts';

export interface PartDiff {
  /** `DHCP answer`, `Ignition file /etc/motd`, … */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Hunks of a unified diff, without its two lines of heading. */
  readonly lines: readonly string[];
}

/** The parts that differ, in their order; those that are gone come last. @param before null where there was nothing */
export function diffParts(before: Parts | null, after: Parts | null): readonly PartDiff[] {
  const names = new Set([...(after?.keys() ?? []), ...(before?.keys() ?? [])]);
  return [...names].flatMap((name) => {
    const old = before?.get(name);
    const now = after?.get(name);
    if (old === now) return [];
    const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [{ name, change, lines: diffLines(safe(old), safe(now)) } as const];
  });
}

/** Whole texts: of a key that is cut in two by a hunk, neither half would be known for what it is. */
function safe(text: string | undefined): string | null {
  return text === undefined ? null : redact(text);
}
