import type { Rule } from '../rule.ts';
import { windowMinutes } from './calendar.ts';

/** A machine that is restarted as the window opens may take until its deadline to come back. */
export const windowLength: Rule = {
  id: 'BERTH-701',
  title: 'a restart fits into each window',
  *check({ site }) {
    const { windows = [], deadlineSeconds } = site.value.rollout;
    for (const [index, window] of windows.entries()) {
      const minutes = windowMinutes(window);
      if (minutes * 60 >= deadlineSeconds) continue;
      yield {
        place: site.placeOf('rollout', 'windows', index),
        message: `the window from ${window.from} to ${window.to} is open for ${minutes * 60} seconds, but a restart may take ${deadlineSeconds}`,
        hint: 'make the window longer, or lower deadlineSeconds',
      };
    }
  },
};
