// The times of windows and freezes in minutes, as clocks on the wall of the site show them.
import type { Freeze, Window } from '../../types/site.ts';

export const minutesPerDay = 24 * 60;
const minutesPerWeek = 7 * minutesPerDay;
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A span of minutes; it ends before its last one. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Minutes from the start of 1970 to a minute `year-month-dayThours:minutes`; null on a day that no calendar has. */
export function minuteOf(text: string): number | null {
  const time = Date.parse(`${text}:00Z`);
  // Date takes February 30 for a day of March.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text)) return null;
  return time / 60_000;
}

/** When a freeze is on; null when its dates are not real or it ends before it begins. */
export function spanOfFreeze({ from, to }: Pick<Freeze, 'from' | 'to'>): Span | null {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return start === null || end === null || end <= start ? null : { from: start, to: end };
}

/** How many minutes a window is open: to the next day when it does not close after it opens. */
export function windowMinutes({ from, to }: Pick<Window, 'from' | 'to'>): number {
  const length = minuteOfDay(to) - minuteOfDay(from);
  return length > 0 ? length : length + minutesPerDay;
}

function minuteOfDay(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

/** Whether one of the windows is open at some minute of a span, which is not empty. */
export function opensWithin(windows: readonly Window[], { from, to }: Span): boolean {
  if (to - from >= minutesPerWeek) return true;
  // 1970 began on a Thursday.
  const start = (from + 3 * minutesPerDay) % minutesPerWeek;
  const end = start + (to - from);
  return windows.some((window) =>
    window.days.some((day) => {
      const opens = weekdays.indexOf(day) * minutesPerDay + minuteOfDay(window.from);
      const closes = opens + windowMinutes(window);
      return [-minutesPerWeek, 0, minutesPerWeek].some((week) => opens + week < end && closes + week > start);
    }),
  );
}
