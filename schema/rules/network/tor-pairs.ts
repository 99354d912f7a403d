import type { Rule } from '../rule.ts';

/**
 * The plan counts the ToRs of all racks, so it is said there, once. One rack with one boot server is a test bench, whose
 * ToR is not all that it is lost with.
 */
export const torPairs: Rule = {
  id: 'BERTH-310',
  title: 'a rack has two ToRs at least',
  severity: 'warning',
  *check({ site, racks }) {
    const { rangesPerRack } = site.value.network.node;
    if (rangesPerRack > 2 || (racks.size < 2 && site.value.bootServers.length < 2)) return;
    yield {
      place: site.placeOf('network', 'node', 'rangesPerRack'),
      message: `rangesPerRack ${rangesPerRack} is for one ToR a rack: all of its machines are lost with it`,
      hint: 'plan for two from the start: one more range a rack, later, moves the addresses of every rack but number 0',
    };
  },
};
