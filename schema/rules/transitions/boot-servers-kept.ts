import type { Transition } from './transition.ts';

/** Those that stay know the generation in force and hold its files; with too few of them, nobody boots. */
export const bootServersKept: Transition = {
  id: 'BERTH-915',
  title: 'half of the boot servers that have joined stay, and one at least',
  *check(base, site) {
    const joined = base.site.value.bootServers.filter((server) => server.joined);
    if (joined.length === 0) return;
    const now = new Map(site.site.value.bootServers.map((server) => [server.name, server]));
    // One that moves to another rack has other addresses: nobody finds it where it was.
    const stay = joined.filter(({ name, rack }) => now.get(name)?.joined === true && now.get(name)?.rack === rack);
    const needed = Math.ceil(joined.length / 2);
    if (stay.length >= needed) return;
    const names = stay.length === 0 ? 'none' : stay.map(({ name }) => name).join(', ');
    yield {
      place: site.site.placeOf('bootServers'),
      message: `of ${joined.length} boot servers that have joined, ${names} would stay; ${needed} must`,
      hint: 'let new ones join first, and take old ones out when those serve',
    };
  },
};
