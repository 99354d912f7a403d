// Windows and freezes: spans of time on the clocks of a time zone. Pure in the moment that is asked about.
//
// A window is open whenever the clock on the wall says so: in the night in which it is set forward, a window inside the
// hour that is left out does not open, and in the one in which it is set back, a window inside the hour that comes twice
// opens twice. A freeze must hold whatever its words can mean there: it begins at the first moment at which the clock
// shows its beginning, and is over at the last one at which it shows its end.

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const dayMs = 24 * 3600_000;

export interface WeeklyWindow {
  readonly days: readonly string[];
  /** `22:00` */
  readonly from: string;
  /** On the next day when it is not after `from`. */
  readonly to: string;
}

/** `2026-12-24T00:00` to the minute at which it is over. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** By time zone: a formatter takes longer to make than a plan. */
const calendars = new Map<string, Calendar>();

/** The clocks of a time zone. Moments are milliseconds since 1970. */
export class Calendar {
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;

  private constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** @param timeZone IANA name @returns null for one that this computer does not know */
  static of(timeZone: string): Calendar | null {
    try {
      const calendar = calendars.get(timeZone) ?? new Calendar(timeZone);
      calendars.set(timeZone, calendar);
      return calendar;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  /** Whether a window is open. */
  isOpen(window: WeeklyWindow, moment: number): boolean {
    const wall = new Date(this.#wall(moment));
    const time = wall.toISOString().slice(11, 16);
    const today = window.days.includes(dayNames[wall.getUTCDay()] ?? '');
    if (window.from < window.to) return today && window.from <= time && time < window.to;
    const yesterday = window.days.includes(dayNames[(wall.getUTCDay() + 6) % 7] ?? '');
    return (today && window.from <= time) || (yesterday && time < window.to);
  }

  /** The next moment at which one of the windows opens, within nine days; null when none does. */
  nextOpening(windows: readonly WeeklyWindow[], moment: number): number | null {
    const midnight = Math.floor(this.#wall(moment) / dayMs) * dayMs;
    let next: number | null = null;
    for (let day = 0; day <= 9; day++) {
      for (const window of windows) {
        const minutes = Number(window.from.slice(0, 2)) * 60 + Number(window.from.slice(3));
        for (const at of this.#moments(midnight + day * dayMs + minutes * 60_000)) {
          if (at > moment && (next === null || at < next) && this.isOpen(window, at)) next = at;
        }
      }
      if (next !== null) return next;
    }
    return null;
  }

  /** When a span that holds at the moment is over; null when it does not hold. */
  endOf({ from, to }: Span, moment: number): number | null {
    const begin = Math.min(...this.#moments(wallTime(from)));
    const end = Math.max(...this.#moments(wallTime(to)));
    return begin <= moment && moment < end ? end : null;
  }

  /** `thu 2026-12-24 00:00`, as clocks of the zone show it. */
  text(moment: number): string {
    const wall = new Date(this.#wall(moment));
    return `${dayNames[wall.getUTCDay()]} ${wall.toISOString().slice(0, 16).replace('T', ' ')}`;
  }

  /** What clocks show, as milliseconds since 1970 of a clock that shows UTC. */
  #wall(moment: number): number {
    const parts = new Map(this.#format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, day = 1] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return Date.UTC(year, month - 1, day, parts.get('hour'), parts.get('minute'), parts.get('second'));
  }

  /**
   * The moments at which clocks show a time: one as a rule, two in the hour that comes twice. For a time that is left
   * out, what it would be by the clocks before and after.
   */
  #moments(wall: number): readonly number[] {
    const guesses = [wall - dayMs, wall + dayMs].map((near) => wall - (this.#wall(near) - near));
    const shown = guesses.filter((guess) => this.#wall(guess) === wall);
    return shown.length > 0 ? shown : guesses;
  }
}

function wallTime(text: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
}
