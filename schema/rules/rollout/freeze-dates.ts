import type { Rule } from '../rule.ts';
import { minuteOf } from './calendar.ts';

/** A freeze that ends before it begins freezes nothing. */
export const freezeDates: Rule = {
  id: 'BERTH-703',
  title: 'a freeze is of days that exist, and ends after it begins',
  *check({ site }) {
    for (const [index, freeze] of (site.value.rollout.freezes ?? []).entries()) {
      const path = ['rollout', 'freezes', index];
      const unreal = (['from', 'to'] as const).filter((key) => minuteOf(freeze[key]) === null);
      for (const key of unreal) {
        const place = site.placeOf(...path, key);
        yield { place, message: `no calendar has the day ${freeze[key].slice(0, 10)}`, hint: 'write year-month-day' };
      }
      if (unreal.length > 0 || freeze.from < freeze.to) continue;
      yield {
        place: site.placeOf(...path, 'to'),
        message: `the freeze begins at ${freeze.from} and is over at ${freeze.to}, before anything was frozen`,
        hint: 'correct from or to',
      };
    }
  },
};
