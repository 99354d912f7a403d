// Windows and freezes of the roll-out policy: when machines of a role may restart.
import { Calendar } from '../../../schema/calendar.ts';
import { printable } from '../../../schema/report/printable.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';
import type { ClosedGate } from '../action.ts';

/**
 * How long before a restart that was recorded and not begun is given up once its window has closed: by then nobody who
 * began it in time asks a BMC any more.
 */
const lastCallMs = 60_000;

export interface RestartTimes {
  /** Why no machine of the role may restart just now; null when they may. */
  gateOf(role: string): ClosedGate | null;
  /** Whether a restart that has not begun is not to begin any more: the role has been closed for a while. */
  isCalledOff(role: string): boolean;
}

/** @param now milliseconds since 1970 */
export function restartTimes(policy: RolloutPolicy, now: number): RestartTimes {
  const gates = new Map<string, ClosedGate | null>();
  const gateOf = (role: string): ClosedGate | null => {
    let gate = gates.get(role);
    if (gate === undefined) {
      gate = gateAt(policy, role, now);
      gates.set(role, gate);
    }
    return gate;
  };
  const isCalledOff = (role: string): boolean => {
    return gateOf(role) !== null && gateAt(policy, role, now - lastCallMs) !== null;
  };
  return { gateOf, isCalledOff };
}

/** A moment as the site's clocks show it, rounded up to a minute: `thu 2026-12-24 00:00 (Asia/Tokyo)`. */
export function momentText(policy: RolloutPolicy, moment: number): string {
  const calendar = Calendar.of(policy.timeZone ?? 'UTC') ?? Calendar.of('UTC');
  return calendar === null ? new Date(moment).toISOString() : said(calendar, Math.ceil(moment / 60_000) * 60_000);
}

function said(calendar: Calendar, moment: number): string {
  return `${calendar.text(moment)} (${calendar.timeZone})`;
}

function gateAt(policy: RolloutPolicy, role: string, now: number): ClosedGate | null {
  const holdsFor = ({ roles }: { readonly roles?: readonly string[] }): boolean => roles?.includes(role) ?? true;
  const freezes = (policy.freezes ?? []).filter(holdsFor);
  const windows = (policy.windows ?? []).filter(holdsFor);
  if (freezes.length === 0 && windows.length === 0) return null;
  const calendar = Calendar.of(policy.timeZone ?? 'UTC');
  if (calendar === null) {
    // What cannot be read is no leave to go ahead.
    const waitsFor = `the time zone ${policy.timeZone} is not known where this plan was made`;
    return { open: false, code: windows.length > 0 ? 'window' : 'freeze', waitsFor };
  }
  let frozen: { readonly end: number; readonly reason: string } | null = null;
  for (const freeze of freezes) {
    const end = calendar.endOf(freeze, now);
    if (end !== null && (frozen === null || end > frozen.end)) frozen = { end, reason: freeze.reason };
  }
  if (frozen !== null) {
    const waitsFor = `${role} is frozen until ${said(calendar, frozen.end)}: ${printable(frozen.reason)}`;
    return { open: false, code: 'freeze', waitsFor };
  }
  if (windows.length === 0 || windows.some((window) => calendar.isOpen(window, now))) return null;
  const next = calendar.nextOpening(windows, now);
  const when = next === null ? 'does not open within days' : `opens on ${said(calendar, next)}`;
  return { open: false, code: 'window', waitsFor: `the window of ${role} ${when}` };
}
