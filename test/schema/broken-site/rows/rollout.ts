import type { Change } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

/** Lines of the roll-out policy, in place of that of maxDestructivePerDay, which is line 72 of site.yaml. */
const policy = (...lines: readonly string[]): Change => [
  'site.yaml',
  '  maxDestructivePerDay: 1\n',
  lines.map((line) => `  ${line}\n`).join(''),
];

/** A role of its own for the control plane: a machine in each of three racks. */
const ownControlPlane: readonly Change[] = [
  ['kubernetes/cluster.yaml', 'role: cs', 'role: control'],
  [
    'roles/control.yaml',
    '',
    'os: flatcar-4081.2.0\nignition: [common]\nkubernetes: { role: control-plane }\nvariables: { scratchDisk: /dev/disk/by-path/a }\n',
  ],
  ...[0, 1, 2].map((rack): Change => [`racks/r${rack}.yaml`, 'slot: 4, role: cs', 'slot: 4, role: control']),
];

export const rows: readonly BrokenSite[] = [
  {
    name: 'a window shorter than a restart may take',
    change: [
      policy(
        'windows:',
        '  - { days: [sat], from: "23:55", to: "00:04" }',
        '  - { days: [sun], from: "02:00", to: "02:10" }',
      ),
    ],
    found: ['BERTH-701 site.yaml:73:7'],
    says: /^the window from 23:55 to 00:04 is open for 540 seconds, but a restart may take 600$/,
  },
  {
    name: 'a deadline that no window leaves time for',
    change: [
      ['site.yaml', 'deadlineSeconds: 600', 'deadlineSeconds: 7201'],
      policy('windows: [{ days: [mon, tue], from: "22:00", to: "00:00" }]'),
    ],
    found: ['BERTH-701 site.yaml:72:13'],
    says: /^the window from 22:00 to 00:00 is open for 7200 seconds, but a restart may take 7201$/,
  },
  {
    name: 'a policy for what is not there',
    change: [
      policy(
        'waves:',
        '  - { name: first, roles: [cx], racks: [r0] }',
        '  - { name: second, racks: [r1, r9] }',
        '  - { name: third, machines: [H2RQP02, H2RQP03] }',
        'windows: [{ roles: [css], days: [sun], from: "01:00", to: "05:00" }]',
        'freezes: [{ roles: [constructor], from: 2026-12-24T00:00, to: 2027-01-04T00:00, reason: holidays }]',
        'budgets: { roles: { ss: 1, sss: 1 } }',
      ),
    ],
    found: [
      'BERTH-702 site.yaml:73:30',
      'BERTH-702 site.yaml:74:35',
      'BERTH-702 site.yaml:75:42',
      'BERTH-702 site.yaml:76:23',
      'BERTH-702 site.yaml:77:23',
      'BERTH-702 site.yaml:78:30',
    ],
    says: /^the roll-out policy names the role cx, which the site does not have$/,
  },
  {
    name: 'a freeze that ends before it begins',
    change: [policy('freezes:', '  - { from: 2026-12-24T00:00, to: 2026-01-04T00:00, reason: holidays }')],
    found: ['BERTH-703 site.yaml:73:37'],
    says: /^the freeze begins at 2026-12-24T00:00 and is over at 2026-01-04T00:00, before anything was frozen$/,
  },
  {
    name: 'a freeze on days that no calendar has',
    change: [policy('freezes:', '  - { from: 2026-02-28T00:00, to: 2026-02-29T00:00, reason: stocktaking }')],
    found: ['BERTH-703 site.yaml:73:37'],
    says: /^no calendar has the day 2026-02-29$/,
  },
  {
    name: 'a time zone that is none',
    change: [['site.yaml', 'Asia/Tokyo', 'Asia/Tokio']],
    found: ['BERTH-704 site.yaml:6:11'],
    says: /^there is no time zone Asia\/Tokio$/,
  },
  {
    name: 'a freeze that was meant for a week',
    change: [policy('freezes:', '  - { from: 2026-12-24T00:00, to: 2028-01-04T00:00, reason: holidays }')],
    found: ['BERTH-705 site.yaml:73:7'],
    says: /^from 2026-12-24T00:00 to 2028-01-04T00:00 machines of roles cs, ss may not restart at all$/,
  },
  {
    name: 'freezes between which no window opens',
    change: [
      policy(
        'windows:',
        '  - { roles: [ss], days: [sat], from: "22:00", to: "04:00" }',
        'freezes:',
        '  - { from: 2026-01-01T00:00, to: 2026-08-03T05:00, reason: moving }',
        '  - { from: 2026-08-08T22:00, to: 2027-01-01T00:00, reason: moving on }',
      ),
    ],
    found: ['BERTH-705 site.yaml:75:7'],
    says: /^from 2026-01-01T00:00 to 2027-01-01T00:00 machines of role ss may not restart at all$/,
  },
  {
    name: 'limits above all that there is',
    change: [
      ['site.yaml', 'racksAtOnce: 1', 'racksAtOnce: 5'],
      ['site.yaml', 'maxUnavailablePerRack: 4', 'maxUnavailablePerRack: 9'],
      policy('budgets: { site: 33, powerFeed: 17, roles: { ss: 9, cs: 24 } }'),
    ],
    found: [
      'BERTH-706 site.yaml:68:16',
      'BERTH-706 site.yaml:69:26',
      'BERTH-706 site.yaml:72:20',
      'BERTH-706 site.yaml:72:35',
      'BERTH-706 site.yaml:72:52',
    ],
    says: /^racksAtOnce is 5, but the site has 4 racks$/,
  },
  {
    name: 'more canaries than machines',
    change: [['site.yaml', 'canaries: 1', 'canaries: 33']],
    found: ['BERTH-706 site.yaml:70:13'],
    says: /^canaries is 33, but the site has 32 machines$/,
  },
  {
    name: 'a wave twice',
    change: [policy('waves:', '  - { name: first, racks: [r0] }', '  - { name: first, racks: [r1] }')],
    found: ['BERTH-707 site.yaml:74:15'],
    says: /^the wave first is taken already at site\.yaml:73:15$/,
  },
  {
    name: 'a wave without machines',
    change: [
      policy('waves:', '  - { name: storage, roles: [ss], machines: [FQ7K2D3, H2RQP02] }', '  - { name: rest }'),
    ],
    found: ['BERTH-707 site.yaml:73:7'],
    says: /^no machine is in the wave storage: none matches every key of it$/,
  },
  {
    name: 'a budget that may cost the control plane its quorum',
    change: [
      ...ownControlPlane,
      ['site.yaml', 'racksAtOnce: 1', 'racksAtOnce: 2'],
      policy('budgets: { roles: { control: 2 } }'),
    ],
    found: ['BERTH-708 site.yaml:72:32'],
    says: /^2 machines of role control may restart at once, but of 3 members of the control plane 1 may be away$/,
  },
  {
    name: 'more racks at once than the control plane can spare',
    change: [...ownControlPlane, ['site.yaml', 'racksAtOnce: 1', 'racksAtOnce: 3']],
    found: ['BERTH-708 site.yaml:68:16'],
    says: /^3 machines of role control may restart at once, but of 3 members of the control plane 1 may be away$/,
  },
  {
    name: 'machines in two waves',
    change: [policy('waves:', '  - { name: storage, roles: [ss] }', '  - { name: east, racks: [r3] }')],
    found: ['BERTH-709 site.yaml:74:7'],
    says: /^R405S21 and 1 more of the wave east restarts in an earlier one already: storage$/,
  },
  {
    name: 'a city without its region for a time zone',
    change: [['site.yaml', 'Asia/Tokyo', 'Tokyo']],
    found: ['BERTH-704 site.yaml:6:11'],
    says: /^there is no time zone Tokyo$/,
  },
  {
    name: 'a freeze without a minute, and one without a real day',
    change: [
      policy(
        'freezes:',
        '  - { from: 2026-12-24T00:00, to: 2026-12-24T00:00, reason: holidays }',
        '  - { from: 2026-02-30T00:00, to: 2026-04-31T00:00, reason: spring }',
      ),
    ],
    found: ['BERTH-703 site.yaml:73:37', 'BERTH-703 site.yaml:74:15', 'BERTH-703 site.yaml:74:37'],
    says: /^the freeze begins at 2026-12-24T00:00 and is over at 2026-12-24T00:00, before anything was frozen$/,
  },
  {
    name: 'freezes that overlap for a year',
    change: [
      policy(
        'freezes:',
        '  - { from: 2026-06-01T00:00, to: 2027-01-01T00:00, reason: second half }',
        '  - { from: 2026-01-01T00:00, to: 2026-07-01T00:00, reason: first half, roles: [cs] }',
      ),
    ],
    found: ['BERTH-705 site.yaml:74:7'],
    says: /^from 2026-01-01T00:00 to 2027-01-01T00:00 machines of role cs may not restart at all$/,
  },
  {
    name: 'a machine that two waves name',
    change: [
      policy(
        'waves:',
        '  - { name: canary, machines: [FQ7K2D3] }',
        '  - { name: again, machines: [FQ7K2D3, H2RQP02] }',
        '  - { name: rest }',
      ),
    ],
    found: ['BERTH-709 site.yaml:74:7'],
    says: /^FQ7K2D3 of the wave again restarts in an earlier one already: canary$/,
  },
  {
    name: 'a wave of a rack that has no machines of its role',
    change: [...ownControlPlane, policy('waves:', '  - { name: control, roles: [control], racks: [r3] }')],
    found: ['BERTH-707 site.yaml:73:7'],
    says: /^no machine is in the wave control: none matches every key of it$/,
  },
];
