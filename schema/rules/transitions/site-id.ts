import type { Transition } from './transition.ts';

/** The id is part of every key in etcd and of the root of the history. */
export const siteId: Transition = {
  id: 'BERTH-908',
  title: 'the site id never changes',
  *check(base, site) {
    const [old, now] = [base.site.value.site, site.site.value.site];
    if (old === now) return;
    yield {
      place: site.site.placeOf('site'),
      message: `the site ${old} would become ${now}, and boot servers refuse the history of another site`,
      hint: 'put the id back; a new site has a site repo of its own',
    };
  },
};
