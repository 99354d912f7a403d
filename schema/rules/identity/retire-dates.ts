import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** A day that never comes is never planned for. */
export const retireDates: Rule = {
  id: 'BERTH-112',
  title: 'retire dates are days of the calendar',
  *check(site) {
    for (const { rack, index, machine } of declaredMachines(site)) {
      const { serial, retireDate } = machine;
      if (retireDate === undefined || isDay(retireDate)) continue;
      yield {
        place: rack.placeOf('machines', index, 'retireDate'),
        message: `${serial} is to go on ${retireDate}, but that month is shorter`,
        hint: 'a date is year-month-day',
      };
    }
  },
};

/** @param text four digits, a month from 01 to 12, a day from 01 to 31 */
function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day <= days;
}
