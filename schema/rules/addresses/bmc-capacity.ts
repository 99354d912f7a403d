import type { Rule } from '../rule.ts';

/** A slot past the rack's BMC range would get a BMC address of the next rack. */
export const bmcCapacity: Rule = {
  id: 'BERTH-204',
  title: 'every slot has a BMC address of its own rack',
  *check(site) {
    const { node, bmc } = site.site.value.network;
    const highest = 2 ** bmc.rangeBits - 1;
    if (node.machineSlots.last <= highest) return;
    yield {
      place: site.site.placeOf('network', 'bmc', 'rangeBits'),
      message: `a rack has BMC addresses for slots up to ${highest}, but machine slots reach ${node.machineSlots.last}`,
      hint: 'raise network.bmc.rangeBits, or lower network.node.machineSlots.last',
    };
  },
};
