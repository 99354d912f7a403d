import type { Rule } from '../rule.ts';

/** What hangs on one power feed goes at once. With three feeds or more, none has to carry the majority that etcd needs. */
export const bootServerFeeds: Rule = {
  id: 'BERTH-314',
  title: 'boot servers that have joined are spread over power feeds',
  severity: 'warning',
  *check({ site, racks }) {
    const feedOf = new Map([...racks.values()].map(({ value }) => [value.rack, value.powerFeed]));
    const feeds = new Set(feedOf.values()).size;
    const joined = site.value.bootServers.filter((server) => server.joined);
    if (feeds < 2 || joined.length < 2) return;
    const byFeed = new Map<string, string[]>();
    for (const { name, rack } of joined) {
      const feed = feedOf.get(rack);
      if (feed === undefined) return; // BERTH-304 says so.
      const names = byFeed.get(feed) ?? [];
      names.push(name);
      byFeed.set(feed, names);
    }
    const majority = Math.floor(joined.length / 2) + 1;
    for (const [feed, names] of byFeed) {
      if (names.length < (feeds === 2 ? joined.length : majority)) continue;
      yield {
        place: site.placeOf('bootServers'),
        message: `${names.length} of ${joined.length} boot servers that have joined hang on power feed ${feed}: ${names.join(', ')}`,
        hint: 'let one join that stands in a rack with another feed',
      };
    }
  },
};
