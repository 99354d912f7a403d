import type { Rule } from '../rule.ts';

/** Each boot server that takes part has a member of etcd, of which a majority must be there. */
export const bootServerQuorum: Rule = {
  id: 'BERTH-313',
  title: 'an odd number of boot servers has joined, and not just one of several',
  severity: 'warning',
  *check({ site }) {
    const { bootServers } = site.value;
    const joined = bootServers.filter((server) => server.joined).length;
    const place = site.placeOf('bootServers');
    if (joined === 1 && bootServers.length > 1) {
      const message = `1 of ${bootServers.length} boot servers has joined: without it, nothing boots or changes`;
      yield { place, message, hint: 'let three join' };
    } else if (joined > 0 && joined % 2 === 0) {
      const survives = joined / 2 - 1;
      const message = `${joined} boot servers have joined: etcd survives the loss of ${survives}, no more than with ${joined - 1}`;
      yield { place, message, hint: 'let one more join, or one less' };
    }
  },
};
