import type { BrokenSite } from '../broken-site.ts';

export const rows: readonly BrokenSite[] = [
  {
    name: 'a role that is not there',
    change: [['racks/r3.yaml', 'R405S21, slot: 10, role: ss', 'R405S21, slot: 10, role: sss']],
    found: ['BERTH-401 racks/r3.yaml:20:40'],
    says: /^R405S21 has the role sss, but there is no roles\/sss\.yaml$/,
  },
  {
    name: 'an operating system that is not pinned',
    change: [['roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.2.1']],
    found: ['BERTH-402 roles/ss.yaml:3:5'],
    says: /^role ss boots flatcar-4081\.2\.1, which releases\.yaml does not pin$/,
  },
];
