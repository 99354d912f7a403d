import { machinesBySerial } from './kept-machines.ts';
import type { Transition } from './transition.ts';

/** The statement is carried out in time, but whoever reviews it should know that it takes days, or that it is a slip. */
export const retiredAtOnce: Transition = {
  id: 'BERTH-917',
  title: 'no more machines are retired at once than may be in a day',
  severity: 'warning',
  *check(base, site) {
    // The limit that is in force: a commit must not both raise it and use it.
    const limit = base.site.value.rollout.maxDestructivePerDay ?? 1;
    const before = machinesBySerial(base);
    const retired = [...machinesBySerial(site).values()].filter(({ machine }) => {
      const old = machine.retire && before.get(machine.serial);
      return old && !old.machine.retire;
    });
    const first = retired[limit];
    if (!first) return;
    const days = limit === 0 ? 'none may be' : `which takes ${Math.ceil(retired.length / limit)} days`;
    yield {
      place: first.rack.placeOfKey('machines', first.index, 'retire'),
      message: `this retires ${retired.length} machines; rollout.maxDestructivePerDay is ${limit}, ${days}`,
      hint: 'retire fewer at once, or raise the limit in a commit before',
    };
  },
};
