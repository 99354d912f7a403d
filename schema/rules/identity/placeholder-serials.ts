import { declaredMachines } from '../../machines.ts';
import type { Rule } from '../rule.ts';

/** What firmware says where nobody has written a serial into it; without their spaces, which no serial may have. */
const placeholders =
  /^(tobefilledby(oem|o\.e\.m\.?)|default(string)?|none|null|unknown|empty|invalid|n\.?a|oem|serial(number)?|system(serialnumber)?|chassisserialnumber|notspecified|notavailable|notapplicable|0?123456789[0a-f]*)$/i;

/** The next board from the same maker says the same, and two machines with one serial boot as one. */
export const placeholderSerials: Rule = {
  id: 'BERTH-113',
  title: 'serials are of one machine, not what firmware says for want of one',
  severity: 'warning',
  *check(site) {
    for (const { rack, index, machine } of declaredMachines(site)) {
      const bare = machine.serial.replace(/[-_]/g, '');
      if (!placeholders.test(bare) && !/^(.)\1+$/.test(bare)) continue;
      yield {
        place: rack.placeOf('machines', index, 'serial'),
        message: `the serial ${machine.serial} looks like what firmware says where no serial was set`,
        hint: "write the serial from the machine's label into its firmware, and here",
      };
    }
  },
};
