// All that is asked of those who stand for a commit before it may change a path. The judgement names the first thing
// that is missing; who has to find people wants to know of each.
import type { Rules } from '../../source/trust/permission.ts';

export interface ShownDemand {
  /** How many it takes. */
  readonly needed: number;
  /** The group that they must be of; null: they must be such as may change the path. */
  readonly group: string | null;
  /** All who would count. */
  readonly among: readonly string[];
  /** Those of them who stand for the commit. */
  readonly by: readonly string[];
}

/**
 * The demands on a path, of those for the same people the highest.
 * @returns one at least; that somebody may change the path at all goes without saying where it is so and more is asked
 */
export function demandsOn(rules: Rules, path: string, standing: readonly string[]): readonly ShownDemand[] {
  const highest = new Map<string | null, number>([[null, 1]]);
  for (const { signatures, group } of rules.demandsOn(path)) {
    highest.set(group, Math.max(signatures, highest.get(group) ?? 0));
  }
  const demands = [...highest].map(([group, needed]): ShownDemand => {
    const among = group === null ? rules.whoMayChange(path) : rules.membersOf(group);
    return { needed, group, among: [...among], by: standing.filter((name) => among.has(name)) };
  });
  const telling = demands.filter((demand) => demand.group !== null || demand.needed > 1 || !isMet(demand));
  return telling.length > 0 ? telling : demands;
}

export function isMet({ needed, by }: ShownDemand): boolean {
  return by.length >= needed;
}
