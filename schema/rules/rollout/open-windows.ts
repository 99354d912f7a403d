import type { Site } from '../../load.ts';
import type { Freeze, Window } from '../../types/site.ts';
import type { Rule } from '../rule.ts';
import { minutesPerDay, opensWithin, type Span, spanOfFreeze } from './calendar.ts';

const longestMinutes = 365 * minutesPerDay;

/** A freeze with its place in the list. */
interface OwnFreeze extends Span {
  readonly index: number;
  readonly freeze: Freeze;
}

/** A stretch of time in which a role may never restart: from the first minute of one freeze to the last of another. */
interface Closed {
  readonly first: OwnFreeze;
  readonly last: OwnFreeze;
}

/** Machines that nothing may restart for a year get no fix for a year, and nobody decided that. */
export const openWindows: Rule = {
  id: 'BERTH-705',
  title: 'windows and freezes let each role restart at some time in every year',
  *check(site) {
    const found = new Map<string, Closed & { readonly roles: string[] }>();
    for (const role of site.roles.keys()) {
      for (const closed of closedTimes(site, role)) {
        const key = `${closed.first.index} ${closed.last.index}`;
        const known = found.get(key);
        if (known) known.roles.push(role);
        else found.set(key, { ...closed, roles: [role] });
      }
    }
    for (const { first, last, roles } of found.values()) {
      const who = `machines of ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`;
      yield {
        place: site.site.placeOf('rollout', 'freezes', first.index),
        message: `from ${first.freeze.from} to ${last.freeze.to} ${who} may not restart at all`,
        hint: 'shorten the freeze, or open a window between this one and the next',
      };
    }
  },
};

/** The stretches of a year or more. */
function closedTimes({ site }: Site, role: string): readonly Closed[] {
  const { windows = [], freezes = [] } = site.value.rollout;
  const holds = ({ roles }: Pick<Window, 'roles'>): boolean => roles === undefined || roles.includes(role);
  const own = windows.filter(holds);
  const opens = (from: number, to: number): boolean =>
    to > from && (own.length === 0 || opensWithin(own, { from, to }));
  const all = freezes
    .flatMap((freeze, index): OwnFreeze[] => {
      const span = holds(freeze) ? spanOfFreeze(freeze) : null;
      return span ? [{ ...span, index, freeze }] : [];
    })
    .sort((a, b) => a.from - b.from || a.index - b.index);
  const stretches: Closed[] = [];
  for (const freeze of all) {
    const before = stretches.at(-1);
    if (!before || opens(before.last.to, freeze.from)) stretches.push({ first: freeze, last: freeze });
    else if (freeze.to > before.last.to) stretches[stretches.length - 1] = { first: before.first, last: freeze };
  }
  return stretches.filter(({ first, last }) => last.to - first.from >= longestMinutes);
}
